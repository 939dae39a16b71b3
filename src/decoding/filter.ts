// From logits to what may be drawn: temperature, then top-k, top-p, min-p, each over what the one before left
// (the order of Hugging Face's generate). All in double precision. Knows no model and no generator.
import { ArLensError } from '../protocol/errors';
import { argmax, logSoftmax, type LogitsLike } from './distribution';

export interface FilterOptions {
  /** 1 when absent; 0 is argmax by branch and leaves the filters nothing to cut. */
  readonly temperature?: number;
  /** Keeps the k most likely; of equals at the edge, the lower ids. */
  readonly topK?: number;
  /** Keeps the shortest prefix of the sorted distribution whose sum is at least p; at least one. */
  readonly topP?: number;
  /** Keeps what is at least this share of the most likely. */
  readonly minP?: number;
}

export interface Cut {
  readonly by: 'topK' | 'topP' | 'minP';
  /** Ids cut, and their probability in the distribution this filter was given. */
  readonly count: number;
  readonly mass: number;
}

export interface Filtered {
  /** Nats, the model's own distribution: before temperature and cuts. */
  readonly logProb: Float64Array;
  /** What is drawn from: sums to 1, 0 where cut. */
  readonly probability: Float64Array;
  /** Ids with a probability left. */
  readonly kept: number;
  /** One entry per filter that was asked for, in order. */
  readonly cuts: readonly Cut[];
}

/** @throws ArLensError for options out of range and for logits that are no distribution. */
export function filter(logits: LogitsLike, options: FilterOptions = {}): Filtered {
  checkFilterOptions(options);
  const logProb = logSoftmax(logits);
  const { temperature = 1, topK, topP, minP } = options;
  if (temperature === 0) {
    const probability = new Float64Array(logProb.length);
    probability[argmax(logProb)] = 1;
    return { logProb, probability, kept: 1, cuts: [] };
  }
  const probability = tempered(logProb, temperature);
  const cuts: Cut[] = [];
  const sorted = topK !== undefined || topP !== undefined ? idsByProbability(probability) : null;
  if (topK !== undefined && sorted) cuts.push(cut(probability, 'topK', sorted.subarray(topK)));
  if (topP !== undefined && sorted) {
    cuts.push(cut(probability, 'topP', sorted.subarray(prefixLength(probability, sorted, topP))));
  }
  if (minP !== undefined) {
    const least = minP * (probability[argmax(probability)] ?? 0);
    cuts.push(
      cut(
        probability,
        'minP',
        ids(probability.length).filter((id) => (probability[id] ?? 0) < least),
      ),
    );
  }
  let kept = 0;
  for (const value of probability) if (value > 0) kept++;
  return { logProb, probability, kept, cuts };
}

/** @throws ArLensError in one sentence that names the option. */
export function checkFilterOptions({ temperature, topK, topP, minP }: FilterOptions): void {
  check('temperature', temperature, 'a number of at least 0', (value) => value >= 0 && value < Infinity);
  check('top-k', topK, 'a whole number of at least 1', (value) => Number.isInteger(value) && value >= 1);
  check('top-p', topP, 'a number above 0 and at most 1', (value) => value > 0 && value <= 1);
  check('min-p', minP, 'a number from 0 to 1', (value) => value >= 0 && value <= 1);
}

function check(
  name: string,
  value: number | undefined,
  expected: string,
  ok: (value: number) => boolean,
): void {
  if (value !== undefined && !ok(value)) {
    throw new ArLensError('badInput', `${name}: expected ${expected}, got ${value}.`);
  }
}

/** softmax(logits / T) from log-probabilities; dividing them rather than the logits changes only a constant. */
function tempered(logProb: Float64Array, temperature: number): Float64Array {
  const greatest = logProb[argmax(logProb)] ?? 0;
  const out = new Float64Array(logProb.length);
  let sum = 0;
  for (let id = 0; id < out.length; id++) {
    const weight = Math.exp(((logProb[id] ?? 0) - greatest) / temperature);
    out[id] = weight;
    sum += weight;
  }
  for (let id = 0; id < out.length; id++) out[id] = (out[id] ?? 0) / sum;
  return out;
}

function ids(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, id) => id);
}

/** Most likely first; of equals the lower id. */
function idsByProbability(probability: Float64Array): Uint32Array {
  return ids(probability.length).sort((a, b) => (probability[b] ?? 0) - (probability[a] ?? 0) || a - b);
}

/** How many of the sorted ids it takes to reach p: at least one. */
function prefixLength(probability: Float64Array, sorted: Uint32Array, p: number): number {
  // Sums of doubles can fall short of a p they equal on paper by a few rounding errors.
  const enough = p - 1e-12;
  let sum = 0;
  for (let count = 0; count < sorted.length; count++) {
    sum += probability[sorted[count] ?? 0] ?? 0;
    if (sum >= enough) return count + 1;
  }
  return sorted.length;
}

/** Sets the given ids to zero and scales the rest to sum to 1, in place. */
function cut(probability: Float64Array, by: Cut['by'], out: Uint32Array): Cut {
  let mass = 0;
  let count = 0;
  for (const id of out) {
    const value = probability[id] ?? 0;
    if (value === 0) continue;
    mass += value;
    count++;
    probability[id] = 0;
  }
  if (count === 0) return { by, count, mass };
  let left = 0;
  for (const value of probability) left += value;
  for (let id = 0; id < probability.length; id++) probability[id] = (probability[id] ?? 0) / left;
  return { by, count, mass };
}
