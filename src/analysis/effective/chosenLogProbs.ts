// What an effective field is the derivative of: log p of one output of each image of a batch, summed, since images are
// independent of one another and the derivative of the sum holds each one's own. Asks a model for nothing itself.
import { cast, matMul, neg, oneHot, reshape, sum, tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { crossEntropy } from '../../nn/crossEntropy';
import type { GridShape } from '../reach/subpixelSet';

export interface GradientBatch {
  readonly shape: GridShape;
  readonly levels: number;
  /** [rows, H, W, channels], each in [0, levels) */
  readonly pixels: Int32Array;
  /** The class of each row, of a model that knows classes; without a class when absent. [rows] */
  readonly labels?: Int32Array;
  /** Of a model that reads one, held fixed [rows, H, W, features]. */
  readonly condition?: Float32Array;
  /** The output of each row, counted in raster order. [rows] */
  readonly outputs: Int32Array;
}

/**
 * What was drawn at the outputs is held fixed. Leaves what it makes to the caller's tidy.
 * @param logits [rows, H, W, channels, K]
 */
export function chosenLogProbs(
  logits: Tensor<Rank.R5>,
  { shape: { height, width, channels }, levels, pixels, outputs }: GradientBatch,
): Scalar {
  const size = height * width * channels;
  const rows = outputs.length;
  const chosen = Int32Array.from(outputs, (output, row) => row * size + output);
  const targets = tensor1d(
    Int32Array.from(chosen, (at) => pixels[at] ?? 0),
    'int32',
  );
  const picks = cast<Tensor2D>(oneHot(tensor1d(chosen, 'int32'), rows * size) as Tensor2D, 'float32'); // [rows, rows · size]
  const all = reshape<Rank.R2>(logits, [rows * size, levels]);
  return neg(sum<Scalar>(crossEntropy(matMul<Tensor2D>(picks, all), targets)));
}

/** What each image is given beside its pixels. */
export function givenOf(batch: GradientBatch): {
  readonly labels?: Tensor1D;
  readonly condition?: Tensor4D;
} {
  const { condition, outputs, shape } = batch;
  if (condition === undefined) return labelsOf(batch);
  const sides = [outputs.length, shape.height, shape.width] as const;
  const features = condition.length / (outputs.length * shape.height * shape.width);
  return { ...labelsOf(batch), condition: tensor4d(condition, [...sides, features]) };
}

export function labelsOf({ labels }: GradientBatch): { readonly labels?: Tensor1D } {
  return labels === undefined ? {} : { labels: tensor1d(labels, 'int32') };
}
