// A masked convolution as image families use it: over tensors for whole images, and over host memory for one pixel, which
// is what sampling needs. The two use the same weights and give the same numbers but for rounding.
import { mul, tidy } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { maskedConvolution, type MaskedConvolutionOptions } from '../nn/maskedConvolution';
import type { Convolution } from './imageWeights';

/** @param x [B, H, W, inputs] @returns [B, H, W, outputs] */
export function convolve(x: Tensor4D, layer: Convolution, options: MaskedConvolutionOptions = {}): Tensor4D {
  return tidy(() => {
    const weight = layer.open ? mul<typeof layer.weight>(layer.weight, layer.open) : layer.weight;
    return maskedConvolution(x, weight, layer.bias, layer.places, options);
  });
}

/** Of a layer that reads the ReLU of its input. */
export const RECTIFIED: MaskedConvolutionOptions = { rectified: true };

/** A layer's features of several images in host memory. */
export interface Plane {
  readonly height: number;
  readonly width: number;
  readonly features: number;
  readonly values: Float32Array; // [rows, H, W, features]
}

export function createPlane(rows: number, height: number, width: number, features: number): Plane {
  return { height, width, features, values: new Float32Array(rows * height * width * features) };
}

/** Where the features of a pixel begin. */
export function pixelAt({ height, width, features }: Plane, row: number, r: number, c: number): number {
  return ((row * height + r) * width + c) * features;
}

/** Output features from … to − 1. */
export type FeatureRange = readonly [from: number, to: number];

/** A convolution's weights in host memory, masked once and for all. */
export class HostConvolution {
  readonly outputs: number;
  /** Rows down and columns right of each place. */
  private readonly down: Int32Array;
  private readonly right: Int32Array;
  private readonly inputs: number;
  /** In double precision, as sums are: a conversion for each weight would cost as much as its product. */
  private readonly weight: Float64Array;
  private readonly bias: Float64Array | null;
  /** Inputs that are not 0, and where their weights begin: half of what comes out of a ReLU is. */
  private readonly values: Float64Array;
  private readonly lines: Int32Array;

  /** @param gains a factor for each output */
  constructor(layer: Convolution, gains?: Float64Array) {
    this.down = Int32Array.from(layer.places, ([rows]) => rows);
    this.right = Int32Array.from(layer.places, ([, columns]) => columns);
    this.inputs = layer.inputs;
    this.outputs = layer.outputs;
    const open = layer.open?.dataSync();
    this.weight = new Float64Array(layer.weight.dataSync());
    for (let at = 0; at < this.weight.length; at++) {
      const factor = (open?.[at] ?? 1) * (gains?.[at % layer.outputs] ?? 1);
      if (factor !== 1) this.weight[at] = (this.weight[at] as number) * factor;
    }
    this.bias = layer.bias ? Float64Array.from(layer.bias.dataSync()) : null;
    this.values = new Float64Array(layer.places.length * this.inputs);
    this.lines = new Int32Array(layer.places.length * this.inputs);
  }

  /**
   * The output features in `ranges` at one pixel of one image.
   * @param out [outputs]: those in `ranges` are overwritten
   */
  at(x: Plane, row: number, r: number, c: number, ranges: readonly FeatureRange[], out: Float64Array): void {
    const count = this.gather(x, row, r, c);
    for (const [from, to] of ranges) {
      for (let o = from; o < to; o++) out[o] = this.bias?.[o] ?? 0;
      this.accumulate(count, from, to, out);
    }
  }

  private gather(x: Plane, row: number, r: number, c: number): number {
    const { inputs, outputs, values, lines, down, right } = this;
    const seen = x.values;
    let count = 0;
    for (let place = 0; place < down.length; place++) {
      const top = r + (down[place] as number);
      const left = c + (right[place] as number);
      if (top < 0 || top >= x.height || left < 0 || left >= x.width) continue;
      const start = pixelAt(x, row, top, left);
      for (let i = 0; i < inputs; i++) {
        const value = seen[start + i] as number;
        if (value === 0) continue;
        values[count] = value;
        lines[count++] = (place * inputs + i) * outputs;
      }
    }
    return count;
  }

  /** Eight inputs at once: each sum is read and written an eighth as often. */
  private accumulate(count: number, from: number, to: number, out: Float64Array): void {
    const { values: v, lines: l, weight: w } = this;
    let j = 0;
    for (; j + 8 <= count; j += 8) {
      const v0 = v[j] as number;
      const l0 = l[j] as number;
      const v1 = v[j + 1] as number;
      const l1 = l[j + 1] as number;
      const v2 = v[j + 2] as number;
      const l2 = l[j + 2] as number;
      const v3 = v[j + 3] as number;
      const l3 = l[j + 3] as number;
      const v4 = v[j + 4] as number;
      const l4 = l[j + 4] as number;
      const v5 = v[j + 5] as number;
      const l5 = l[j + 5] as number;
      const v6 = v[j + 6] as number;
      const l6 = l[j + 6] as number;
      const v7 = v[j + 7] as number;
      const l7 = l[j + 7] as number;
      for (let o = from; o < to; o++) {
        out[o] =
          (out[o] as number) +
          (v0 * (w[l0 + o] as number) + v1 * (w[l1 + o] as number)) +
          (v2 * (w[l2 + o] as number) + v3 * (w[l3 + o] as number)) +
          (v4 * (w[l4 + o] as number) + v5 * (w[l5 + o] as number)) +
          (v6 * (w[l6 + o] as number) + v7 * (w[l7 + o] as number));
      }
    }
    for (; j < count; j++) {
      const value = v[j] as number;
      const line = l[j] as number;
      for (let o = from; o < to; o++) out[o] = (out[o] as number) + value * (w[line + o] as number);
    }
  }
}
