// Random shapes and values for the device contract, seeded: the same seed makes the same tensors on every device.
import { tensor, type DataType, type Rank, type Tensor } from '@tensorflow/tfjs-core';
import { Rng } from '../../src/math/rng';

const sizes = [1, 1, 2, 3, 4, 5, 7, 9, 16, 17, 33];

/** What a device does not promise; the numbers it is given keep within that. */
export interface Limits {
  /** Dimensions of a tensor, at most. */
  readonly rank: number;
  /** Numbers smaller than 1.2e-38 are kept, not made 0. */
  readonly denormal: boolean;
  /** Numbers and results are finite and not denormal; where the reference's answer is not, any answer is right. */
  readonly finite: boolean;
}

export const NO_LIMITS: Limits = { rank: 6, denormal: true, finite: false };

export class Draw {
  readonly #rng: Rng;

  constructor(
    seed: number,
    readonly limits = NO_LIMITS,
  ) {
    this.#rng = new Rng(seed);
  }

  uniform(): number {
    return this.#rng.uniform();
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)] as T;
  }

  size(): number {
    return this.pick(sizes);
  }

  /** At most some thousand elements, so that cpu stays quick. */
  shape(lowRank = 0, highRank = 5): number[] {
    const shape: number[] = [];
    let total = 1;
    for (let rank = Math.min(this.int(lowRank, highRank), this.limits.rank); rank > 0; rank--) {
      const size = total > 3000 ? 1 : this.size();
      shape.push(size);
      total *= size;
    }
    return shape;
  }

  /** Two shapes that broadcast together. */
  broadcastShapes(): [number[], number[]] {
    const shape = this.shape(1, 5);
    const weaken = () =>
      shape.slice(this.int(0, shape.length)).map((size) => (this.uniform() < 0.35 ? 1 : size));
    return this.pick([
      [shape, weaken()],
      [weaken(), shape],
      [shape, shape],
    ]);
  }

  /** Float values around zero, or in [low, high]; integers and bools for those dtypes. */
  tensor<R extends Rank = Rank>(shape: number[], dtype: DataType = 'float32', low = -2, high = 2): Tensor<R> {
    const size = shape.reduce((product, n) => product * n, 1);
    const value = () => low + (high - low) * this.uniform();
    const values = Array.from({ length: size }, () => {
      if (dtype === 'bool') return this.int(0, 1);
      return dtype === 'int32' ? Math.floor(value() * 3) : value();
    });
    const make = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
    return tensor<R>(make[dtype as keyof typeof make].from(values), shape as never, dtype);
  }

  /** Every kind of number that a kernel may meet, then random ones. */
  awkward(): Tensor {
    const special = [
      NaN,
      Infinity,
      -Infinity,
      0,
      -0,
      1e-42,
      -1e-42,
      1e-30,
      3e38,
      -3e38,
      88.5,
      -88.5,
      103.9,
      -104,
      0.5,
      1.5,
      2.5,
    ];
    const tiny = (value: number) => value !== 0 && Math.abs(value) < 1.2e-38;
    const kept = special.filter((value) => this.limits.denormal || !tiny(value));
    const drawn = this.limits.finite ? [0, 1e-30, 80, -80, 0.5, 1.5, 2.5] : kept;
    const rest = Array.from({ length: this.int(1, 70) }, () => 40 * (this.uniform() - 0.5));
    return tensor(Float32Array.from([...drawn, ...rest]));
  }

  /** Axes of a rank: some, none twice, in any order. */
  axes(rank: number): number[] {
    return this.permutation(rank)
      .slice(0, this.int(1, Math.max(1, rank)))
      .filter((axis) => axis < rank);
  }

  permutation(length: number): number[] {
    const order = Array.from({ length }, (_, i) => i);
    for (let i = length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [order[i], order[j]] = [order[j] as number, order[i] as number];
    }
    return order;
  }

  ids(shape: number[], limit: number): Tensor {
    const size = shape.reduce((product, n) => product * n, 1);
    return tensor(
      Int32Array.from({ length: size }, () => this.int(0, limit - 1)),
      shape,
      'int32',
    );
  }
}
