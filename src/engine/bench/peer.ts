// PyTorch as the peer, where a Python that has it is found: measured by a script of ours in the same run.
// A missing peer is a normal state with its reason, never an error.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ArLensError } from '../../protocol/errors';
import { IMAGE_SIZES } from './imageWorkload';
import { SIZES } from './workload';

const run = promisify(execFile);
const SCRIPT = join('benchmarks', 'torchPeer.py');
const IMAGE_SCRIPT = join('benchmarks', 'torchImagePeer.py');
const LONGEST = 10 * 60_000;

/** What the peer computes on, so that like is compared with like. */
export interface PeerPlace {
  readonly threads: number;
  /** On the graphics card, where its PyTorch reaches one. */
  readonly card: boolean;
}

export interface Peer {
  readonly version: string;
  /** The card's name, or `cpu`. */
  readonly device: string;
  /** Milliseconds (train step) and tokens per second (sampling), by benchmark name. */
  readonly results: Readonly<Record<string, number>>;
}

/** @returns the peer's figures for `names`, or the sentence that says why there are none. */
export async function measurePeer(
  names: readonly string[],
  place: PeerPlace,
  signal: AbortSignal,
): Promise<Peer | string> {
  const script = findScript(SCRIPT);
  if (script === undefined)
    return 'PyTorch was not measured: benchmarks/torchPeer.py is not beside this program.';
  const python = pythonOf();
  try {
    const request = JSON.stringify({ ...SIZES, names, ...place });
    const { stdout } = await run(python, [script, request], { timeout: LONGEST, signal, maxBuffer: 2 ** 20 });
    return JSON.parse(stdout) as Peer;
  } catch (error) {
    if (signal.aborted) throw new ArLensError('cancelled', 'The benchmark was cancelled.');
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    return unmeasured(python, code, stderr);
  }
}

/** A peer that stays, and is asked for one figure at a time: the two programs take turns. */
export interface OpenPeer {
  readonly version: string;
  /** The card's name, or `cpu`. */
  readonly device: string;
  /** In the benchmark's unit; null when it has ended. */
  measure(name: string): Promise<number | null>;
  close(): void;
}

/** @returns the peer of images, or the sentence that says why there is none. */
export async function openImagePeer(place: PeerPlace, signal: AbortSignal): Promise<OpenPeer | string> {
  const script = findScript(IMAGE_SCRIPT);
  if (script === undefined)
    return 'PyTorch was not measured: benchmarks/torchImagePeer.py is not beside this program.';
  const python = pythonOf();
  const request = JSON.stringify({ ...IMAGE_SIZES, ...place });
  const child = spawn(python, [script, request], { signal, stdio: ['pipe', 'pipe', 'pipe'] });
  let stderr = '';
  let code: unknown;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.on('error', (error: NodeJS.ErrnoException) => (code = error.code));
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    const line = await lines.next();
    return line.done === true ? undefined : (JSON.parse(line.value) as unknown);
  };
  const first = (await answer()) as { version: string; device: string } | undefined;
  if (signal.aborted) throw new ArLensError('cancelled', 'The benchmark was cancelled.');
  if (!first) return unmeasured(python, code, stderr);
  return {
    version: first.version,
    device: first.device,
    measure: async (name) => {
      child.stdin.write(`${name}\n`);
      const found = (await answer()) as { value: number } | undefined;
      if (signal.aborted) throw new ArLensError('cancelled', 'The benchmark was cancelled.');
      return found?.value ?? null;
    },
    close: () => child.stdin.end(),
  };
}

function pythonOf(): string {
  return process.env['AR_LENS_PYTHON'] ?? 'python3';
}

function unmeasured(python: string, code: unknown, stderr = ''): string {
  const why =
    code === 'ENOENT'
      ? 'it is not there'
      : stderr.includes('No module named')
        ? 'it has no torch'
        : stderr.trim().split('\n').at(-1) || 'it failed';
  return `PyTorch was not measured: ${python}: ${why}; name a Python that has it in AR_LENS_PYTHON.`;
}

/** From dist/ or from src/: the first folder upwards that holds the script. */
function findScript(script: string): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < 5; level++) {
    const path = join(folder, script);
    if (existsSync(path)) return path;
    folder = dirname(folder);
  }
  return undefined;
}
