// Runs the built command line as a person would: a process of its own, its two streams and its exit code.
// Builds it first when a source is newer, so that a test never judges yesterday's program.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, globSync, statSync } from './files';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..', '..');
const PROGRAM = join(ROOT, 'dist', 'cli.mjs');

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

export function startCli(
  words: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly onOutput?: (text: string) => void;
  } = {},
): Started {
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    options.onOutput?.(text);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, finished };
}

export function cli(words: readonly string[], cwd = ROOT, env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return startCli(words, { cwd, env }).finished;
}

/** Call once before the tests of a file. */
export function ensureBuilt(): void {
  const built = existsSync(PROGRAM) ? statSync(PROGRAM).mtimeMs : 0;
  const newest = Math.max(...globSync(join(ROOT, 'src'), '.ts').map((path) => statSync(path).mtimeMs));
  if (built >= newest && existsSync(join(ROOT, 'dist', 'kernels'))) return;
  execFileSync(process.execPath, ['scripts/build.mjs', 'kernels', 'cli'], { cwd: ROOT, stdio: 'pipe' });
}
