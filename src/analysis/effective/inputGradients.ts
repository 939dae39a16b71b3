// How much each input moves an output's likelihood, by one pass back through the network for a batch of images, each with
// an output of its own: by an input's brightness where levels are numbers to the model, by its level where they are names.
// Knows no file; asks a model for logits only.
import {
  abs,
  cast,
  div,
  grad,
  mul,
  oneHot,
  reshape,
  sub,
  sum,
  tensor1d,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { ImageModel, Sensitivity } from '../../families/imageFamily';
import { chosenLogProbs, givenOf, labelsOf, type GradientBatch } from './chosenLogProbs';

export type DifferentiableModel = Pick<ImageModel, 'logits' | 'mixedLogits'>;

/**
 * @returns [rows, H, W, channels]
 *   brightness: |∂ log p(x_o) / ∂x_i|, nats per unit of brightness, where 0 is the lowest level and 1 the highest
 *   level: the mean over the levels k ≠ x_i of |∂ log p(x_o) / ∂(s_k − s_x)|, s the shares of the levels in the mixture
 *   that input i is, all of it x_i: nats per exchanged level, to first order
 * @throws where the model's logits are no differentiable function of its pixels
 */
export async function inputGradients(
  model: DifferentiableModel,
  sensitivity: Sensitivity,
  batch: GradientBatch,
): Promise<Float32Array> {
  const result = tidy(() => {
    switch (sensitivity) {
      case 'brightness':
        return byBrightness(model, batch);
      case 'level':
        return byLevel(model, batch);
      default:
        return sensitivity satisfies never;
    }
  });
  const values = Float32Array.from(await result.data());
  result.dispose();
  return values;
}

function byBrightness(model: DifferentiableModel, batch: GradientBatch): Tensor4D {
  const { shape, pixels, outputs, levels } = batch;
  const { height, width, channels } = shape;
  const logProb = (x: Tensor): Tensor =>
    chosenLogProbs(model.logits({ pixels: x as Tensor<Rank.R4>, ...givenOf(batch) }), batch);
  const x = tensor4d(Float32Array.from(pixels), [outputs.length, height, width, channels], 'float32');
  return mul<Tensor4D>(abs(grad(logProb)(x)), levels - 1);
}

function byLevel(model: DifferentiableModel, batch: GradientBatch): Tensor4D {
  const { shape, pixels, outputs, levels } = batch;
  const { height, width, channels } = shape;
  const sides = [outputs.length, height, width, channels] as const;
  const logProb = (shares: Tensor): Tensor => {
    const logits = model.mixedLogits?.(shares as Tensor<Rank.R5>, labelsOf(batch).labels);
    if (!logits) throw new Error('inputGradients: expected a model with mixedLogits, got one without');
    return chosenLogProbs(logits, batch);
  };
  const whole = cast(oneHot(tensor1d(pixels, 'int32'), levels), 'float32'); // [rows · H · W · channels, K]
  const all = reshape(grad(logProb)(reshape(whole, [...sides, levels])), whole.shape);
  // An input gives up its own level for another: what the level itself has of the gradient is the same for all of them.
  const own = sum(mul(all, whole), 1, true);
  const others = div(sum(abs(sub(all, own)), 1), Math.max(1, levels - 1));
  return reshape<Rank.R4>(others, [...sides]);
}
