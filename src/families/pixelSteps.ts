// What a stack of masked convolutions computes at one pixel, as a list of steps, and what computes them. hostPixels.ts does
// it in JavaScript over host memory, which is the plain reference, kernelPixels.ts by a kernel of the simd device. Knows no
// family.
import type { FeatureRange, Plane } from './imageLayers';
import type { Convolution } from './imageWeights';

/**
 * A plane of 1 × 1 pixels has the features of the current pixel only.
 *   sum = Σ over `reads` of the convolution + Σ over `adds` of that plane's features;   keep = sum;   then.into = then(sum)
 */
export interface PixelStep {
  /** One or two. */
  readonly reads: ReadonlyArray<{ readonly plane: Plane; readonly layer: Convolution }>;
  /** The output features that are computed; of a gate, of each half. */
  readonly range: FeatureRange;
  /** At most two, with as many features as there are outputs. */
  readonly adds?: readonly Plane[];
  readonly keep?: Plane;
  /** A gate is tanh(first half) · σ(second half), with half as many features. */
  readonly then?: { readonly kind: 'relu' | 'gate'; readonly into: Plane };
}

export interface PixelSteps {
  /**
   * All steps, one after the other, at pixels `column` to column + columns − 1 of a row of every image. With more than one
   * column, each step is done for all of them before the next, and none may write a plane of one pixel.
   */
  run(row: number, column: number, columns: number): void;
}

/** Planes of several images, and steps over them. */
export interface Pixels {
  readonly rows: number;
  /** Zeros. Its values are live: what is written there is what steps read. */
  plane(height: number, width: number, features: number): Plane;
  /** Weights are copied. */
  steps(steps: readonly PixelStep[]): PixelSteps;
  /** Planes and steps are of no use afterwards. */
  dispose(): void;
}

export interface PixelsShape {
  readonly rows: number;
  readonly height: number;
  readonly width: number;
}
