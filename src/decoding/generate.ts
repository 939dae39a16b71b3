// Elements one after another from any step function. Knows the decoder's contract and no family.
import type { Decoder } from '../families/family';
import type { UniformSource } from '../math/rng';
import { ArLensError } from '../protocol/errors';
import { checkFilterOptions, filter, type Filtered, type FilterOptions } from './filter';

export interface GenerateOptions extends FilterOptions {
  /** What stands before the first sampled element, BOS included: at least one element. */
  readonly prompt: readonly number[];
  /** How many elements to sample. */
  readonly length: number;
  readonly random: UniformSource;
  /** What to keep of all elements so far when the decoder has no room; it is fed anew. */
  readonly slide: (elements: readonly number[]) => readonly number[];
  readonly signal?: AbortSignal;
  /** Ids that end the sample; the element itself is still given out. */
  readonly stop?: (id: number) => boolean;
}

export interface GeneratedElement {
  readonly id: number;
  /** Nats under the model's own distribution: before temperature and cuts. */
  readonly logProb: number;
  readonly filtered: Filtered;
}

/** @throws ArLensError 'cancelled' once the signal is aborted. The decoder stays the caller's to dispose. */
export async function* generate(
  decoder: Decoder,
  options: GenerateOptions,
): AsyncGenerator<GeneratedElement, void> {
  checkFilterOptions(options);
  const { prompt, length, random, slide, signal, stop } = options;
  if (prompt.length === 0)
    throw new RangeError('generate: expected a prompt of at least one element, got none');
  if (!Number.isInteger(length) || length < 0) {
    throw new ArLensError('badInput', `length: expected a whole number of at least 0, got ${length}.`);
  }
  const elements = [...prompt];
  if (length === 0) return;
  throwIfCancelled(signal);
  decoder.reset();
  let logits = await decoder.prefill(prompt.length > decoder.room ? slide(elements) : prompt);
  for (let drawn = 0; drawn < length; drawn++) {
    throwIfCancelled(signal);
    const filtered = filter(logits, options);
    const id =
      options.temperature === 0 ? filtered.probability.indexOf(1) : pick(filtered.probability, random);
    elements.push(id);
    yield { id, logProb: filtered.logProb[id] ?? NaN, filtered };
    if (drawn + 1 === length || stop?.(id)) return;
    throwIfCancelled(signal);
    if (decoder.room > 0) {
      logits = await decoder.step(id);
    } else {
      decoder.reset();
      logits = await decoder.prefill(slide(elements));
    }
  }
}

/** @returns an id with the chance its probability gives it, never one of probability 0. */
export function pick(probability: Float64Array, random: UniformSource): number {
  const target = random.uniform();
  let sum = 0;
  let last = -1;
  for (let id = 0; id < probability.length; id++) {
    const value = probability[id] ?? 0;
    if (value === 0) continue;
    sum += value;
    last = id;
    if (target < sum) return id;
  }
  if (last < 0) throw new RangeError('pick: expected a distribution, got only zeros');
  return last; // rounding left the sum a little below 1
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
