// Convolutions that read only the places of a mask, with weights of just those places. A type-A or -B mask costs half of a full kernel, and there is no masked weight that could come back to life.
import { add, concat, pad, relu, reshape, slice, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type { ConvolveAttributes, ConvolveGradInputs, ConvolveInputs } from '../kernels/fusedKernels';
import { fusedOp, isFused, output, runFused } from './fused';
import { linearPlain } from './linear';

/** A place that is read: [rows down, columns right] from the output. */
export type Place = readonly [rows: number, columns: number];

export interface MaskedConvolutionOptions {
  /** x is data and needs no gradient. */
  readonly constantInput?: boolean;
  /** Reads max(x, 0) in place of x. */
  readonly rectified?: boolean;
  /** [B, H, W, N], added to y. */
  readonly plus?: Tensor4D;
}

/**
 * y[b, r, c] = Σ over places t of x[b, r + rows(t), c + columns(t)] · w[t] + bias; outside the image x is 0.
 * @param x [B, H, W, C]
 * @param w [T·C, N]: the C rows of place 0, of place 1, …
 * @param b [N], or null for none
 * @param places T of them
 * @returns [B, H, W, N]
 */
export function maskedConvolution(
  x: Tensor4D,
  w: Tensor2D,
  b: Tensor1D | null,
  places: readonly Place[],
  options: MaskedConvolutionOptions = {},
): Tensor4D {
  if (!isFused(FusedKernel.convolve)) return maskedConvolutionPlain(x, w, b, places, options);
  const attributes: ConvolveAttributes = { offsets: places.flat(), rectified: options.rectified === true };
  const needsGradient = options.constantInput !== true;
  const { plus } = options;
  const inputs = [needsGradient ? x : null, w, b, plus ?? null].filter((each) => each !== null);
  return fusedOp<Tensor4D>(
    inputs,
    (save) => {
      save([x, w]);
      return convolve({ x, w, b: b ?? undefined, plus }, attributes);
    },
    (dy, saved) => {
      const [input, weight] = [output<Tensor4D>(saved, 0), output<Tensor2D>(saved, 1)];
      const above: ConvolveGradInputs = { x: input, dy };
      const found = runFused(FusedKernel.convolveGrad, above, attributes);
      const gradients: Tensor[] = [output(found, 0)];
      if (b === null) output(found, 1).dispose();
      else gradients.push(output(found, 1));
      if (needsGradient) {
        const mask = attributes.rectified ? input : undefined;
        gradients.unshift(inputGradient(dy, weight, places, input.shape[3], mask));
      }
      if (plus) gradients.push(dy.clone());
      return gradients;
    },
  );
}

/**
 * dx at a pixel comes from the outputs that read it, which lie at the mirrored places.
 * @param mask dx is 0 where this is not above 0
 */
function inputGradient(
  dy: Tensor4D,
  w: Tensor2D,
  places: readonly Place[],
  C: number,
  mask: Tensor4D | undefined,
): Tensor4D {
  const N = w.shape[1];
  const T = places.length;
  return tidy(() => {
    const turned = reshape<Tensor2D['rankType']>(transpose(reshape(w, [T, C, N]), [0, 2, 1]), [T * N, C]);
    const mirrored = places.flatMap(([rows, columns]) => [-rows, -columns]);
    return convolve({ x: dy, w: turned, above: mask }, { offsets: mirrored, rectified: false });
  });
}

function convolve(inputs: ConvolveInputs, attributes: ConvolveAttributes): Tensor4D {
  return output<Tensor4D>(runFused(FusedKernel.convolve, inputs, attributes), 0);
}

/** The same out of tfjs's own ops, with their gradients. */
export function maskedConvolutionPlain(
  x: Tensor4D,
  w: Tensor2D,
  b: Tensor1D | null,
  places: readonly Place[],
  options: MaskedConvolutionOptions = {},
): Tensor4D {
  const [B, H, W, C] = x.shape;
  const rows = places.reduce((most, [down]) => Math.max(most, Math.abs(down)), 0);
  const columns = places.reduce((most, [, right]) => Math.max(most, Math.abs(right)), 0);
  return tidy(() => {
    const padded = pad(options.rectified === true ? relu(x) : x, [
      [0, 0],
      [rows, rows],
      [columns, columns],
      [0, 0],
    ]);
    const seen = places.map(([down, right]) =>
      slice(padded, [0, rows + down, columns + right, 0], [B, H, W, C]),
    );
    const joined = concat(seen, 3); // [B, H, W, T·C]
    const flat = reshape<Tensor2D['rankType']>(joined, [B * H * W, places.length * C]);
    const y = reshape<Tensor4D['rankType']>(linearPlain(flat, w, b), [B, H, W, w.shape[1]]);
    return options.plus ? add<Tensor4D>(options.plus, y) : y;
  });
}
