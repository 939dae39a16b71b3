// What image models have in common: the likelihood that follows from logits, and how pixels become inputs.
// Knows no layer and no family.
import { cast, div, mean, reshape, tensor1d, tidy } from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { uniformAt } from '../math/counterRng';
import { crossEntropy } from '../nn/crossEntropy';
import type { LossOptions } from './family';
import type { ImageBatch, ImageFacts } from './imageFamily';

/** Levels as numbers from 0 to 1. @param pixels int32 [B, H, W, C] */
export function scaledPixels(pixels: Tensor<Rank.R4>, levels: number): Tensor4D {
  return tidy(() => div(cast(pixels, 'float32'), levels - 1));
}

/** −log p of each sub-pixel, nats [B·H·W·C]. @param logits [B, H, W, C, K] */
export function subpixelNats(logits: Tensor<Rank.R5>, pixels: Tensor<Rank.R4>): Tensor1D {
  return tidy(() => {
    const levels = logits.shape[4];
    const rows = reshape<Tensor2D['rankType']>(logits, [pixels.size, levels]);
    return crossEntropy(rows, reshape<Tensor1D['rankType']>(pixels, [pixels.size]));
  });
}

export function meanNats(logits: Tensor<Rank.R5>, pixels: Tensor<Rank.R4>): Scalar {
  return tidy(() => mean(subpixelNats(logits, pixels)));
}

/** Log-probabilities in host memory, [B, H, W, C]. */
export async function logProbOf(nats: Tensor1D): Promise<Float32Array> {
  const values = Float32Array.from(await nats.data(), (value) => -value);
  nats.dispose();
  return values;
}

/** While training, each label hidden with probability `rate`; which ones follows from seed, step and row. */
export function withHiddenLabels(batch: ImageBatch, rate: number, { training }: LossOptions): ImageBatch {
  if (!batch.labels || !training) return batch;
  const { seed, step } = training;
  const shown = Int32Array.from(batch.labels.dataSync(), (label, row) =>
    uniformAt(seed, step, row) < rate ? -1 : label,
  );
  return { ...batch, labels: tensor1d(shown, 'int32') };
}

/** Where a sub-pixel lies, counted in raster order. */
export function placeOf(
  { width, channels }: Pick<ImageFacts, 'width' | 'channels'>,
  position: number,
): { row: number; column: number; channel: number } {
  const pixel = Math.floor(position / channels);
  return { row: Math.floor(pixel / width), column: pixel % width, channel: position % channels };
}
