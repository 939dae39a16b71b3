// The Gumbel-max draw, which every sample and every step makes, against the distribution it must follow.
import { describe, expect, it } from 'vitest';
import { hash } from '../math/counterRng';
import { softmax } from '../math/information';
import { Rng } from '../math/rng';
import { filter } from './filter';
import { gumbelDraw, gumbelNoise, largestSums } from './gumbel';

const DRAWS = 100_000;
const SEED = 7;

/** Pearson's χ² of counts against probabilities. */
function chiSquare(counts: Float64Array, probability: Float64Array, draws: number): number {
  return counts.reduce((sum, count, id) => {
    const expected = draws * (probability[id] ?? 0);
    return expected === 0 ? sum : sum + (count - expected) ** 2 / expected;
  }, 0);
}

/** The 99.9 % point for 19 degrees of freedom (scipy.stats.chi2.ppf(.999, 19)). */
const LIMIT_19 = 43.82;

describe('gumbelDraw', () => {
  const random = new Rng(3);
  const probability = softmax(Float64Array.from({ length: 20 }, () => random.normal()));

  it('100,000 draws follow the softmax', () => {
    const counts = new Float64Array(20);
    for (let draw = 0; draw < DRAWS; draw++) {
      const { winner } = gumbelDraw(probability, SEED, draw);
      counts[winner] = (counts[winner] ?? 0) + 1;
    }
    expect(chiSquare(counts, probability, DRAWS)).toBeLessThan(LIMIT_19);
    // The test can fail: the same counts against a distribution that is a little warmer.
    const warmer = softmax(probability.map(Math.log), 1.05);
    expect(chiSquare(counts, warmer, DRAWS)).toBeGreaterThan(LIMIT_19);
  });

  it('gives the same noise for the same seed, whatever is done to the distribution', () => {
    const logits = probability.map(Math.log);
    const [plain, cold] = [filter(logits), filter(logits, { temperature: 0.5, topK: 5 })].map(
      ({ probability: p }) => gumbelDraw(p, SEED, 4),
    );
    expect(cold?.noise).toEqual(plain?.noise);
    expect(gumbelDraw(probability, SEED, 4)).toEqual(gumbelDraw(probability, SEED, 4));
    expect(gumbelDraw(probability, SEED + 1, 4).noise).not.toEqual(plain?.noise);
    expect(gumbelDraw(probability, SEED, 5).noise).not.toEqual(plain?.noise);
    expect(cold?.sum.filter((value) => value > -Infinity)).toHaveLength(5);
    expect(plain?.noise).toEqual(probability.map((_, id) => gumbelNoise(SEED, 4, id)));
  });

  it('counts every bit of a seed', () => {
    expect(gumbelNoise(SEED + 2 ** 32, 4, 1)).not.toBe(gumbelNoise(SEED, 4, 1));
    expect(gumbelNoise(SEED, 4, 1)).toBe(-Math.log(-Math.log((hash(SEED, 4, 1) + 0.5) / 2 ** 32)));
  });

  it('marks the largest sum, and never what was cut', () => {
    for (let draw = 0; draw < 1000; draw++) {
      const { winner, sum } = gumbelDraw([0.5, 0, 0.5, 0], SEED, draw);
      expect([0, 2]).toContain(winner);
      expect(sum[winner]).toBe(Math.max(...sum));
    }
    expect(() => gumbelDraw([0, 0], SEED, 1)).toThrow('expected a distribution');
  });

  it('noise has the mean and variance of a standard Gumbel', () => {
    const noise = Array.from({ length: DRAWS }, (_, draw) => gumbelNoise(SEED, draw, 11));
    const mean = noise.reduce((sum, value) => sum + value, 0) / DRAWS;
    const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS;
    expect(Math.abs(mean - 0.5772156649)).toBeLessThan(4 * Math.sqrt(Math.PI ** 2 / 6 / DRAWS));
    expect(variance).toBeCloseTo(Math.PI ** 2 / 6, 1);
    expect(noise.every(Number.isFinite)).toBe(true);
  });
});

it('the largest sums come in their order, without what was cut', () => {
  const draw = gumbelDraw([0.5, 0, 0.3, 0.2], SEED, 9);
  const order = largestSums(draw, 9);
  expect(order[0]).toBe(draw.winner);
  expect(order.map((id) => draw.sum[id])).toEqual(
    order.map((id) => draw.sum[id]).sort((a, b) => (b ?? 0) - (a ?? 0)),
  );
  expect([...order].sort()).toEqual([0, 2, 3]);
  expect(largestSums(draw, 2)).toEqual(order.slice(0, 2));
});
