// What gates let through, as histograms: tanh(W_f ∗ x), σ(W_g ∗ x) and their product, and how many of them are saturated.
// Pure; knows no network.

/** Within this of an end a value counts as saturated: its derivative is then at most a fiftieth of the largest. */
export const SATURATED = 0.01;
export const BINS = 40;

export type GatePart = 'tanh' | 'sigma' | 'product';

export interface GateHistogram {
  readonly part: GatePart;
  /** Ends of the first and the last bin; bins are equally wide. */
  readonly from: number;
  readonly to: number;
  readonly counts: Float64Array;
  /** Values in all. */
  readonly count: number;
  /** Shares of them within SATURATED of the lower and of the upper end. */
  readonly low: number;
  readonly high: number;
  /** Of the product: within SATURATED of 0, where nothing passes. */
  readonly shut: number;
}

/** Counts that grow with each batch of images. */
export class GateCounts {
  private readonly counts = new Float64Array(BINS);
  private readonly ends = { low: 0, high: 0, shut: 0 };
  private count = 0;
  private readonly from: number;

  constructor(readonly part: GatePart) {
    this.from = part === 'sigma' ? 0 : -1;
  }

  add(values: ArrayLike<number>): void {
    const { counts, ends, from } = this;
    const width = (1 - from) / BINS;
    for (let at = 0; at < values.length; at++) {
      const value = values[at] as number;
      const bin = Math.max(0, Math.min(BINS - 1, Math.floor((value - from) / width)));
      counts[bin] = (counts[bin] as number) + 1;
      if (value <= from + SATURATED) ends.low++;
      if (value >= 1 - SATURATED) ends.high++;
      if (Math.abs(value) <= SATURATED) ends.shut++;
    }
    this.count += values.length;
  }

  histogram(): GateHistogram {
    const { part, from, counts, count, ends } = this;
    const share = (many: number): number => (count === 0 ? 0 : many / count);
    return {
      part,
      from,
      to: 1,
      counts: counts.slice(),
      count,
      low: share(ends.low),
      high: share(ends.high),
      shut: share(ends.shut),
    };
  }
}
