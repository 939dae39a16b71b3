// Exponential moving average with the start's bias taken out, so that the first values are not pulled to zero.
// Fed point by point: appending never looks back. Pure.

export const SMOOTHINGS = [0, 0.6, 0.9, 0.98] as const;
export type Smoothing = (typeof SMOOTHINGS)[number];

export class Smoother {
  private sum = 0;
  private weight = 0;

  constructor(private readonly keep: number) {}

  /** The average so far, `value` included. What is not finite passes through and leaves no trace. */
  add(value: number): number {
    if (!Number.isFinite(value)) return value;
    this.sum = this.keep * this.sum + (1 - this.keep) * value;
    this.weight = this.keep * this.weight + (1 - this.keep);
    return this.sum / this.weight;
  }
}

/** Over about how many steps a smoothed value is the mean: the denominator shown with it. */
export function stepsAveraged(keep: number, steps: number): number {
  return Math.max(1, Math.min(steps, Math.round(1 / (1 - keep))));
}
