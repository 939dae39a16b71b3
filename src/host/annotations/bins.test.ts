import { describe, expect, it } from 'vitest';
import { binLabel, binOf } from './bins';
import { metricBits } from './metric';

describe('binOf', () => {
  it('is one bin per bit, the last one open', () => {
    expect([0, 0.999, 1, 7.999, 8, 10.999, 11, 400, Infinity].map(binOf)).toEqual([
      1, 1, 2, 8, 9, 11, 12, 12, 12,
    ]);
  });
  it('has no bin for what has no value, and the first for what rounding made negative', () => {
    expect(binOf(NaN)).toBe(0);
    expect(binOf(-1e-9)).toBe(1);
  });
  it('says its range', () => {
    expect([binLabel(1), binLabel(12)]).toEqual(['0 to 1 bits', '11 bits and more']);
  });
});

describe('metricBits', () => {
  it('gives all three metrics in bits', () => {
    const p = Math.log(1 / 8);
    expect(metricBits('surprisal', p, 1, 5)).toBeCloseTo(3, 12);
    expect(metricBits('entropy', p, Math.LN2 * 2, 5)).toBeCloseTo(2, 12);
    expect(metricBits('rank', p, 1, 1)).toBe(0);
    expect(metricBits('rank', p, 1, 256)).toBe(8);
  });
  it('has no value without context, and none below nothing', () => {
    expect(metricBits('surprisal', NaN, 1, 1)).toBeNaN();
    expect(metricBits('rank', NaN, 1, 7)).toBeNaN();
    expect(metricBits('surprisal', 1e-7, 0, 1)).toBe(0);
  });
});
