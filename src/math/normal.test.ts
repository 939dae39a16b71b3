// Tails against known values, and discretised distributions against the project's truth table.
import { describe, expect, it } from 'vitest';
import { logSumExp } from './information';
import { discretised, logNormalCdf, logSigmoid } from './normal';

const bits = (nats: number) => -nats / Math.LN2;
const logistic = (mean: number, scale: number) => discretised(logSigmoid, mean, scale, new Float64Array(256));

describe('the normal distribution', () => {
  it.each([
    [0, Math.log(0.5)],
    [1, Math.log(0.8413447460685429)],
    [-1, Math.log(0.15865525393145705)],
    [-1.999, -3.780811560999765],
    [-2.001, -3.785557992085195],
    [-5, -15.064998393988725],
    [-10, -53.23128515051247],
    [-40, -804.608442013754],
  ])('ln Φ(%f)', (x, expected) => {
    expect(Math.abs(logNormalCdf(x) - expected)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)));
  });

  it('has no step where its two formulas meet', () => {
    const slope = (logNormalCdf(-2 + 1e-4) - logNormalCdf(-2 - 1e-4)) / 2e-4;
    expect(slope).toBeCloseTo(2.373215, 5); // φ(2) / Φ(−2)
  });

  it('is a distribution over levels wherever its mean is, outside too', () => {
    for (const mean of [-30, 0, 0.5, 7.3, 15, 900]) {
      for (const scale of [0.02, 1, 40]) {
        const shares = discretised(logNormalCdf, mean, scale, new Float64Array(16));
        expect(logSumExp(shares)).toBeCloseTo(0, 12);
        expect(shares.every((share) => share <= 0)).toBe(true);
      }
    }
  });
});

describe('the discretised logistic', () => {
  it('equals the truth table: .6 · L(100, 10) + .4 · L(180, 4)', () => {
    const [first, second] = [logistic(100, 10), logistic(180, 4)];
    const mixture = first.map((share, level) =>
      logSumExp([Math.log(0.6) + share, Math.log(0.4) + (second[level] as number)]),
    );
    const wanted = [
      [0, 15.09185],
      [100, 6.059194],
      [180, 5.322643],
      [255, 22.986957],
    ] as const;
    for (const [level, expected] of wanted) expect(bits(mixture[level] as number)).toBeCloseTo(expected, 5);
    expect(mixture.reduce((sum, share) => sum + Math.exp(share), 0)).toBeCloseTo(1, 12);
  });

  it('keeps its tails: L(0, 5)', () => {
    const shares = logistic(0, 5);
    expect(Math.exp(shares[0] as number)).toBeCloseTo(0.524979, 6);
    expect(bits(shares[255] as number)).toBeCloseTo(73.433178, 5);
    expect(logistic(0, 0.01).every(Number.isFinite)).toBe(true);
  });
});
