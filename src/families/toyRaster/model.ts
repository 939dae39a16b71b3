// p(x_i | x_<i): a normal around the mean of all sub-pixels before (½ for the first), over bins around the levels; the
// first and last bin take what lies beyond (the edge bins of PixelCNN++, with a normal in place of a logistic).
// Computed in double precision on the host, and so is the derivative by the pixels; there is nothing to learn.
import { customGrad, tensor4d, tensor5d, tidy } from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { discretised, discretisedSlopes, logNormalCdf, logNormalDensity } from '../../math/normal';
import { logProbOf, meanNats, subpixelNats } from '../imageModel';
import {
  subpixelsOf,
  type ImageBatch,
  type ImageDecoder,
  type ImageDecoderOptions,
  type ImageFacts,
  type ImageModel,
} from '../imageFamily';

export interface ToyRasterConfig {
  readonly sigma: number;
}

export class ToyRasterModel implements ImageModel<ToyRasterConfig> {
  readonly classes = 0;
  readonly variables = [];

  constructor(
    readonly config: ToyRasterConfig,
    readonly facts: ImageFacts,
  ) {}

  loss({ pixels }: ImageBatch): Scalar {
    return tidy(() => meanNats(this.logits({ pixels }), pixels));
  }

  logits({ pixels }: ImageBatch): Tensor<Rank.R5> {
    if (pixels.dtype === 'int32') return this.logShares(pixels);
    const differentiable = customGrad((x) => ({
      value: this.logShares(x as Tensor4D),
      gradFunc: (dy) => this.gradient(x as Tensor4D, dy as Tensor<Rank.R5>),
    }));
    return differentiable(pixels) as Tensor<Rank.R5>;
  }

  private logShares(pixels: Tensor<Rank.R4>): Tensor<Rank.R5> {
    const [B, H, W, C] = pixels.shape;
    const { levels } = this.facts;
    const values = pixels.dataSync();
    const out = new Float32Array(values.length * levels);
    const size = H * W * C;
    for (let row = 0; row < B; row++) {
      const running = new RunningMean(levels);
      for (let at = row * size; at < (row + 1) * size; at++) {
        out.set(this.shares(running.mean), at * levels);
        running.add(values[at] as number);
      }
    }
    return tensor5d(out, [B, H, W, C, levels]);
  }

  /** The mean of the n sub-pixels before moves by 1/n of what one of them moves by. @param dy [B, H, W, C, K] */
  private gradient(pixels: Tensor<Rank.R4>, dy: Tensor<Rank.R5>): Tensor4D {
    const [B, H, W, C] = pixels.shape;
    const { levels } = this.facts;
    const [values, above] = [pixels.dataSync(), dy.dataSync()];
    const size = H * W * C;
    const out = new Float32Array(B * size);
    for (let row = 0; row < B; row++) {
      const running = new RunningMean(levels);
      // Of each output, by any one sub-pixel before it.
      const moved = Float64Array.from({ length: size }, (_, at) => {
        const slopes = at === 0 ? new Float64Array(levels) : this.slopes(running.mean);
        running.add(values[row * size + at] as number);
        const from = (row * size + at) * levels;
        return (
          slopes.reduce((sum, slope, level) => sum + slope * (above[from + level] as number), 0) /
          Math.max(1, at)
        );
      });
      for (let at = size - 2, sum = 0; at >= 0; at--) {
        sum += moved[at + 1] as number;
        out[row * size + at] = sum;
      }
    }
    return tensor4d(out, [B, H, W, C]);
  }

  logProb({ pixels }: ImageBatch): Promise<Float32Array> {
    return logProbOf(tidy(() => subpixelNats(this.logits({ pixels }), pixels)));
  }

  decoder({ rows }: ImageDecoderOptions): ImageDecoder {
    return new ToyRasterDecoder(rows, this.facts, (mean) => this.shares(mean));
  }

  fit(): void {
    // Nothing to learn: σ is given.
  }

  dispose(): void {
    // Nothing is held.
  }

  /** ln p of each level around a mean from 0 to 1. */
  private shares(mean: number): Float64Array {
    const last = this.facts.levels - 1;
    return discretised(logNormalCdf, mean * last, this.config.sigma * last, new Float64Array(last + 1));
  }

  /** d ln p of each level by the mean in levels. */
  private slopes(mean: number): Float64Array {
    const last = this.facts.levels - 1;
    return discretisedSlopes(logNormalDensity, mean * last, this.config.sigma * last, this.shares(mean));
  }
}

class RunningMean {
  private sum = 0;
  private count = 0;

  constructor(private readonly levels: number) {}

  get mean(): number {
    return this.count === 0 ? 0.5 : this.sum / this.count / (this.levels - 1);
  }

  add(level: number): void {
    this.sum += level;
    this.count++;
  }
}

class ToyRasterDecoder implements ImageDecoder {
  position = 0;
  private readonly means: RunningMean[];
  private readonly result: Float32Array;
  private readonly size: number;

  constructor(
    readonly rows: number,
    private readonly facts: ImageFacts,
    private readonly shares: (mean: number) => Float64Array,
  ) {
    this.size = subpixelsOf(facts);
    this.means = Array.from({ length: rows }, () => new RunningMean(facts.levels));
    this.result = new Float32Array(rows * facts.levels);
  }

  next(): Promise<Float32Array> {
    if (this.position >= this.size) {
      return Promise.reject(new Error('ImageDecoder.next: expected a sub-pixel that is left, got none'));
    }
    for (const [row, { mean }] of this.means.entries()) {
      this.result.set(this.shares(mean), row * this.facts.levels);
    }
    return Promise.resolve(this.result);
  }

  set(values: ArrayLike<number>): void {
    if (this.position >= this.size)
      throw new Error('ImageDecoder.set: expected a sub-pixel that is left, got none');
    for (const [row, running] of this.means.entries()) {
      const value = values[row] ?? NaN;
      if (!Number.isInteger(value) || value < 0 || value >= this.facts.levels) {
        throw new Error(`ImageDecoder.set: expected a level in [0, ${this.facts.levels}), got ${value}`);
      }
      running.add(value);
    }
    this.position++;
  }

  dispose(): void {
    this.position = this.size;
  }
}
