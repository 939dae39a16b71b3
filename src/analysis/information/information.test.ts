// Mutual information by distance against a chain whose values are known, its bias, its control, and the two fits.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/rng';
import { shuffled } from '../../math/shuffle';
import { fitDecay } from './decayFits';
import { mutualInformation, mutualInformationAt } from './mutualInformation';

/** A chain of two states that stays with probability .9. */
function chain(length: number, seed: number): Int32Array {
  const random = new Rng(seed);
  const states = new Int32Array(length);
  for (let at = 1; at < length; at++) {
    states[at] = random.uniform() < 0.9 ? (states[at - 1] ?? 0) : 1 - (states[at - 1] ?? 0);
  }
  return states;
}

describe('mutual information of the two-state chain', () => {
  const states = chain(1_000_000, 1);

  it.each([
    [1, 0.531],
    [2, 0.32],
    [5, 0.079],
  ])('at d = %i is %d bits', (distance, bits) => {
    const found = mutualInformationAt(states, distance);
    // Three standard errors of a million pairs that depend on their neighbours.
    expect(Math.abs(found.bits - bits)).toBeLessThan(0.005);
    expect(found.pairs).toBe(1_000_000 - distance);
  });

  it('of the shuffled text is zero, with the same counts', () => {
    const mixed = shuffled(states, 2);
    expect(mixed.reduce((sum, state) => sum + state, 0)).toBe(states.reduce((sum, state) => sum + state, 0));
    for (const { bits } of mutualInformation(mixed, [1, 2, 5])) expect(Math.abs(bits)).toBeLessThan(2e-5);
    const few = states.subarray(0, 100);
    expect(shuffled(few, 2)).toEqual(shuffled(few, 2));
    expect(shuffled(few, 3)).not.toEqual(shuffled(few, 2));
  });

  it('fades exponentially: 2 ln(1/.8) per place, and the power law leaves larger residuals', () => {
    const points = mutualInformation(states, [4, 5, 6, 7, 8, 9, 10]).map(({ distance, bits }) => ({
      distance,
      value: bits,
    }));
    const [exponential, power] = [fitDecay('exponential', points), fitDecay('power', points)];
    expect(Math.abs((exponential?.rate ?? NaN) - 2 * Math.log(1 / 0.8))).toBeLessThan(0.03);
    expect(exponential?.residualError).toBeLessThan((power?.residualError ?? NaN) / 2);
  });
});

describe('the bias correction', () => {
  it('takes away what independent symbols seem to share', () => {
    const random = new Rng(4);
    const [estimates, plain] = [[] as number[], [] as number[]];
    for (let trial = 0; trial < 200; trial++) {
      const ids = Int32Array.from({ length: 2001 }, () => random.integer(8));
      const { bits, plugInBits } = mutualInformationAt(ids, 1);
      estimates.push(bits);
      plain.push(plugInBits);
    }
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    // (8 − 1)² cells beyond independence over 2 · 2,000 pairs: .0177 bits that are not there.
    expect(mean(plain)).toBeCloseTo(49 / 4000 / Math.LN2, 3);
    expect(Math.abs(mean(estimates))).toBeLessThan(0.001);
    expect(Math.min(...estimates)).toBeLessThan(0); // not cut off at zero
  });

  it('is exact where nothing is random', () => {
    const ids = Int32Array.from({ length: 4001 }, (_, at) => at % 4);
    expect(mutualInformationAt(ids, 1).plugInBits).toBeCloseTo(2, 9);
    expect(mutualInformationAt(new Int32Array(10), 3)).toEqual({
      distance: 3,
      pairs: 7,
      bits: 0,
      plugInBits: 0,
    });
  });

  it.each([0, -1, 1.5, 10, NaN])('refuses a distance of %d in ten elements', (distance) => {
    expect(() => mutualInformationAt(new Int32Array(10), distance)).toThrow(
      'expected a distance from 1 to 9',
    );
  });
});

describe('fitDecay', () => {
  const distances = [1, 2, 3, 5, 8, 13, 21];
  const points = (value: (d: number) => number) => distances.map((d) => ({ distance: d, value: value(d) }));

  it('finds the numbers behind exact curves, with no residual', () => {
    const exponential = fitDecay(
      'exponential',
      points((d) => 3 * Math.exp(-0.2 * d)),
    );
    expect([exponential?.amplitude, exponential?.rate]).toEqual([
      expect.closeTo(3, 9) as number,
      expect.closeTo(0.2, 9) as number,
    ]);
    const power = fitDecay(
      'power',
      points((d) => 0.5 * d ** -1.5),
    );
    expect([power?.amplitude, power?.rate]).toEqual([
      expect.closeTo(0.5, 9) as number,
      expect.closeTo(1.5, 9) as number,
    ]);
    expect(power?.residualError).toBeLessThan(1e-9);
    expect(power?.at(4)).toBeCloseTo(0.5 / 8, 9);
  });

  it('leaves out what has no logarithm, and says so', () => {
    const mixed = [...points((d) => 1 / d), { distance: 30, value: 0 }, { distance: 40, value: -0.01 }];
    expect(fitDecay('power', mixed)).toMatchObject({ used: 7, of: 9, rate: expect.closeTo(1, 9) as number });
    expect(fitDecay('power', mixed.slice(-2))).toBeNull();
    expect(
      fitDecay('exponential', [
        { distance: 2, value: 1 },
        { distance: 2, value: 3 },
      ]),
    ).toBeNull();
  });
});
