// An image's bits pixel by pixel, as numbers and as colours. Pure but for the canvases it fills.
import type { ImageNats } from '../../../src/protocol/imageSets';
import { NATS_PER_BIT } from '../../../src/protocol/figure';
import { CHANNELS, shownValue } from '../../ui/pixelWords';
import { SHADES, type Rgb } from '../../ui/shades';
import { canvasWith } from './gallery';
import type { Channel } from './settings';

/** Which of an image's channels a choice shows: all of a grey image's, whatever is chosen. */
export function channelsOf(nats: ImageNats, channel: Channel): readonly number[] {
  const index = channel === 'all' ? -1 : CHANNELS.indexOf(channel);
  return nats.channels === 1 || index < 0 ? Array.from({ length: nats.channels }, (_, c) => c) : [index];
}

/** Bits of each pixel [height · width]: of one channel, or the sum over all. */
export function pixelBits(nats: ImageNats, channel: Channel): Float64Array {
  const chosen = channelsOf(nats, channel);
  const bits = new Float64Array(nats.height * nats.width);
  for (let pixel = 0; pixel < bits.length; pixel++) {
    for (const c of chosen) {
      bits[pixel] = (bits[pixel] ?? 0) - (nats.logProb[pixel * nats.channels + c] ?? 0) / NATS_PER_BIT;
    }
  }
  return bits;
}

/** Where the scale ends: what is above has its last colour. Half as much again as a uniform guess costs, 4 bits at least. */
export function scaleEnd(nats: ImageNats, channel: Channel): number {
  return Math.max(4, 1.5 * Math.log2(nats.levels)) * channelsOf(nats, channel).length;
}

export function heatCanvas(
  bits: Float64Array,
  { height, width }: { readonly height: number; readonly width: number },
  end: number,
  shades: readonly Rgb[],
): OffscreenCanvas {
  const image = new ImageData(width, height);
  for (let pixel = 0; pixel < bits.length; pixel++) {
    const share = Math.min(1, Math.max(0, (bits[pixel] ?? 0) / end));
    image.data.set(shades[Math.round(share * (SHADES - 1))] ?? [0, 0, 0], 4 * pixel);
    image.data[4 * pixel + 3] = 255;
  }
  return canvasWith(image);
}

/** The model's levels as 8-bit values. */
export function levelBytes(nats: ImageNats): Uint8Array {
  return nats.level.map((level) => shownValue(level, nats.levels));
}

/** How few pixels hold half of the bits. */
export function halfOfTheBits(bits: Float64Array): number {
  const sorted = Float64Array.from(bits).sort();
  let left = sorted.reduce((sum, one) => sum + one, 0) / 2;
  let pixels = 0;
  for (let at = sorted.length - 1; at >= 0 && left > 0; at--, pixels++) left -= sorted[at] ?? 0;
  return pixels;
}
