// One image as the view shows it: pixels, bits under the model where there are any, and words about a pixel. Pure.
import type { ImagesLook, ImagesPoint } from '../../../src/protocol/imagesView';
import { NATS_PER_BIT } from '../../../src/protocol/figure';
import type { ImageNats } from '../../../src/protocol/imageSets';
import type { Rgb } from '../../ui/shades';
import { channelName, placeWords } from '../../ui/pixelWords';
import { canvasOf } from './gallery';
import { channelsOf, heatCanvas, levelBytes, pixelBits, scaleEnd } from './heat';
import type { Channel } from './settings';

/** What is drawn of a look: made once for each look, channel and theme. */
export interface Drawn {
  readonly look: ImagesLook;
  readonly pixels: OffscreenCanvas;
  readonly height: number;
  readonly width: number;
  readonly heat: OffscreenCanvas | undefined;
  readonly bits: Float64Array | undefined;
  readonly end: number;
}

export function drawLook(look: ImagesLook, channel: Channel, shades: readonly Rgb[]): Drawn {
  const { nats } = look;
  const shape = nats ?? look.pixels;
  const pixels = canvasOf(nats === null ? look.pixels.pixels : levelBytes(nats), shape);
  const bits = nats === null ? undefined : pixelBits(nats, channel);
  const end = nats === null ? 0 : scaleEnd(nats, channel);
  const heat = bits === undefined ? undefined : heatCanvas(bits, shape, end, shades);
  return { look, pixels, height: shape.height, width: shape.width, heat, bits, end };
}

export interface SubpixelReading {
  readonly name: string;
  readonly level: number;
  readonly bits: number;
  readonly entropy: number;
  readonly rank: number;
  readonly levels: number;
}

/** Of each channel that is shown. */
export function readPixel(
  nats: ImageNats,
  channel: Channel,
  row: number,
  column: number,
): readonly SubpixelReading[] {
  return channelsOf(nats, channel).map((c) => {
    const at = (row * nats.width + column) * nats.channels + c;
    return {
      name: channelName(nats, c),
      level: nats.level[at] ?? 0,
      bits: -(nats.logProb[at] ?? 0) / NATS_PER_BIT,
      entropy: (nats.entropy[at] ?? 0) / NATS_PER_BIT,
      rank: nats.rank[at] ?? 0,
      levels: nats.levels,
    };
  });
}

export function pixelSentence({ look, width }: Drawn, channel: Channel, row: number, column: number): string {
  const { nats, pixels } = look;
  if (nats === null) {
    const values = Array.from(
      { length: pixels.channels },
      (_, c) => pixels.pixels[(row * width + column) * pixels.channels + c] ?? 0,
    );
    return `${placeWords(row, column)}: ${values.join(', ')} of 255`;
  }
  const parts = readPixel(nats, channel, row, column).map(
    ({ name, level, bits, rank, levels, entropy }) =>
      `${name} level ${level}, ${bits.toFixed(2)} bits, rank ${rank} of ${levels}, per-context entropy ${entropy.toFixed(2)} bits`,
  );
  return `${placeWords(row, column)}: ${parts.join('; ')}`;
}

/** Probabilities of one channel of a point. */
export function probabilities(point: ImagesPoint, channel: number): Float64Array {
  const { levels, logProb } = point;
  return Float64Array.from(logProb.subarray(channel * levels, (channel + 1) * levels), (nats) =>
    Math.exp(nats),
  );
}
