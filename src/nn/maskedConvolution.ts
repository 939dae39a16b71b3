// Convolutions that read only the places of a mask: the neighbours as rows of a matrix, times the weights of just those
// places. A type-A or -B mask costs half of a full kernel, and there is no masked weight that could come back to life.
import { concat, matMul, pad, reshape, slice, sum, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type { UnfoldAttributes, UnfoldInputs } from '../kernels/fusedKernels';
import { fusedOp, isFused, output, runFused } from './fused';
import { linear, linearPlain } from './linear';

/** A place that is read: [rows down, columns right] from the output. */
export type Place = readonly [rows: number, columns: number];

export interface MaskedConvolutionOptions {
  /** x is data and needs no gradient. */
  readonly constantInput?: boolean;
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
  const [B, H, W, C] = x.shape;
  const N = w.shape[1];
  if (places.length === 1 && places[0]?.every((step) => step === 0)) {
    return tidy(() => reshape(linear(reshape<Tensor2D['rankType']>(x, [B * H * W, C]), w, b), [B, H, W, N]));
  }
  if (!isFused(FusedKernel.unfold)) return maskedConvolutionPlain(x, w, b, places);
  const needsGradient = options.constantInput !== true;
  const inputs: Tensor[] = [...(needsGradient ? [x] : []), w, ...(b === null ? [] : [b])];
  return fusedOp<Tensor4D>(
    inputs,
    (save) => {
      save([x, w]);
      const columns = unfold(x, places); // [B·H·W, T·C]
      const y = linear(columns, w, b);
      columns.dispose();
      return reshape(y, [B, H, W, N]);
    },
    (dy, saved) => {
      const [input, weight] = [output<Tensor4D>(saved, 0), output<Tensor2D>(saved, 1)];
      const dRows = reshape<Tensor2D['rankType']>(dy, [B * H * W, N]);
      const dw = tidy(() => matMul<Tensor2D>(unfold(input, places), dRows, true)); // [T·C, N]
      const gradients: Tensor[] = [dw];
      if (b !== null) gradients.push(sum(dRows, 0));
      if (needsGradient) gradients.unshift(inputGradient(dy, weight, places, C));
      return gradients;
    },
  );
}

/** dx at a pixel comes from the outputs that read it, which lie at the mirrored places. */
function inputGradient(dy: Tensor4D, w: Tensor2D, places: readonly Place[], C: number): Tensor4D {
  const [B, H, W, N] = dy.shape;
  const T = places.length;
  return tidy(() => {
    const turned = reshape<Tensor2D['rankType']>(transpose(reshape(w, [T, C, N]), [0, 2, 1]), [T * N, C]);
    const mirrored = places.map(([rows, columns]): Place => [-rows, -columns]);
    return reshape(linear(unfold(dy, mirrored), turned, null), [B, H, W, C]);
  });
}

/** @returns [B·H·W, T·C] */
function unfold(x: Tensor4D, places: readonly Place[]): Tensor2D {
  const inputs: UnfoldInputs = { x };
  const attributes: UnfoldAttributes = { offsets: places.flat() };
  return output<Tensor2D>(runFused(FusedKernel.unfold, inputs, attributes), 0);
}

/** The same out of tfjs's own ops, with their gradients. */
export function maskedConvolutionPlain(
  x: Tensor4D,
  w: Tensor2D,
  b: Tensor1D | null,
  places: readonly Place[],
): Tensor4D {
  const [B, H, W, C] = x.shape;
  const rows = places.reduce((most, [down]) => Math.max(most, Math.abs(down)), 0);
  const columns = places.reduce((most, [, right]) => Math.max(most, Math.abs(right)), 0);
  return tidy(() => {
    const padded = pad(x, [
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
    return reshape(linearPlain(flat, w, b), [B, H, W, w.shape[1]]);
  });
}
