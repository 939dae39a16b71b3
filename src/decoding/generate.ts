// Elements one after another from any step function. Knows the decoder's contract and no family.
import type { Decoder } from '../families/family';
import { ArLensError } from '../protocol/errors';
import { checkDrawnFromOptions, drawnFrom, type DrawnFromOptions } from './drawnFrom';
import type { Filtered } from './filter';
import { gumbelDraw, type GumbelDraw } from './gumbel';

export interface GenerateOptions extends DrawnFromOptions {
  /** What stands before the first sampled element, BOS included: at least one element. */
  readonly prompt: readonly number[];
  /** How many elements to sample. */
  readonly length: number;
  /** Everything random follows from it. */
  readonly seed: number;
  /** Number of the first draw in the seed's sequence; 0 when absent. */
  readonly firstDraw?: number;
  /** What to keep of all elements so far when the decoder has no room; it is fed anew. */
  readonly slide: (elements: readonly number[]) => readonly number[];
  readonly signal?: AbortSignal;
  /** Told each element once, in order; true ends the sample, and the element itself is still given out, as its last. */
  readonly stop?: (id: number) => boolean;
}

export interface GeneratedElement {
  readonly id: number;
  /** Nats under the model's own distribution: before temperature and cuts. */
  readonly logProb: number;
  readonly filtered: Filtered;
  /** The draw that chose it, laid open. */
  readonly draw: GumbelDraw;
  /** Nothing comes after it: the length is reached, or it was told to stop. */
  readonly last: boolean;
}

/** @throws ArLensError 'cancelled' once the signal is aborted. The decoder stays the caller's to dispose. */
export async function* generate(
  decoder: Decoder,
  options: GenerateOptions,
): AsyncGenerator<GeneratedElement, void> {
  checkDrawnFromOptions(options);
  const { prompt, length, seed, firstDraw = 0, slide, signal, stop } = options;
  if (prompt.length === 0)
    throw new RangeError('generate: expected a prompt of at least one element, got none');
  if (!Number.isInteger(length) || length < 0) {
    throw new ArLensError('badInput', `length: expected a whole number of at least 0, got ${length}.`);
  }
  const elements = [...prompt];
  const seen = new Set(prompt);
  if (length === 0) return;
  throwIfCancelled(signal);
  decoder.reset();
  let logits = await decoder.prefill(prompt.length > decoder.room ? slide(elements) : prompt);
  for (let drawn = 0; drawn < length; drawn++) {
    throwIfCancelled(signal);
    const filtered = drawnFrom(logits, seen, options);
    const draw = gumbelDraw(filtered.probability, seed, firstDraw + drawn);
    const id = draw.winner;
    elements.push(id);
    seen.add(id);
    const last = stop?.(id) === true || drawn + 1 === length;
    yield { id, logProb: filtered.logProb[id] ?? NaN, filtered, draw, last };
    if (last) return;
    throwIfCancelled(signal);
    if (decoder.room > 0) {
      logits = await decoder.step(id);
    } else {
      decoder.reset();
      logits = await decoder.prefill(slide(elements));
    }
  }
}

/**
 * The usual way to make room: feed the latest half of a context anew, which costs little per element. A BOS in front
 * goes with the rest: before the middle of a text it would claim that the text starts there.
 */
export function keepLatestHalf(context: number): (elements: readonly number[]) => readonly number[] {
  const keep = Math.max(1, Math.floor(context / 2));
  return (elements) => elements.slice(-keep);
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ArLensError('cancelled', 'Sampling was cancelled.');
}
