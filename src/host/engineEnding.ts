// Turns the way an engine process ended into a reason, one sentence and one action. Knows no process.
import type { ErrorRecord } from '../protocol/errors';
import { ArLensError, toErrorRecord } from '../protocol/errors';
import type { Started } from '../protocol/process';

export interface Ending {
  /** 'The engine' or 'The training process'. */
  readonly title: string;
  readonly code?: number | null;
  readonly signal?: string | null;
  /** The process could not be started or spoken to. */
  readonly problem?: unknown;
  readonly lastLines: readonly string[];
  readonly lastWords: ErrorRecord | undefined;
  readonly started: Started | undefined;
  readonly intended: string | undefined;
}

const RESTART = 'Restart the engine.';

export function describeEnding(ending: Ending): ArLensError {
  const { title, intended, lastWords, started } = ending;
  if (intended !== undefined) return new ArLensError('engineGone', intended);
  if (ending.problem !== undefined) {
    const detail = toErrorRecord(ending.problem).message;
    return new ArLensError(
      'engineGone',
      `${title} could not be started: ${detail}.`,
      'Check the installation and the path of node; the log says more.',
    );
  }
  if (ending.lastLines.some((line) => /heap out of memory|Array buffer allocation failed/i.test(line))) {
    const heap = started === undefined ? '' : ` of ${memorySize(started.heapLimit)}`;
    const machine = started === undefined ? '' : ` (the machine has ${memorySize(started.machineMemory)})`;
    return new ArLensError(
      'outOfMemory',
      `${title} ran out of memory: JavaScript's heap${heap} is full${machine}.`,
      'Restart the engine and use a smaller file or model.',
    );
  }
  if (lastWords !== undefined) {
    const action = lastWords.action ?? RESTART;
    return new ArLensError(lastWords.reason, `${title} ended: ${lastWords.message}`, action);
  }
  if (ending.signal === 'SIGKILL') {
    const machine = started === undefined ? '' : ` (the machine has ${memorySize(started.machineMemory)})`;
    return new ArLensError(
      'engineGone',
      `${title} was killed (SIGKILL), by someone or by the system when memory${machine} ran short.`,
      RESTART,
    );
  }
  const how = ending.signal ? `by ${ending.signal}` : `with exit code ${ending.code}`;
  const when = started === undefined ? ' before it was ready' : '';
  return new ArLensError('engineGone', `${title} ended${when} ${how}.`, `${RESTART} The log says more.`);
}

function memorySize(bytes: number): string {
  const size = bytes / 1024 ** 3;
  return size < 1 ? `${Math.round(size * 1024)} MiB` : `${size.toFixed(size < 10 ? 1 : 0)} GiB`;
}
