// Per-step numbers of a run as growing columns. Appending is amortised O(1); steps stay strictly rising.
import type { TrainingContent } from '../../../src/protocol/views';

export type StepRows = Pick<TrainingContent, 'step' | 'loss' | 'learningRate' | 'gradientNorm'>;

export class Columns {
  length = 0;
  /** Rises when rows that were there have gone: whoever follows along must begin anew. */
  generation = 0;
  private columns = {
    step: new Float64Array(1024),
    loss: new Float32Array(1024),
    learningRate: new Float32Array(1024),
    gradientNorm: new Float32Array(1024),
  };

  get step(): Float64Array {
    return this.columns.step.subarray(0, this.length);
  }
  get loss(): Float32Array {
    return this.columns.loss.subarray(0, this.length);
  }
  get learningRate(): Float32Array {
    return this.columns.learningRate.subarray(0, this.length);
  }
  get gradientNorm(): Float32Array {
    return this.columns.gradientNorm.subarray(0, this.length);
  }

  lastStep(): number {
    return this.length === 0 ? -Infinity : (this.columns.step[this.length - 1] ?? -Infinity);
  }

  /** A resumed run goes back to its checkpoint: rows from the first new step on are replaced. */
  append(rows: StepRows): void {
    const first = rows.step[0];
    if (first === undefined) return;
    if (first <= this.lastStep()) {
      this.length = lowerBound(this.step, first);
      this.generation++;
    }
    this.reserve(this.length + rows.step.length);
    this.columns.step.set(rows.step, this.length);
    this.columns.loss.set(rows.loss, this.length);
    this.columns.learningRate.set(rows.learningRate, this.length);
    this.columns.gradientNorm.set(rows.gradientNorm, this.length);
    this.length += rows.step.length;
  }

  private reserve(needed: number): void {
    if (needed <= this.columns.step.length) return;
    const capacity = Math.max(needed, 2 * this.columns.step.length);
    const wider = <Column extends Float32Array | Float64Array>(column: Column, made: Column) => {
      made.set(column);
      return made;
    };
    this.columns = {
      step: wider(this.columns.step, new Float64Array(capacity)),
      loss: wider(this.columns.loss, new Float32Array(capacity)),
      learningRate: wider(this.columns.learningRate, new Float32Array(capacity)),
      gradientNorm: wider(this.columns.gradientNorm, new Float32Array(capacity)),
    };
  }
}

/** Index of the first of `sorted` that is not below `value`. */
export function lowerBound(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the one of `sorted` nearest to `value`; −1 when there is none. */
export function nearest(sorted: ArrayLike<number>, value: number): number {
  if (sorted.length === 0) return -1;
  const above = Math.min(sorted.length - 1, lowerBound(sorted, value));
  if (above === 0) return 0;
  const below = above - 1;
  return value - (sorted[below] ?? 0) <= (sorted[above] ?? 0) - value ? below : above;
}
