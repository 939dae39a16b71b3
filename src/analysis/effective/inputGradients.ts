// How much each input moves an output's likelihood: |∂ log p(x_o) / ∂x_i|, by one pass back through the network for a batch
// of images, each with an output of its own. Knows no file; asks a model for logits only.
import {
  cast,
  grad,
  matMul,
  neg,
  oneHot,
  reshape,
  sum,
  tensor1d,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { ImageModel } from '../../families/imageFamily';
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
  /** The output of each row, in the order of generation. [rows] */
  readonly outputs: Int32Array;
}

/**
 * @returns nats per unit of brightness, where 0 is the lowest level and 1 the highest; [rows, H, W, channels]
 * @throws where the model's logits are no differentiable function of its pixels
 */
export async function inputGradients(
  model: Pick<ImageModel, 'logits'>,
  { shape, levels, pixels, labels, condition, outputs }: GradientBatch,
): Promise<Float32Array> {
  const { height, width, channels } = shape;
  const size = height * width * channels;
  const rows = outputs.length;
  const result = tidy(() => {
    const chosen = Int32Array.from(outputs, (output, row) => row * size + output);
    const targets = tensor1d(
      Int32Array.from(chosen, (at) => pixels[at] ?? 0),
      'int32',
    );
    const picks = cast<Tensor2D>(oneHot(tensor1d(chosen, 'int32'), rows * size) as Tensor2D, 'float32'); // [rows, rows · size]
    // The images are independent of one another: the gradient of the sum holds each one's own.
    const logProb = (x: Tensor): Tensor => {
      const given = {
        ...(labels === undefined ? {} : { labels: tensor1d(labels, 'int32') }),
        ...(condition === undefined
          ? {}
          : {
              condition: tensor4d(condition, [
                rows,
                height,
                width,
                condition.length / (rows * height * width),
              ]),
            }),
      };
      const logits = model.logits({ pixels: x as Tensor<Rank.R4>, ...given }); // [rows, H, W, C, K]
      const all = reshape<Tensor2D['rankType']>(logits, [rows * size, levels]);
      const own = matMul<Tensor2D>(picks, all); // [rows, K]
      return neg(sum(crossEntropy(own, targets)));
    };
    const x = tensor4d(Float32Array.from(pixels), [rows, height, width, channels], 'float32');
    return grad(logProb)(x) as Tensor4D;
  });
  const values = Float32Array.from(await result.data(), (value) => Math.abs(value) * (levels - 1));
  result.dispose();
  return values;
}
