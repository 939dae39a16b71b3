// A masked convolution as image families use it: over tensors for whole images, and over host memory for one pixel, which
// is what sampling needs. The two use the same weights and give the same numbers but for rounding.
import { mul, tidy } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { maskedConvolution, type MaskedConvolutionOptions, type Place } from '../nn/maskedConvolution';
import type { Convolution } from './imageWeights';

/** @param x [B, H, W, inputs] @returns [B, H, W, outputs] */
export function convolve(x: Tensor4D, layer: Convolution, options: MaskedConvolutionOptions = {}): Tensor4D {
  return tidy(() => {
    const weight = layer.open ? mul<typeof layer.weight>(layer.weight, layer.open) : layer.weight;
    return maskedConvolution(x, weight, layer.bias, layer.places, options);
  });
}

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
  private readonly places: readonly Place[];
  private readonly inputs: number;
  private readonly weight: Float32Array;
  private readonly bias: Float32Array | null;

  constructor(layer: Convolution) {
    this.places = layer.places;
    this.inputs = layer.inputs;
    this.outputs = layer.outputs;
    const open = layer.open?.dataSync();
    this.weight = Float32Array.from(layer.weight.dataSync(), (value, at) => value * (open?.[at] ?? 1));
    this.bias = layer.bias ? Float32Array.from(layer.bias.dataSync()) : null;
  }

  /**
   * The output features in `ranges` at one pixel of one image.
   * @param out [outputs]: those in `ranges` are overwritten
   */
  at(x: Plane, row: number, r: number, c: number, ranges: readonly FeatureRange[], out: Float64Array): void {
    const { inputs, outputs, weight, bias } = this;
    for (const [from, to] of ranges) for (let o = from; o < to; o++) out[o] = bias?.[o] ?? 0;
    for (let place = 0; place < this.places.length; place++) {
      const [down, right] = this.places[place] as Place;
      const [top, left] = [r + down, c + right];
      if (top < 0 || top >= x.height || left < 0 || left >= x.width) continue;
      const start = pixelAt(x, row, top, left);
      for (let i = 0; i < inputs; i++) {
        const value = x.values[start + i] as number;
        if (value === 0) continue;
        const line = (place * inputs + i) * outputs;
        for (const [from, to] of ranges) {
          for (let o = from; o < to; o++) out[o] = (out[o] as number) + value * (weight[line + o] as number);
        }
      }
    }
  }
}
