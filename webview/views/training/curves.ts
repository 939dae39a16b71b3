// A run's curves as polylines thin enough to draw: follows the columns as they grow and never looks back,
// unless the axis, the smoothing or the past changed. Values are nats per element. Must not know the chart.
import type { Columns } from './columns';
import { nearest } from './columns';
import type { Polyline, StepAxis } from '../../plots/decimate';
import { Decimator } from '../../plots/decimate';
import { Smoother } from './smoothing';

export class Curves {
  raw: Decimator;
  smooth: Decimator;
  learningRate: Decimator;
  gradientNorm: Decimator;
  /** One per row: what a cursor reads. */
  readonly smoothed: number[] = [];
  private readonly smoother: Smoother;
  private readonly generation: number;

  constructor(
    private readonly columns: Columns,
    readonly axis: StepAxis,
    readonly smoothing: number,
  ) {
    this.raw = new Decimator(axis);
    this.smooth = new Decimator(axis);
    this.learningRate = new Decimator(axis);
    this.gradientNorm = new Decimator(axis);
    this.smoother = new Smoother(smoothing);
    this.generation = columns.generation;
    this.follow();
  }

  /** Whether these curves can go on, or must be made anew. */
  suits(columns: Columns, axis: StepAxis, smoothing: number): boolean {
    return (
      columns === this.columns &&
      columns.generation === this.generation &&
      smoothing === this.smoothing &&
      axis.scale === this.axis.scale &&
      axis.maximum === this.axis.maximum &&
      axis.pixels === this.axis.pixels
    );
  }

  /** Takes up the rows that came since; returns how many. */
  follow(): number {
    const { step, loss, learningRate, gradientNorm } = this.columns;
    const from = this.smoothed.length;
    for (let i = from; i < step.length; i++) {
      const at = step[i] ?? NaN;
      const smoothed = this.smoother.add(loss[i] ?? NaN);
      this.smoothed.push(smoothed);
      this.raw.add(at, loss[i] ?? NaN);
      this.smooth.add(at, smoothed);
    }
    this.learningRate.addAll(step, learningRate, from);
    this.gradientNorm.addAll(step, gradientNorm, from);
    return step.length - from;
  }

  /** The smoothed loss at the row nearest to `step`. */
  smoothedAt(step: number): number | undefined {
    return this.smoothed[nearest(this.columns.step, step)];
  }
}

/** A finished curve thinned once: another run's. */
export function thin(axis: StepAxis, steps: ArrayLike<number>, values: ArrayLike<number>): Polyline {
  const decimator = new Decimator(axis);
  decimator.addAll(steps, values);
  return decimator.points();
}

export function smoothAll(values: ArrayLike<number>, keep: number): number[] {
  const smoother = new Smoother(keep);
  return Array.from(values, (value) => smoother.add(value));
}

export function scaled(line: Polyline, factor: number): Polyline {
  return { x: line.x, y: line.y.map((value) => value * factor) };
}

/** Lowest and highest of several lists; undefined when nothing is finite. */
export function extent(lists: ReadonlyArray<readonly number[]>): readonly [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const list of lists) {
    for (const value of list) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : undefined;
}
