// PyTorch as the peer, where a Python that has it is found: measured by a script of ours in the same run.
// A missing peer is a normal state with its reason, never an error.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ArLensError } from '../../protocol/errors';
import { SIZES } from './workload';

const run = promisify(execFile);
const SCRIPT = join('benchmarks', 'torchPeer.py');
const LONGEST = 10 * 60_000;

export interface Peer {
  readonly version: string;
  readonly threads: number;
  /** Milliseconds (train step) and tokens per second (sampling), by benchmark name. */
  readonly results: Readonly<Record<string, number>>;
}

/** @returns the peer's figures for `names`, or the sentence that says why there are none. */
export async function measurePeer(
  names: readonly string[],
  threads: number,
  signal: AbortSignal,
): Promise<Peer | string> {
  const script = findScript();
  if (script === undefined)
    return 'PyTorch was not measured: benchmarks/torchPeer.py is not beside this program.';
  const python = process.env['AR_LENS_PYTHON'] ?? 'python3';
  try {
    const request = JSON.stringify({ ...SIZES, names, threads });
    const { stdout } = await run(python, [script, request], { timeout: LONGEST, signal, maxBuffer: 2 ** 20 });
    return JSON.parse(stdout) as Peer;
  } catch (error) {
    if (signal.aborted) throw new ArLensError('cancelled', 'The benchmark was cancelled.');
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    const why =
      code === 'ENOENT'
        ? 'it is not there'
        : stderr?.includes('No module named')
          ? 'it has no torch'
          : (stderr?.trim().split('\n').at(-1) ?? 'it failed');
    return `PyTorch was not measured: ${python}: ${why}; name a Python that has it in AR_LENS_PYTHON.`;
  }
}

/** From dist/ or from src/: the first folder upwards that holds the script. */
function findScript(): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < 5; level++) {
    const path = join(folder, SCRIPT);
    if (existsSync(path)) return path;
    folder = dirname(folder);
  }
  return undefined;
}
