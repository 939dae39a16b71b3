// Thinning keeps the picture: per pixel column the extremes and both ends, grown step by step or made at once.
import { describe, expect, it } from 'vitest';
import type { StepAxis } from './decimate';
import { Decimator, align, pixelOf } from './decimate';

const noisy = (step: number) =>
  Math.sin(step * 12.9898) * 43_758.5453 - Math.floor(Math.sin(step * 12.9898) * 43_758.5453);
const AXES: readonly StepAxis[] = [
  { scale: 'log', minimum: 1, maximum: 100_000, pixels: 640 },
  { scale: 'linear', minimum: 0, maximum: 100_000, pixels: 640 },
];

/** Per pixel column: first, last, lowest and highest value. */
function columnsOf(axis: StepAxis, x: ArrayLike<number>, y: ArrayLike<number>) {
  const columns = new Map<number, number[]>();
  for (let i = 0; i < x.length; i++) {
    const pixel = pixelOf(axis, x[i] ?? NaN);
    columns.set(pixel, [...(columns.get(pixel) ?? []), y[i] ?? NaN]);
  }
  return [...columns].map(([pixel, values]) => [
    pixel,
    values[0],
    values.at(-1),
    Math.min(...values),
    Math.max(...values),
  ]);
}

describe.each(AXES)('a curve of 20,000 steps on a $scale axis', (axis) => {
  const steps = Float64Array.from({ length: 20_000 }, (_, i) => i + 1);
  const values = Float32Array.from(steps, noisy);

  it('keeps first, last, lowest and highest of every pixel column', () => {
    const decimator = new Decimator(axis);
    decimator.addAll(steps, values);
    const { x, y } = decimator.points();
    expect(columnsOf(axis, x, y)).toEqual(columnsOf(axis, steps, values));
  });

  it('has at most four points per pixel column, in rising order', () => {
    const decimator = new Decimator(axis);
    decimator.addAll(steps, values);
    const { x } = decimator.points();
    expect(x.length).toBeLessThanOrEqual(4 * axis.pixels);
    expect(x.every((step, i) => i === 0 || step > (x[i - 1] ?? 0))).toBe(true);
  });

  it('does not depend on when it was read while growing', () => {
    const whole = new Decimator(axis);
    whole.addAll(steps, values);
    const grown = new Decimator(axis);
    for (let i = 0; i < steps.length; i++) {
      grown.add(steps[i] ?? NaN, values[i] ?? NaN);
      if (i % 997 === 0) grown.points();
    }
    expect(grown.points()).toEqual(whole.points());
  });
});

describe('edges', () => {
  const axis: StepAxis = { scale: 'log', minimum: 1, maximum: 100, pixels: 10 };

  it('leaves out NaN, infinities and step 0 on a log axis', () => {
    const decimator = new Decimator(axis);
    decimator.addAll([0, 1, 2, 3, 4], [9, NaN, 5, Infinity, 4]);
    expect(decimator.points()).toEqual({ x: [2, 4], y: [5, 4] });
  });

  it('is empty without points and holds a single one once', () => {
    const decimator = new Decimator(axis);
    expect(decimator.points()).toEqual({ x: [], y: [] });
    decimator.add(7, 3);
    expect(decimator.points()).toEqual({ x: [7], y: [3] });
  });
});

describe('align', () => {
  it('puts lines over one rising x, with undefined where a line has no point', () => {
    expect(
      align([
        { x: [1, 3], y: [10, 30] },
        { x: [2, 3], y: [0.2, 0.3] },
      ]),
    ).toEqual({
      x: [1, 2, 3],
      y: [
        [10, undefined, 30],
        [undefined, 0.2, 0.3],
      ],
    });
  });

  it('keeps an empty line empty', () => {
    expect(
      align([
        { x: [], y: [] },
        { x: [5], y: [1] },
      ]),
    ).toEqual({ x: [5], y: [[undefined], [1]] });
  });
});
