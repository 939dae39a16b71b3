// Orders in which an image's pixels are generated. Pure; pixels are counted in raster order: row · width + column.
import { shuffled } from './shuffle';

/**
 * raster: row by row · snake: rows in turn from the left and from the right · zigzag: anti-diagonals in turn downwards and
 * upwards (JPEG's) · diagonal: anti-diagonals, each downwards to the left · column: column by column · random: by a seed.
 */
export const SCAN_ORDERS = ['raster', 'snake', 'zigzag', 'diagonal', 'column', 'random'] as const;
export type ScanOrder = (typeof SCAN_ORDERS)[number];

export interface Grid {
  readonly height: number;
  readonly width: number;
}

/** @param seed of the random order; the others need none @returns which pixel comes at each step [height · width] */
export function scanOrder(order: ScanOrder, { height, width }: Grid, seed: number): Int32Array {
  const size = height * width;
  switch (order) {
    case 'raster':
      return Int32Array.from({ length: size }, (_, step) => step);
    case 'snake':
      return Int32Array.from({ length: size }, (_, step) => {
        const [row, place] = [Math.floor(step / width), step % width];
        return row * width + (row % 2 === 0 ? place : width - 1 - place);
      });
    case 'column':
      return Int32Array.from(
        { length: size },
        (_, step) => (step % height) * width + Math.floor(step / height),
      );
    case 'zigzag':
      return diagonals({ height, width }, (diagonal) => diagonal % 2 === 0);
    case 'diagonal':
      return diagonals({ height, width }, () => false);
    case 'random':
      return shuffled(
        Int32Array.from({ length: size }, (_, pixel) => pixel),
        seed,
      );
    default:
      return order satisfies never;
  }
}

/** Anti-diagonals (row + column is the same) from the top left, each downwards to the left unless `upwards` says so. */
function diagonals({ height, width }: Grid, upwards: (diagonal: number) => boolean): Int32Array {
  const pixels: number[] = [];
  for (let diagonal = 0; diagonal < height + width - 1; diagonal++) {
    const first = Math.max(0, diagonal - width + 1);
    const last = Math.min(height - 1, diagonal);
    for (let at = first; at <= last; at++) {
      const row = upwards(diagonal) ? first + last - at : at;
      pixels.push(row * width + diagonal - row);
    }
  }
  return Int32Array.from(pixels);
}

/** An order of pixels as one of sub-pixels: R → G → B of a pixel one after another. @returns [height · width · channels] */
export function subpixelOrder(pixels: Int32Array, channels: number): Int32Array {
  return Int32Array.from(
    { length: pixels.length * channels },
    (_, step) => (pixels[Math.floor(step / channels)] ?? 0) * channels + (step % channels),
  );
}
