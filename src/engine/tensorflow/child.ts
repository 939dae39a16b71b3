// Runs one program of a setup to its end: its lines as they come, its end at a cancel. Knows no Python.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ArLensError } from '../../protocol/errors';

export interface Ended {
  readonly code: number | null;
  /** What was written, both streams together. */
  readonly text: string;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Each line as it comes. */
  readonly onLine?: (line: string) => void;
  /** The process's own when absent. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/**
 * Once it has ended, so that what it wrote can be taken away: a cancel waits for that too.
 * @throws ArLensError 'cancelled' when the signal ends it, 'notFound' when there is no such program
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { signal, onLine, env }: RunOptions,
): Promise<Ended> {
  const lines: string[] = [];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], signal, env: env ?? process.env });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      onLine?.(line);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) {
        const cancelled = (): void => reject(new ArLensError('cancelled', 'The setup was cancelled.'));
        if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) cancelled();
        else child.once('exit', cancelled);
      } else if (error.code === 'ENOENT')
        reject(new ArLensError('notFound', `There is no program ${program}.`));
      else reject(error);
    });
    child.once('close', (code) => resolve({ code, text: lines.join('\n') }));
  });
}

/** The last line that says something, for a sentence. */
export function lastLine(text: string): string {
  const line = text
    .trim()
    .split('\n')
    .filter((each) => each.trim() !== '')
    .at(-1);
  // Where packages come from is the installer's business, not ours to repeat.
  return (line ?? 'it said nothing')
    .replace(/https?:\/\/\S+/g, '…')
    .trim()
    .replace(/[.\s]+$/, '');
}
