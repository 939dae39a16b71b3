// Labels: never one over another, never out of the strip, in order, and moved no further than they must.
import { describe, expect, it } from 'vitest';
import { placeLabels } from './labelLayout';

describe('placeLabels', () => {
  it('leaves labels that do not touch where they want to be', () => {
    expect(placeLabels([20, 60, 100], 16, 0, 200)).toEqual([20, 60, 100]);
  });

  it('spreads labels that coincide evenly around their place', () => {
    expect(placeLabels([50, 50], 16, 0, 200)).toEqual([42, 58]);
  });

  it('pushes labels in from the ends', () => {
    expect(placeLabels([-30], 16, 0, 200)).toEqual([8]);
    expect(placeLabels([500, 490], 16, 0, 200)).toEqual([192, 176]);
  });

  it('answers in the order it was asked', () => {
    expect(placeLabels([100, 20], 16, 0, 200)).toEqual([100, 20]);
  });

  it('holds for many random sets that fit', () => {
    let state = 7;
    const random = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
    for (let round = 0; round < 2000; round++) {
      const height = 16;
      const wanted = Array.from({ length: 1 + Math.floor(random() * 10) }, () => random() * 260 - 30);
      const placed = placeLabels(wanted, height, 0, 200);
      const sorted = [...placed].sort((a, b) => a - b);
      expect(sorted[0]).toBeGreaterThanOrEqual(8 - 1e-9);
      expect(sorted.at(-1)).toBeLessThanOrEqual(192 + 1e-9);
      for (let i = 1; i < sorted.length; i++) {
        expect((sorted[i] ?? 0) - (sorted[i - 1] ?? 0)).toBeGreaterThanOrEqual(height - 1e-9);
      }
      wanted.forEach((one, i) =>
        wanted.forEach((other, j) => {
          if (one < other) expect(placed[i]).toBeLessThan(placed[j] ?? 0);
        }),
      );
    }
  });
});
