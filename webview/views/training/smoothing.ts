// Exponential moving average that never looks back over more than a tenth of the steps so far: the steep start is
// not dragged behind, and on a logarithmic axis the lag looks the same everywhere.
// Fed point by point: appending never looks back. Pure.

export const SMOOTHINGS = [0, 0.6, 0.9, 0.98] as const;
export type Smoothing = (typeof SMOOTHINGS)[number];

const SHARE = 0.1;

export class Smoother {
  private count = 0;
  private average = 0;

  constructor(private readonly keep: number) {}

  /** The average so far, `value` included. What is not finite passes through and leaves no trace. */
  add(value: number): number {
    if (!Number.isFinite(value)) return value;
    this.count++;
    this.average += (value - this.average) / windowAt(this.keep, this.count);
    return this.average;
  }
}

/** Over about how many values the `count`-th average is the mean: the denominator shown with it. */
export function stepsAveraged(keep: number, count: number): number {
  return Math.round(windowAt(keep, count));
}

function windowAt(keep: number, count: number): number {
  return Math.max(1, Math.min(1 / (1 - keep), SHARE * count));
}
