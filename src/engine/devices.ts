// Which devices this process can compute on, why the others not, and the choice between them.
// Sets tfjs's backend; knows no models.
import { cpus } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import {
  env,
  getKernelsForBackend,
  ready,
  registerKernel,
  setBackend,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { version } from '../../package.json';
import type { DeviceChoice, DeviceId, DeviceReport, DevicesReport } from '../protocol/engine';
import { ArLensError, toErrorRecord } from '../protocol/errors';
import { timeSteps } from './bench/workload';
import type { Computed, EngineContext, Measuring } from './context';
import { knownChoice, measuredChoice, rivalsOf, type Candidate, type Choice } from './devicesAuto';
import type { SimdFacts, SimdOptions } from './devicesSimd';
import { registerSimdDevice } from './devicesSimd';
import { tensorflowDriver, tensorflowReport, useTensorflow } from './devicesTensorflow';
import { useWebgpu, webgpuDriver, webgpuReport } from './devicesWebgpu';
import { cacheFolder } from './userFolders';
import { gpuLoss } from './webgpu/backend';
import { noteProgress } from './watchdogProgress';

export const DEVICE_CHOICES = [
  'auto',
  'simd',
  'webgpu',
  'tensorflow',
  'cpu',
] as const satisfies DeviceChoice[];

export interface DeviceOptions extends SimdOptions {
  /** Told the simd device's progress counter once it is registered. */
  readonly watch?: (cell: Int32Array) => void;
}

const CPU: DeviceReport = {
  id: 'cpu',
  label: 'Reference (cpu)',
  available: true,
  reason:
    'TensorFlow.js’s own JavaScript is always there; it is slow, and the reference that the others are compared with.',
};

/** Makes the device tfjs's backend; 'auto' is the fastest that is known. Rejects when what was asked for cannot. */
export async function selectDevice(
  choice: DeviceChoice,
  options: DeviceOptions = {},
  measuring?: Measuring,
  computed?: Computed,
): Promise<DeviceReport> {
  switch (choice) {
    case 'auto':
      return selectFastest(options, measuring, computed);
    case 'simd':
    case 'webgpu':
    case 'tensorflow':
    case 'cpu':
      return use(requireAvailable(await reportOf(choice, options)));
    default:
      return choice satisfies never;
  }
}

/** Every device there is in principle. Registers the simd device to find out, but selects nothing. */
export async function reportDevices(options: DeviceOptions = {}): Promise<DevicesReport> {
  const devices = await Promise.all(
    (['simd', 'webgpu', 'tensorflow', 'cpu'] as const).map((id) => reportOf(id, options)),
  );
  const choice = await autoChoice(devices);
  return { devices, auto: choice.id, autoReason: choice.reason };
}

/** The context of one process. A device chosen at its start, unless 'auto', beats what a spec wishes for. */
export function createEngineContext(
  chosen: { readonly device?: DeviceChoice } & DeviceOptions,
): EngineContext {
  let selected: Promise<DeviceReport> | undefined;
  return {
    async device(wish = 'auto', measuring, computed) {
      const choice = chosen.device === undefined || chosen.device === 'auto' ? wish : chosen.device;
      if (selected === undefined) {
        selected = selectDevice(choice, chosen, measuring, computed);
        selected.catch(() => (selected = undefined)); // another wish may work
      }
      const device = await selected;
      const lost = device.id === 'webgpu' ? gpuLoss() : undefined;
      if (lost) throw lost;
      return device;
    },
    devices: () => reportDevices(chosen),
  };
}

async function selectFastest(
  options: DeviceOptions,
  measuring?: Measuring,
  computed?: Computed,
): Promise<DeviceReport> {
  const devices = await Promise.all(
    (['simd', 'webgpu', 'tensorflow'] as const).map((id) => reportOf(id, options)),
  );
  const [simd] = devices;
  // A build that was asked for by name is not to be replaced by something else in silence.
  if (simd && (options.instructionSet ?? 'auto') !== 'auto') return use(requireAvailable(simd));
  const { id, reason, leftOut } = await autoChoice(devices, measuring, computed);
  if (id === 'cpu') return use({ ...CPU, reason });
  const chosen = await use(devices.find((device) => device.id === id) ?? CPU);
  if (leftOut === undefined) return chosen;
  await measuring?.say(`${id} computes: ${leftOut}`);
  return { ...chosen, reason: `${chosen.reason} ${leftOut}` };
}

/** Of what runs at its own speed; the reference only where nothing else does. */
async function autoChoice(
  devices: readonly DeviceReport[],
  measuring?: Measuring,
  computed?: Computed,
): Promise<Choice & { readonly leftOut?: string }> {
  const { rivals, leftOut } = rivalsOf(devices, computed);
  const choice = await choiceOf(rivals, devices, measuring);
  return leftOut === undefined ? choice : { ...choice, reason: `${choice.reason} ${leftOut}`, leftOut };
}

async function choiceOf(
  rivals: readonly DeviceReport[],
  devices: readonly DeviceReport[],
  measuring?: Measuring,
): Promise<Choice> {
  if (rivals.length === 0) {
    const simd = devices.find(({ id }) => id === 'simd');
    return { id: 'cpu', reason: `It runs because simd cannot: ${simd?.reason ?? 'it is not here.'}` };
  }
  const candidates = await Promise.all(rivals.map(candidate));
  const file = join(cacheFolder(), 'devices.json');
  const known = await knownChoice(candidates, file);
  if (known) return known;
  if (measuring) return measuredChoice(candidates, file, measuring, timeSteps);
  const id = rivals.some((device) => device.id === 'simd') ? 'simd' : (rivals[0]?.id ?? 'cpu');
  return { id, reason: `${id} until the first training measures it against the others that run here.` };
}

async function candidate(device: DeviceReport): Promise<Candidate> {
  const driver = {
    simd: () => `${device.instructionSet} ${device.threads} ${cpus()[0]?.model}`,
    webgpu: webgpuDriver,
    tensorflow: () => tensorflowDriver(device),
    cpu: () => '',
  }[device.id];
  const key = [device.id, await driver(), version, process.versions.node].join(' | ');
  return { id: device.id, key, use: () => use(device) };
}

function reportOf(id: DeviceId, options: DeviceOptions): Promise<DeviceReport> {
  switch (id) {
    case 'simd':
      return simdReport(options);
    case 'webgpu':
      return webgpuReport();
    case 'tensorflow':
      return tensorflowReport();
    case 'cpu':
      return Promise.resolve(CPU);
    default:
      return id satisfies never;
  }
}

/** What is registered now, and as what: tfjs knows one backend of a name, so that other options replace it. */
let registered: { readonly key: string; readonly facts: Promise<SimdFacts> } | undefined;

function registerOnce(options: DeviceOptions): Promise<SimdFacts> {
  const key = `${options.instructionSet ?? 'auto'} ${options.threads ?? 'all'}`;
  if (registered?.key === key) return registered.facts;
  const facts = registerSimdDevice(options).then((made) => {
    options.watch?.(made.progress);
    return made;
  });
  const mine = { key, facts };
  registered = mine;
  facts.catch(() => {
    if (registered === mine) registered = undefined;
  });
  return facts;
}

async function simdReport(options: DeviceOptions): Promise<DeviceReport> {
  const label = 'AR Lens kernels (simd)';
  try {
    const { instructionSet, threads, notFaster } = await registerOnce(options);
    const where = `with ${instructionSet} on ${threads} thread${threads === 1 ? '' : 's'}`;
    const reason = `Its kernels run here ${where}${notFaster === '' ? '' : `; not faster, because ${notFaster}`}.`;
    return { id: 'simd', label, available: true, reason, instructionSet, threads };
  } catch (error) {
    return { id: 'simd', label, available: false, reason: sentence(toErrorRecord(error).message) };
  }
}

function requireAvailable(report: DeviceReport): DeviceReport {
  if (report.available) return report;
  throw new ArLensError(
    'unsupported',
    `The device "${report.id}" cannot be used: ${report.reason}`,
    'Choose "auto".',
  );
}

async function use(report: DeviceReport): Promise<DeviceReport> {
  env().set('PROD', true); // silences tfjs's advertising of another backend, and nothing else
  if (report.id === 'cpu') showProgressOfCpu();
  if (report.id === 'webgpu') await useWebgpu();
  if (report.id === 'tensorflow') await useTensorflow();
  if (!(await setBackend(report.id))) {
    throw new ArLensError('unsupported', `The device "${report.id}" did not start.`, 'Choose "auto".');
  }
  await ready();
  return report;
}

let cpuShowsProgress = false;

/** The reference's kernels hold the main thread without telling anyone that they move: each call now does. */
function showProgressOfCpu(): void {
  if (cpuShowsProgress) return;
  cpuShowsProgress = true;
  for (const kernel of getKernelsForBackend('cpu' satisfies DeviceId)) {
    const { kernelFunc } = kernel;
    unregisterKernel(kernel.kernelName, kernel.backendName);
    registerKernel({
      ...kernel,
      kernelFunc: (call) => {
        noteProgress();
        return kernelFunc(call);
      },
    });
  }
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
