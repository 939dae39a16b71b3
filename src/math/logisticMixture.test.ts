// The mixture against the project's truth table, its mass over every colour, and its gradient against differences.
import { describe, expect, it } from 'vitest';
import { LogisticMixture, mixtureParameters } from './logisticMixture';
import { Rng } from './rng';

/** Weight, mean and scale in levels of 0 … 255. */
function grey(
  components: ReadonlyArray<readonly [weight: number, mean: number, scale: number]>,
): Float64Array {
  const mixture = new LogisticMixture({ levels: 256, channels: 1, components: components.length });
  const params = [
    ...components.map(([weight]) => Math.log(weight)),
    ...components.map(([, mean]) => (2 * mean) / 255 - 1),
    ...components.map(([, , scale]) => Math.log((2 * scale) / 255)),
  ];
  const out = new Float32Array(256);
  mixture.levelLogProbs(params, 0, 0, new Int32Array(1), 0, out, 0);
  return Float64Array.from(out);
}
const bits = (nats = NaN) => -nats / Math.LN2;

describe('mixtures of discretised logistics', () => {
  it('equal the truth table: .6 · L(100, 10) + .4 · L(180, 4)', () => {
    const shares = grey([
      [0.6, 100, 10],
      [0.4, 180, 4],
    ]);
    expect(bits(shares[0])).toBeCloseTo(15.09185, 5);
    expect(bits(shares[100])).toBeCloseTo(6.059194, 5);
    expect(bits(shares[180])).toBeCloseTo(5.322643, 5);
    expect(bits(shares[255])).toBeCloseTo(22.986957, 5);
    expect(shares.reduce((sum, share) => sum + Math.exp(share), 0)).toBeCloseTo(1, 6);
  });

  it('keep their tails: L(0, 5)', () => {
    const shares = grey([[1, 0, 5]]);
    expect(Math.exp(shares[0] ?? NaN)).toBeCloseTo(0.524979, 6);
    expect(bits(shares[255])).toBeCloseTo(73.433178, 4);
  });

  it('are finite however narrow or far away', () => {
    for (const mean of [-1e4, 0, 255, 1e4]) {
      for (const scale of [1e-9, 1, 1e9]) {
        expect(grey([[1, mean, scale]]).every((share) => Number.isFinite(share) && share <= 0)).toBe(true);
      }
    }
  });

  it('have mass 1 over every colour, channel by channel and together', () => {
    const shape = { levels: 4, channels: 3, components: 3 };
    const mixture = new LogisticMixture(shape);
    const rng = new Rng(3);
    const params = Float32Array.from({ length: mixtureParameters(shape) }, () => 1.5 * rng.normal());
    const scratch = new Float32Array(params.length);
    let mass = 0;
    for (let colour = 0; colour < 64; colour++) {
      const levels = Int32Array.of(colour >> 4, (colour >> 2) & 3, colour & 3);
      const nats = mixture.nats(params, 0, levels, scratch);
      const byChannel = new Float32Array(3);
      mixture.logProbs(params, 0, levels, byChannel);
      expect(byChannel.reduce((sum, each) => sum + each, 0)).toBeCloseTo(-nats, 5);
      for (let channel = 0; channel < 3; channel++) {
        const all = new Float32Array(4);
        mixture.levelLogProbs(params, 0, channel, levels, 0, all, 0);
        expect(all[levels[channel] ?? NaN]).toBeCloseTo(byChannel[channel] ?? NaN, 5);
        expect(all.reduce((sum, share) => sum + Math.exp(share), 0)).toBeCloseTo(1, 6);
      }
      mass += Math.exp(-nats);
    }
    expect(mass).toBeCloseTo(1, 10);
  });

  it('have the gradient that differences measure', () => {
    const rng = new Rng(5);
    for (const shape of [
      { levels: 256, channels: 1, components: 2 },
      { levels: 5, channels: 3, components: 3 },
      { levels: 2, channels: 1, components: 2 },
    ]) {
      const mixture = new LogisticMixture(shape);
      const size = mixtureParameters(shape);
      for (let trial = 0; trial < 30; trial++) {
        const params = Float32Array.from({ length: size }, () => rng.normal());
        const levels = Int32Array.from({ length: shape.channels }, () => rng.integer(shape.levels));
        const [gradient, scratch] = [new Float32Array(size), new Float32Array(size)];
        mixture.nats(params, 0, levels, gradient);
        for (let at = 0; at < size; at++) {
          const at2 = (step: number): [number, number] => {
            const moved = params.slice();
            moved[at] = (moved[at] ?? 0) + step;
            return [mixture.nats(moved, 0, levels, scratch), moved[at] ?? 0];
          };
          const [[up, right], [down, left]] = [at2(1e-3), at2(-1e-3)];
          expect(gradient[at]).toBeCloseTo((up - down) / (right - left), 3);
        }
      }
    }
  });
});
