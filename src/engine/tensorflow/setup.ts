// Sets TensorFlow up: a plan that says what it costs, the deed, and its undoing. This is the one thing in AR Lens that
// uses the network while it runs: Python's own installer does, and only at a person's word. A setup that fails or is
// cancelled takes away what it made.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, rmdir, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeFileAtomic } from '../../formats/atomicFile';
import { ArLensError } from '../../protocol/errors';
import {
  PYTHON_OPTION,
  type SetupParams,
  type SetupPlan,
  type SetupProgress,
  type SetupResult,
} from '../../protocol/tensorflowSetup';
import type { CallContext } from '../../protocol/calls';
import { compileBinding, findCompiler, findSources } from './binding';
import { lastLine, runProgram, type RunOptions } from './child';
import { hasCudaDriver } from './cudaDriver';
import {
  libraries,
  PLATFORM,
  recordFile,
  tensorflowFolder,
  UNDER_ELECTRON,
  underElectron,
  type Installation,
} from './installation';
import { probe } from './probe';
import { findPython, type Python } from './python';

/** Measured on Linux x64 with the wheels of this version for Python 3.11. */
const VERSION = '2.21.0';
const PACKAGES = {
  cpu: { name: `tensorflow-cpu==${VERSION}`, alone: true, download: 273.8e6, disk: 1.36e9 },
  cuda: { name: `tensorflow[and-cuda]==${VERSION}`, alone: false, download: 3.44e9, disk: 6.5e9 },
  plain: { name: `tensorflow==${VERSION}`, alone: true, download: 300e6, disk: 1.5e9 },
} as const;

type Package = (typeof PACKAGES)[keyof typeof PACKAGES];

/** What this machine has; each its own answer when absent. */
export interface Machine {
  /** Bytes at a folder. */
  readonly free?: (folder: string) => Promise<number>;
  /** Whether there is a driver for CUDA cards. */
  readonly cudaDriver?: boolean;
}

export async function planSetup(
  { python: named }: SetupParams,
  signal: AbortSignal,
  machine: Machine = {},
): Promise<SetupPlan> {
  return (await prepare(named, signal, machine)).plan;
}

export async function setUp(
  { python: named }: SetupParams,
  { signal, progress }: CallContext<SetupProgress>,
): Promise<SetupResult> {
  const { plan, python, wanted } = await prepare(named, signal);
  const say = (sentence: string): Promise<void> => progress({ sentence });
  // Beside an earlier setup, which stands until this one is checked.
  await mkdir(plan.folder, { recursive: true });
  const folder = await mkdtemp(join(plan.folder, 'setup-'));
  try {
    // What pip and the compiler put by goes where the room was measured, and away with the rest.
    const scratch = join(folder, 'scratch');
    await mkdir(scratch);
    const env = { ...process.env, TMPDIR: scratch };
    const found = wanted
      ? await install(python, wanted, folder, { signal, say, env })
      : python.tensorflow?.folder;
    if (found === undefined) throw new Error('setUp: expected a TensorFlow, got none');
    const binding = join(folder, 'tfjs_binding.node');
    await say('Building the bridge to TensorFlow: some seconds.');
    const compiler = await findCompiler(signal);
    await compileBinding(
      { compiler, sources: findSources(), folder: found, target: binding },
      { signal, env },
    );
    await rm(scratch, { recursive: true, force: true });
    await say('Checking that it computes what the reference does.');
    const { version, cuda } = await probe(binding, signal);
    const record: Installation = { format: 1, version, package: found, binding, platform: PLATFORM, cuda };
    await writeFileAtomic(recordFile(), `${JSON.stringify(record, null, 2)}\n`);
    await keepOnly([basename(folder), basename(recordFile())], plan.folder);
    return { sentence: ready(record, hasCudaDriver()) };
  } catch (error) {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    await rmdir(plan.folder).catch(() => undefined); // an earlier setup in it keeps it
    throw namedFailure(error, plan.folder);
  }
}

async function keepOnly(kept: readonly string[], folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!kept.includes(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Takes away what setup made, and nothing else: a Python that was there before keeps its TensorFlow. */
export async function removeSetup(): Promise<SetupResult> {
  const folder = tensorflowFolder();
  if (!existsSync(folder)) return { sentence: 'TensorFlow was not set up: there is nothing to remove.' };
  await rm(folder, { recursive: true, force: true });
  return { sentence: `TensorFlow is removed: ${folder} is gone.` };
}

interface Prepared {
  readonly plan: SetupPlan;
  readonly python: Python;
  /** Absent when this Python has a TensorFlow already. */
  readonly wanted?: Package;
}

/** Everything that can be known to fail fails here, before anything is downloaded. */
async function prepare(
  named: string | undefined,
  signal: AbortSignal,
  { free = freeSpace, cudaDriver = hasCudaDriver() }: Machine = {},
): Promise<Prepared> {
  if (underElectron()) {
    const { sentence, action } = UNDER_ELECTRON;
    throw new ArLensError('unsupported', `${sentence}.`, `${action[0]?.toUpperCase()}${action.slice(1)}.`);
  }
  if (process.platform === 'win32') {
    throw new ArLensError(
      'unsupported',
      'TensorFlow for Windows does not bring the library that the device needs.',
      'Use WSL, or the device "webgpu".',
    );
  }
  findSources();
  await findCompiler(signal);
  const python = await findPython(named, signal);
  const has =
    python.tensorflow !== undefined && libraries(python.tensorflow.folder).every((file) => existsSync(file));
  const wanted = has ? undefined : choosePackage(cudaDriver);
  const folder = tensorflowFolder();
  const freeBytes = await free(folder);
  const [downloadBytes, diskBytes] = wanted ? [wanted.download, wanted.disk] : [0, 1e6];
  if (freeBytes < downloadBytes + diskBytes) {
    throw new ArLensError(
      'diskFull',
      `TensorFlow needs ${size(downloadBytes + diskBytes)} in ${folder} while it is set up, and ${size(freeBytes)} are free.`,
      `Make room, or name a Python that has TensorFlow with ${PYTHON_OPTION}.`,
    );
  }
  const sentence = wanted
    ? `Python ${python.version} (${python.executable}) will make an environment and download ${wanted.name} with pip: about ${size(downloadBytes)} from the network, about ${size(diskBytes)} on disk in ${folder}.`
    : `TensorFlow ${python.tensorflow?.version} of ${python.executable} will be used where it is: nothing is downloaded, about 1 MB goes to ${folder}.`;
  const plan: SetupPlan = {
    python: python.executable,
    ...(wanted ? { package: wanted.name } : {}),
    ...{ downloadBytes, diskBytes, folder, freeBytes, sentence },
  };
  return { plan, python, ...(wanted ? { wanted } : {}) };
}

/** A CUDA driver decides: without one, the library that knows no card is a tenth of the size. */
function choosePackage(cudaDriver: boolean): Package {
  if (process.platform !== 'linux' || process.arch !== 'x64') return PACKAGES.plain;
  return cudaDriver ? PACKAGES.cuda : PACKAGES.cpu;
}

/** @returns the package's folder */
async function install(
  python: Python,
  wanted: Package,
  folder: string,
  { signal, say, env }: RunOptions & { say: (sentence: string) => Promise<void> },
): Promise<string> {
  const environment = join(folder, 'python');
  await say('Making a Python environment.');
  const made = await runProgram(python.executable, ['-m', 'venv', environment], { signal, env });
  if (made.code !== 0) {
    throw new ArLensError('unsupported', `Python made no environment: ${lastLine(made.text)}.`);
  }
  const own = join(environment, 'bin', 'python');
  await say(`Downloading and installing ${wanted.name}: about ${size(wanted.download)}.`);
  const options = ['--disable-pip-version-check', '--no-input', '--no-cache-dir', '--progress-bar', 'off'];
  const { code, text } = await runProgram(
    own,
    ['-m', 'pip', 'install', ...options, ...(wanted.alone ? ['--no-deps'] : []), wanted.name],
    { signal, env, onLine: (line) => void say(installerWords(line)).catch(() => undefined) },
  );
  if (code !== 0)
    throw new ArLensError('unsupported', `pip could not install ${wanted.name}: ${lastLine(text)}.`);
  const found = (await findPython(own, signal)).tensorflow?.folder;
  if (found !== undefined) return found;
  throw new ArLensError('unsupported', `pip installed ${wanted.name}, and Python does not find it.`);
}

function installerWords(line: string): string {
  const file = /Downloading (\S+) \(([^)]+)\)/.exec(line);
  if (file) return `Downloading ${file[1]?.split('-')[0]}, ${file[2]}.`;
  return /^Installing/.test(line) ? 'Unpacking what was downloaded.' : 'Downloading and installing.';
}

export function ready({ version, cuda }: Installation, cudaDriver: boolean): string {
  if (cuda) return `TensorFlow ${version} is set up and computes on the CUDA card.`;
  const why = cudaDriver ? 'it does not reach the CUDA card' : 'there is no CUDA driver here';
  return `TensorFlow ${version} is set up and computes on the processor, as ${why}.`;
}

function namedFailure(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || (error instanceof Error && /No space left/i.test(error.message))) {
    return new ArLensError(
      'diskFull',
      `There is no space left for TensorFlow in ${folder}.`,
      'Make room, and try again.',
    );
  }
  return error;
}

async function freeSpace(folder: string): Promise<number> {
  let place = folder;
  while (!(await stat(place).catch(() => undefined)) && dirname(place) !== place) place = dirname(place);
  const { bavail, bsize } = await statfs(place);
  return bavail * bsize;
}

function size(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;
}
