// Long arithmetic in the interactive engine, in pieces: other calls get their turn in between, and a cancel is heard.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ArLensError } from '../../protocol/errors';

/** Milliseconds of arithmetic before others get their turn. */
const SLICE = 40;

/**
 * Runs a generator to its end.
 * @param onShare hears what the generator yields, once a slice.
 */
export async function inTurns<T>(
  work: Generator<number, T>,
  signal: AbortSignal,
  onShare: (share: number) => Promise<void>,
): Promise<T> {
  let began = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - began < SLICE) continue;
    await onShare(step.value);
    await nextTurn();
    if (signal.aborted) throw new ArLensError('cancelled', 'The analysis was cancelled.');
    began = performance.now();
  }
}
