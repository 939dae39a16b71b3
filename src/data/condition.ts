// What a model of images is given place by place, as numbers from 0 to 1: an image's own means over blocks, another
// picture's brightness, or one number for each label of a map. Pure: knows no file and no model.

export interface ConditionGrid {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * The mean of each block of factor × factor pixels, seen by all of its pixels.
 * @param values [rows, height, width, channels], from 0 to `most`; both sides are multiples of `factor`
 * @returns the same shape
 */
export function shrunken(
  values: ArrayLike<number>,
  grid: ConditionGrid,
  factor: number,
  most: number,
): Float32Array {
  return spread(means(values, grid, factor, most), grid, factor);
}

/** @returns [rows, height / factor, width / factor, channels] */
export function means(
  values: ArrayLike<number>,
  { height, width, channels }: ConditionGrid,
  factor: number,
  most: number,
): Float32Array {
  const [low, narrow] = [height / factor, width / factor];
  const rows = values.length / (height * width * channels);
  const sums = new Float64Array(rows * low * narrow * channels);
  for (let at = 0, image = 0; image < rows; image++) {
    for (let r = 0; r < height; r++) {
      const line = (image * low + Math.floor(r / factor)) * narrow;
      for (let c = 0; c < width; c++) {
        const block = (line + Math.floor(c / factor)) * channels;
        for (let channel = 0; channel < channels; channel++, at++) {
          sums[block + channel] = (sums[block + channel] as number) + (values[at] as number);
        }
      }
    }
  }
  return Float32Array.from(sums, (sum) => sum / (factor * factor * most));
}

/** @param blocks [rows, height / factor, width / factor, channels] @returns [rows, height, width, channels] */
export function spread(
  blocks: ArrayLike<number>,
  { height, width, channels }: ConditionGrid,
  factor: number,
): Float32Array {
  const [low, narrow] = [height / factor, width / factor];
  const rows = blocks.length / (low * narrow * channels);
  const out = new Float32Array(rows * height * width * channels);
  for (let at = 0, image = 0; image < rows; image++) {
    for (let r = 0; r < height; r++) {
      const line = (image * low + Math.floor(r / factor)) * narrow;
      for (let c = 0; c < width; c++) {
        const block = (line + Math.floor(c / factor)) * channels;
        for (let channel = 0; channel < channels; channel++, at++)
          out[at] = blocks[block + channel] as number;
      }
    }
  }
  return out;
}

/** Brightness: 0 is black, 1 is white. */
export function brightness(bytes: Uint8Array): Float32Array {
  return Float32Array.from(bytes, (value) => value / 255);
}

/** 1 where a pixel has a label, 0 for the others. @param bytes each below `labels` @returns [bytes.length, labels] */
export function labelPlanes(bytes: Uint8Array, labels: number): Float32Array {
  const out = new Float32Array(bytes.length * labels);
  for (let at = 0; at < bytes.length; at++) out[at * labels + (bytes[at] as number)] = 1;
  return out;
}
