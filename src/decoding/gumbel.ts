// A draw, opened: log p plus Gumbel noise for each candidate, the largest sum wins, and wins with probability p.
// (Gumbel 1954; Maddison, Tarlow, Minka, arXiv 1411.0030.) The noise of a candidate depends on seed, draw and id only:
// the same seed gives the same noise whatever temperature and cuts do to the distribution.
import { hash } from '../math/counterRng';

export interface GumbelDraw {
  /** The candidate with the largest sum. */
  readonly winner: number;
  /** Standard Gumbel noise of each candidate, cut ones included. */
  readonly noise: Float64Array;
  /** log p + noise; −∞ where p is 0. */
  readonly sum: Float64Array;
}

/** @param draw which draw of the seed's sequence. @returns standard Gumbel noise, always finite. */
export function gumbelNoise(seed: number, draw: number, id: number): number {
  // The middle of one of 2³² equal intervals: never 0, never 1.
  const uniform = (hash(seed, draw, id) + 0.5) / 2 ** 32;
  return -Math.log(-Math.log(uniform));
}

/** @param probability what is drawn from: sums to 1, 0 where cut. */
export function gumbelDraw(probability: ArrayLike<number>, seed: number, draw: number): GumbelDraw {
  const noise = new Float64Array(probability.length);
  const sum = new Float64Array(probability.length);
  let winner = -1;
  for (let id = 0; id < probability.length; id++) {
    noise[id] = gumbelNoise(seed, draw, id);
    const p = probability[id] ?? 0;
    sum[id] = p > 0 ? Math.log(p) + (noise[id] ?? 0) : -Infinity;
    if (p > 0 && (winner < 0 || (sum[id] ?? 0) > (sum[winner] ?? 0))) winner = id;
  }
  if (winner < 0) throw new RangeError('gumbelDraw: expected a distribution, got only zeros');
  return { winner, noise, sum };
}

/**
 * The noise behind a draw that has already been made: Gumbel noise given that `winner` won. The largest sum is itself
 * Gumbel, and every other one is Gumbel cut off below it; over winners drawn from p the noise is standard again. So a
 * sampled text's draws can be opened, though they were made another way.
 */
export function gumbelOf(
  probability: ArrayLike<number>,
  winner: number,
  seed: number,
  draw: number,
): GumbelDraw {
  if (!((probability[winner] ?? 0) > 0)) {
    throw new RangeError(`gumbelOf: expected a winner with a probability above 0, got candidate ${winner}`);
  }
  const top = gumbelNoise(seed, draw, winner);
  const noise = new Float64Array(probability.length);
  const sum = new Float64Array(probability.length).fill(-Infinity);
  for (let id = 0; id < probability.length; id++) {
    const own = gumbelNoise(seed, draw, id);
    const p = probability[id] ?? 0;
    if (p > 0) {
      // −ln(e^−top + e^−x) for a free sum x: below top, and distributed as x is below it.
      sum[id] = id === winner ? top : -Math.log(Math.exp(-top) + Math.exp(-(Math.log(p) + own)));
    }
    noise[id] = p > 0 ? (sum[id] ?? 0) - Math.log(p) : own;
  }
  return { winner, noise, sum };
}
