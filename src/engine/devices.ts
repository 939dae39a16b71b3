// Which devices this process can compute on, why the others not, and the choice between them.
// Sets tfjs's backend; knows no models.
import '@tensorflow/tfjs-backend-cpu';
import {
  env,
  getKernelsForBackend,
  ready,
  registerKernel,
  setBackend,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import type { DeviceChoice, DeviceId, DeviceReport, DevicesReport } from '../protocol/engine';
import { ArLensError, toErrorRecord } from '../protocol/errors';
import type { EngineContext } from './context';
import type { SimdFacts, SimdOptions } from './devicesSimd';
import { registerSimdDevice } from './devicesSimd';
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

/** Makes the device tfjs's backend; 'auto' is the fastest that works. Rejects when what was asked for cannot. */
export async function selectDevice(choice: DeviceChoice, options: DeviceOptions = {}): Promise<DeviceReport> {
  switch (choice) {
    case 'auto': {
      const simd = await simdReport(options);
      if (simd.available) return use(simd);
      // A build that was asked for by name is not to be replaced by something slower in silence.
      if ((options.instructionSet ?? 'auto') !== 'auto') throw unavailable(simd);
      return use({ ...CPU, reason: `It runs because simd cannot: ${simd.reason}` });
    }
    case 'simd': {
      const simd = await simdReport(options);
      if (!simd.available) throw unavailable(simd);
      return use(simd);
    }
    case 'cpu':
      return use(CPU);
    case 'webgpu':
    case 'tensorflow':
      throw unavailable(later(choice));
    default:
      return choice satisfies never;
  }
}

/** Every device there is in principle. Registers the simd device to find out, but selects nothing. */
export async function reportDevices(options: DeviceOptions = {}): Promise<DevicesReport> {
  const simd = await simdReport(options);
  return {
    devices: [simd, later('webgpu'), later('tensorflow'), CPU],
    auto: simd.available ? 'simd' : 'cpu',
  };
}

/** The context of one process. A device chosen at its start, unless 'auto', beats what a spec wishes for. */
export function createEngineContext(
  chosen: { readonly device?: DeviceChoice } & DeviceOptions,
): EngineContext {
  let selected: Promise<DeviceReport> | undefined;
  return {
    device(wish = 'auto') {
      const choice = chosen.device === undefined || chosen.device === 'auto' ? wish : chosen.device;
      if (selected === undefined) {
        selected = selectDevice(choice, chosen);
        selected.catch(() => (selected = undefined)); // another wish may work
      }
      return selected;
    },
    devices: () => reportDevices(chosen),
  };
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

function later(id: 'webgpu' | 'tensorflow'): DeviceReport {
  const label = id === 'webgpu' ? 'GPU (webgpu)' : 'TensorFlow (tensorflow)';
  return { id, label, available: false, reason: 'It is not part of this version; use simd or auto.' };
}

function unavailable({ id, reason }: DeviceReport): ArLensError {
  return new ArLensError('unsupported', `The device "${id}" cannot be used: ${reason}`, 'Choose "auto".');
}

async function use(report: DeviceReport): Promise<DeviceReport> {
  env().set('PROD', true); // silences tfjs's advertising of another backend, and nothing else
  if (report.id === 'cpu') showProgressOfCpu();
  await setBackend(report.id);
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
