// The repetition penalty on worked values.
import { describe, expect, it } from 'vitest';
import { ArLensError } from '../protocol/errors';
import { filter } from './filter';
import { penalise } from './penalty';

describe('penalise', () => {
  it('divides what is positive and multiplies what is negative, once each', () => {
    expect(Array.from(penalise([2, 1, -1, 0, 3], [0, 2, 0, 0, 3], 1.25))).toEqual([1.6, 1, -1.25, 0, 3]);
  });

  it('makes nothing that was seen likelier, by hand: softmax(2, 1, −1) with ids 0 and 2 seen', () => {
    const { probability } = filter(penalise([2, 1, -1], [0, 2], 2));
    const sum = Math.exp(1) + Math.exp(1) + Math.exp(-2);
    [Math.exp(1) / sum, Math.exp(1) / sum, Math.exp(-2) / sum].forEach((value, id) =>
      expect(probability[id]).toBeCloseTo(value, 12),
    );
  });

  it('is off at 1, and leaves the impossible impossible', () => {
    const logits = [1, -1];
    expect(penalise(logits, [0], 1)).toBe(logits);
    expect(Array.from(penalise([-Infinity, 1], [0], 1.3))).toEqual([-Infinity, 1]);
  });

  it('does not change the logits it is given, and passes over ids that are none', () => {
    const logits = Float32Array.of(2, 1);
    expect(Array.from(penalise(logits, [0, 7], 2))).toEqual([1, 1]);
    expect(Array.from(logits)).toEqual([2, 1]);
  });

  it.each([0.9, 0, -1, NaN, Infinity])('refuses a penalty of %d', (penalty) => {
    expect(() => penalise([1], [0], penalty)).toThrow(ArLensError);
    expect(() => penalise([1], [0], penalty)).toThrow(`expected a number of at least 1, got ${penalty}.`);
  });
});
