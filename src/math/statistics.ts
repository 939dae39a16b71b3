// Means, variances and sums of many numbers. Pure; empty input has no mean and answers NaN.

/** Neumaier's compensated sum: the error does not grow with the count. */
export function sum(values: ArrayLike<number>): number {
  const total = new CompensatedSum();
  for (let i = 0; i < values.length; i++) total.add(values[i] ?? 0);
  return total.value;
}

/** A running compensated sum. */
export class CompensatedSum {
  private total = 0;
  private lost = 0;

  add(value: number): void {
    const next = this.total + value;
    if (Number.isFinite(next)) {
      this.lost +=
        Math.abs(this.total) >= Math.abs(value) ? this.total - next + value : value - next + this.total;
    }
    this.total = next;
  }

  get value(): number {
    return this.total + this.lost;
  }
}

export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}

/** Unbiased (divides by n − 1); NaN for fewer than two values. */
export function variance(values: ArrayLike<number>): number {
  if (values.length < 2) return NaN;
  const centre = mean(values);
  const squares = new CompensatedSum();
  for (let i = 0; i < values.length; i++) squares.add(((values[i] ?? 0) - centre) ** 2);
  return squares.value / (values.length - 1);
}

/** Standard error of the mean of independent values. */
export function standardError(values: ArrayLike<number>): number {
  return Math.sqrt(variance(values) / values.length);
}

/**
 * Standard error of the mean of values that depend on their neighbours (losses along a text): from the means of
 * `blocks` contiguous blocks, each of which should be much longer than the dependence.
 */
export function blockStandardError(values: ArrayLike<number>, blocks = 30): number {
  const length = Math.floor(values.length / blocks);
  if (length < 1) return NaN;
  const means = Array.from({ length: blocks }, (_, block) => {
    const total = new CompensatedSum();
    for (let i = block * length; i < (block + 1) * length; i++) total.add(values[i] ?? 0);
    return total.value / length;
  });
  return standardError(means);
}
