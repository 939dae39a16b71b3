// An image's bits along the model's own order of generation: how many are spent by each step, and which step a pixel
// comes at. Pure.
import type { ImageNats } from '../../../src/protocol/imageSets';
import { NATS_PER_BIT } from '../../../src/protocol/figure';
import { channelsOf } from './heat';
import type { Channel } from './settings';

export interface Generation {
  /** Sub-pixels that are counted: of all channels, or of the chosen one. */
  readonly steps: number;
  /** The sub-pixel of each step, in raster order: (row · width + column) · channels + channel. */
  readonly order: Int32Array;
  /** Bits of the sub-pixels before each step; one entry more than steps. */
  readonly before: Float64Array;
  /** By pixel: the step of the last of its sub-pixels that are counted. */
  readonly stepOf: Int32Array;
  /** Rows one after another, each from the left. */
  readonly isRaster: boolean;
}

export function generationOf(nats: ImageNats, channel: Channel): Generation {
  const { height, width, channels, logProb } = nats;
  const counted = new Set(channelsOf(nats, channel));
  const all = nats.order ?? Int32Array.from({ length: height * width * channels }, (_, at) => at);
  const order = all.filter((at) => counted.has(at % channels));
  const before = new Float64Array(order.length + 1);
  const stepOf = new Int32Array(height * width);
  order.forEach((at, step) => {
    before[step + 1] = (before[step] ?? 0) - (logProb[at] ?? 0) / NATS_PER_BIT;
    stepOf[Math.floor(at / channels)] = step;
  });
  return { steps: order.length, order, before, stepOf, isRaster: nats.order === null };
}

/** The pixel whose sub-pixel comes at a step. */
export function pixelOf(
  { order }: Generation,
  { width, channels }: ImageNats,
  step: number,
): { readonly row: number; readonly column: number } {
  const pixel = Math.floor((order[step] ?? 0) / channels);
  return { row: Math.floor(pixel / width), column: pixel % width };
}

/** Places of the curve's axis, in steps: every one, or as many as `most`, both ends among them. */
export function curvePlaces(steps: number, most: number): Float64Array {
  const count = Math.max(2, Math.min(steps + 1, most));
  return Float64Array.from({ length: count }, (_, at) => Math.round((at * steps) / (count - 1)));
}
