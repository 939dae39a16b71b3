// Orders of generation: the written ones by hand, all of them permutations; and that the order changes no entropy.
import { describe, expect, it } from 'vitest';
import { SCAN_ORDERS, scanOrder, subpixelOrder } from './scanOrder';

const square = { height: 3, width: 3 };

describe('orders of generation', () => {
  it.each([
    ['raster', [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    ['snake', [0, 1, 2, 5, 4, 3, 6, 7, 8]],
    ['zigzag', [0, 1, 3, 6, 4, 2, 5, 7, 8]],
    ['diagonal', [0, 1, 3, 2, 4, 6, 5, 7, 8]],
    ['column', [0, 3, 6, 1, 4, 7, 2, 5, 8]],
  ] as const)('%s of 3 × 3', (order, expected) => {
    expect([...scanOrder(order, square, 0)]).toEqual(expected);
  });

  it('visit every pixel once, of any size', () => {
    for (const order of SCAN_ORDERS) {
      for (const [height, width] of [
        [1, 1],
        [1, 6],
        [6, 1],
        [4, 7],
        [7, 4],
      ] as const) {
        const sorted = scanOrder(order, { height, width }, 5).sort();
        expect([...sorted]).toEqual(Array.from({ length: height * width }, (_, pixel) => pixel));
      }
    }
  });

  it('random follows from its seed alone', () => {
    const of = (seed: number) => [...scanOrder('random', { height: 6, width: 6 }, seed)];
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  it('keep the channels of a pixel together', () => {
    expect([...subpixelOrder(Int32Array.of(2, 0, 1), 3)]).toEqual([6, 7, 8, 0, 1, 2, 3, 4, 5]);
  });

  it('change the terms of a source’s entropy and not their sum', () => {
    // P(x₀, x₁, x₂) of three pixels: 2.803702 bits, in raster order .881291 + .989660 + .932751.
    const joint = [0.1, 0.05, 0.05, 0.1, 0.2, 0.1, 0.15, 0.25];
    const bits = (shares: Iterable<number>) => [...shares].reduce((sum, p) => sum - p * Math.log2(p), 0);
    const marginal = (known: readonly number[]): number => {
      const shares = new Map<number, number>();
      for (const [at, share] of joint.entries()) {
        const key = known.reduce((code, pixel) => 2 * code + ((at >> (2 - pixel)) & 1), 0);
        shares.set(key, (shares.get(key) ?? 0) + share);
      }
      return bits(shares.values());
    };
    const terms = (order: Int32Array) =>
      [...order].map(
        (_, step) =>
          marginal([...order.subarray(0, step + 1)]) - (step ? marginal([...order.subarray(0, step)]) : 0),
      );
    const row = { height: 1, width: 3 };
    const raster = terms(scanOrder('raster', row, 0));
    [0.881291, 0.98966, 0.932751].forEach((wanted, step) => expect(raster[step]).toBeCloseTo(wanted, 6));
    for (const seed of [1, 2, 3, 4]) {
      const sum = terms(scanOrder('random', row, seed)).reduce((total, term) => total + term, 0);
      expect(sum).toBeCloseTo(2.803702, 6);
    }
    const single = [0, 1, 2].reduce((sum, pixel) => sum + marginal([pixel]), 0);
    expect(single - 2.803702).toBeCloseTo(0.070364, 5);
  });
});
