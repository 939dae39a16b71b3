// Halving and doubling of feature maps: a masked convolution at every second pixel, and the four pixels that each pixel
// of a smaller map becomes. Out of ops that have gradients on every device.
import { add, concat, pad, reshape, slice, tidy } from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { maskedConvolution, type Place } from './maskedConvolution';

/**
 * The masked convolution of x at rows 0, 2, … and columns 0, 2, …: only those are computed. Odd sizes round up.
 * @param x [B, H, W, C]
 * @param w [T·C, N] as maskedConvolution takes it
 * @param b [N], or null for none
 * @returns [B, ⌈H/2⌉, ⌈W/2⌉, N]
 */
export function halvedConvolution(
  x: Tensor4D,
  w: Tensor2D,
  b: Tensor1D | null,
  places: readonly Place[],
): Tensor4D {
  const [, H, W, C] = x.shape;
  const N = w.shape[1];
  return tidy(() => {
    const even = pad(x, [
      [0, 0],
      [0, H % 2],
      [0, W % 2],
      [0, 0],
    ]);
    // Places whose row and column are even or odd alike read the same quarter of the pixels, at neighbours of one another.
    let total: Tensor4D | null = null;
    for (const [rowPart, columnPart] of QUARTERS) {
      const inQuarter = places.flatMap(([down, right], index) =>
        (down & 1) === rowPart && (right & 1) === columnPart ? [index] : [],
      );
      if (inQuarter.length === 0) continue;
      const weights = inQuarter.map((index) => slice(w, [index * C, 0], [C, N]));
      const near = inQuarter.map((index): Place => {
        const [down, right] = places[index] as Place;
        return [down >> 1, right >> 1];
      });
      const bias: Tensor1D | null = total === null ? b : null;
      const quarter = everySecond(even, rowPart, columnPart);
      const part = maskedConvolution(
        quarter,
        weights.length === 1 ? (weights[0] as Tensor2D) : concat(weights, 0),
        bias,
        near,
      );
      total = total === null ? part : add<Tensor4D>(total, part);
    }
    return total ?? ([] as never);
  });
}

const QUARTERS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

/** @param x [B, H, W, C], H and W even @returns [B, H/2, W/2, C] */
function everySecond(x: Tensor4D, row: number, column: number): Tensor4D {
  const [B, H, W, C] = x.shape;
  const rows = slice(reshape<Rank.R3>(x, [(B * H) / 2, 2, W * C]), [0, row, 0], [(B * H) / 2, 1, W * C]);
  const pairs = reshape<Rank.R3>(rows, [(B * H * W) / 4, 2, C]);
  return reshape(slice(pairs, [0, column, 0], [(B * H * W) / 4, 1, C]), [B, H / 2, W / 2, C]);
}

/**
 * Every pixel becomes a block of four: top left, top right, bottom left, bottom right.
 * @param x [B, H, W, 4·C]
 * @param size rows and columns that are left of 2H and 2W
 * @returns [B, size rows, size columns, C]
 */
export function spreadBlocks(x: Tensor4D, [rows, columns]: readonly [number, number]): Tensor4D {
  const [B, H, W, width] = x.shape;
  const C = width / 4;
  return tidy(() => {
    const flat = reshape<Rank.R2>(x, [B * H * W, 4 * C]);
    const row = (which: number): Tensor =>
      reshape(slice(flat, [0, 2 * C * which], [B * H * W, 2 * C]), [B * H, 1, 2 * W * C]);
    const doubled = reshape<Rank.R4>(concat([row(0), row(1)], 1), [B, 2 * H, 2 * W, C]);
    return rows === 2 * H && columns === 2 * W
      ? doubled
      : slice(doubled, [0, 0, 0, 0], [B, rows, columns, C]);
  });
}
