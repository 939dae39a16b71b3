// The Gumbel-max draw against the distribution it must follow, and the noise behind draws that were made another way.
import { describe, expect, it } from 'vitest';
import { softmax } from '../math/information';
import { Rng } from '../math/rng';
import { filter } from './filter';
import { pick } from './generate';
import { gumbelDraw, gumbelNoise, gumbelOf } from './gumbel';

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

describe('gumbelOf', () => {
  const probability = Float64Array.of(0.6, 0.25, 0.1, 0, 0.05);

  it('gives noise under which the drawn candidate wins', () => {
    for (const winner of [0, 1, 2, 4]) {
      for (let draw = 0; draw < 500; draw++) {
        const opened = gumbelOf(probability, winner, SEED, draw);
        expect(opened.sum.indexOf(Math.max(...opened.sum))).toBe(winner);
        opened.sum.forEach((sum, id) => {
          if (id !== 3) expect(sum).toBeCloseTo(Math.log(probability[id] ?? 0) + (opened.noise[id] ?? 0), 9);
        });
      }
    }
    expect(() => gumbelOf(probability, 3, SEED, 0)).toThrow('above 0');
  });

  it('over drawn winners the noise of each candidate is standard again', () => {
    const random = new Rng(8);
    const below = new Float64Array(probability.length);
    for (let draw = 0; draw < DRAWS; draw++) {
      const { noise } = gumbelOf(probability, pick(probability, random), SEED, draw);
      noise.forEach((value, id) => (below[id] = (below[id] ?? 0) + (value < 0.5 ? 1 : 0)));
    }
    const share = Math.exp(-Math.exp(-0.5)); // P(Gumbel < ½)
    const error = Math.sqrt((share * (1 - share)) / DRAWS);
    below.forEach((count) => expect(Math.abs(count / DRAWS - share)).toBeLessThan(4 * error));
  });
});
