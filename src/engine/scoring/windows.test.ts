// The sliding window against its definition, written a second time as plainly as possible.
import { describe, expect, it } from 'vitest';
import { defaultStride, windowAt, windowCount, windowOf } from './windows';

/** Positions of each token's predictor by brute force: the first window that holds it. */
function firstHolders(length: number, context: number, stride: number): number[] {
  return Array.from({ length }, (_, position) => {
    for (let index = 0; ; index++) {
      const start = index * stride;
      if (position >= start && position < start + context) return index;
    }
  });
}

describe('windows', () => {
  it('gives each token but the first to the first window that holds it', () => {
    for (const context of [2, 3, 4, 7, 64]) {
      for (let stride = 1; stride < context; stride += Math.max(1, context >> 3)) {
        for (const length of [0, 1, 2, 3, context - 1, context, context + 1, 3 * context + 2, 150]) {
          const windowing = { length, context, stride };
          const holders = firstHolders(length, context, stride);
          const seen: number[] = [];
          for (let index = 0; index < windowCount(windowing); index++) {
            const window = windowAt(windowing, index);
            for (let position = window.from; position < window.to; position++) {
              seen.push(position);
              expect(holders[position]).toBe(index);
              expect(windowOf(windowing, position)).toBe(index);
              expect(position).toBeGreaterThan(window.start);
              expect(position).toBeLessThan(window.start + context);
            }
          }
          expect(seen).toEqual(Array.from({ length: Math.max(0, length - 1) }, (_, i) => i + 1));
        }
      }
    }
  });

  it('starts every half context by default, and never at every zero tokens', () => {
    expect([2, 3, 64, 65].map(defaultStride)).toEqual([1, 1, 32, 32]);
  });
});
