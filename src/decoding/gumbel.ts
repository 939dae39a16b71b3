// The draw: log p plus Gumbel noise for each candidate, the largest sum wins, and wins with probability p.
// (Gumbel 1954; Maddison, Tarlow, Minka, arXiv 1411.0030.) The noise of a candidate depends on seed, draw and id only:
// the same seed gives the same noise whatever temperature and cuts do to the distribution.
import { mix } from '../math/counterRng';

export interface GumbelDraw {
  /** The candidate with the largest sum; of equals the lower id. */
  readonly winner: number;
  /** Standard Gumbel noise of each candidate, cut ones included. */
  readonly noise: Float64Array;
  /** log p + noise; −∞ where p is 0. */
  readonly sum: Float64Array;
}

/**
 * @param seed a whole number of at most 53 bits, all of which count.
 * @param draw which draw of the seed's sequence.
 * @returns standard Gumbel noise, always finite.
 */
export function gumbelNoise(seed: number, draw: number, id: number): number {
  return noiseOf(keyOf(seed, draw), id);
}

/** @param probability what is drawn from: sums to 1, 0 where cut. */
export function gumbelDraw(probability: ArrayLike<number>, seed: number, draw: number): GumbelDraw {
  const key = keyOf(seed, draw);
  const noise = new Float64Array(probability.length);
  const sum = new Float64Array(probability.length);
  let winner = -1;
  for (let id = 0; id < probability.length; id++) {
    const own = noiseOf(key, id);
    const p = probability[id] ?? 0;
    noise[id] = own;
    sum[id] = p > 0 ? Math.log(p) + own : -Infinity;
    if (p > 0 && (winner < 0 || (sum[id] ?? 0) > (sum[winner] ?? 0))) winner = id;
  }
  if (winner < 0) throw new RangeError('gumbelDraw: expected a distribution, got only zeros');
  return { winner, noise, sum };
}

/** `hash(seed, draw, id)` is `mix(id ^ key)`: what all candidates of a draw share. */
function keyOf(seed: number, draw: number): number {
  return mix(draw ^ mix(seed ^ mix(Math.floor(seed / 2 ** 32))));
}

function noiseOf(key: number, id: number): number {
  // The middle of one of 2³² equal intervals: never 0, never 1.
  const uniform = (mix(id ^ key) + 0.5) / 2 ** 32;
  return -Math.log(-Math.log(uniform));
}

/** The ids with the largest sums, largest first; of equals the lower id. What was cut is not among them. */
export function largestSums({ sum }: Pick<GumbelDraw, 'sum'>, count: number): number[] {
  return Array.from(sum.keys())
    .filter((id) => (sum[id] ?? -Infinity) > -Infinity)
    .sort((a, b) => (sum[b] ?? 0) - (sum[a] ?? 0) || a - b)
    .slice(0, count);
}
