// Thins a curve to what its pixels can show, point by point as it grows: per pixel column the first, lowest,
// highest and last point, which draws the same picture as all of them. Pure; must not know the chart.
import type { AxisScale } from './ticks';

/** Steps `minimum` to `maximum` over `pixels` columns. */
export interface StepAxis {
  readonly scale: AxisScale;
  readonly minimum: number;
  readonly maximum: number;
  readonly pixels: number;
}

export function pixelOf(axis: StepAxis, step: number): number {
  const share =
    axis.scale === 'log'
      ? Math.log(step / axis.minimum) / Math.log(axis.maximum / axis.minimum)
      : (step - axis.minimum) / (axis.maximum - axis.minimum);
  return Math.floor(share * axis.pixels);
}

/** A curve as a chart takes it: x rises, what is not finite is left out. */
export interface Line {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

export interface Polyline extends Line {
  readonly x: number[];
  readonly y: number[];
}

export class Decimator {
  private closed: Polyline = { x: [], y: [] };
  /** The pixel column that still grows: points come in rising steps, so all others are final. */
  private pixel = NaN;
  private first: Point = NOWHERE;
  private lowest: Point = NOWHERE;
  private highest: Point = NOWHERE;
  private last: Point = NOWHERE;

  constructor(readonly axis: StepAxis) {}

  /** Steps come rising. What is not finite, or has no place on the axis (step 0 on a log axis), is left out. */
  add(step: number, value: number): void {
    if (!Number.isFinite(value)) return;
    const pixel = pixelOf(this.axis, step);
    if (!Number.isFinite(pixel) || pixel < 0) return;
    const point = { x: step, y: value };
    if (pixel !== this.pixel) {
      flush(this, this.closed);
      this.pixel = pixel;
      this.first = this.lowest = this.highest = point;
    } else {
      if (value < this.lowest.y) this.lowest = point;
      if (value > this.highest.y) this.highest = point;
    }
    this.last = point;
  }

  addAll(steps: ArrayLike<number>, values: ArrayLike<number>, from = 0): void {
    for (let i = from; i < steps.length; i++) this.add(steps[i] ?? NaN, values[i] ?? NaN);
  }

  /** At most four points per pixel column, in order. */
  points(): Polyline {
    const all = { x: this.closed.x.slice(), y: this.closed.y.slice() };
    flush(this, all);
    return all;
  }

  /** The growing column's points, in order and without repeats. */
  get open(): readonly Point[] {
    if (Number.isNaN(this.pixel)) return [];
    const between = [this.lowest, this.highest].sort((a, b) => a.x - b.x);
    return [this.first, ...between, this.last].filter(
      (point, i, all) => i === 0 || point.x > (all[i - 1]?.x ?? 0),
    );
  }
}

interface Point {
  readonly x: number;
  readonly y: number;
}
const NOWHERE: Point = { x: NaN, y: NaN };

function flush(decimator: Decimator, into: Polyline): void {
  for (const point of decimator.open) {
    into.x.push(point.x);
    into.y.push(point.y);
  }
}

/** Several polylines over one rising x: values where a line has none are undefined, which the chart joins across. */
export function align(
  lines: readonly Line[],
  looks: ReadonlyArray<{ readonly gaps?: boolean }> = [],
): { x: number[]; y: Array<Array<number | null | undefined>> } {
  const at = lines.map(() => 0);
  const x: number[] = [];
  const y: Array<Array<number | null | undefined>> = lines.map(() => []);
  for (;;) {
    let next = Infinity;
    for (let i = 0; i < lines.length; i++) next = Math.min(next, lines[i]?.x[at[i] ?? 0] ?? Infinity);
    if (next === Infinity) return { x, y };
    x.push(next);
    for (let i = 0; i < lines.length; i++) {
      const here = at[i] ?? 0;
      const has = lines[i]?.x[here] === next;
      const value = has ? (lines[i]?.y[here] ?? NaN) : NaN;
      // For the chart, null is a gap and undefined a place where this curve has no point.
      const missing = has && looks[i]?.gaps === true ? null : undefined;
      y[i]?.push(Number.isFinite(value) ? value : missing);
      if (has) at[i] = here + 1;
    }
  }
}
