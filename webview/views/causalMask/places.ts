// What positions are called: a number in a sequence; row, column and channel in an image. And how far apart two lie. Pure.
import type { MaskReport } from '../../../src/protocol/mask';
import { formatCount } from '../../ui/format';

type Image = MaskReport['image'];
const CHANNELS = ['R', 'G', 'B'];

interface ImagePlace {
  readonly row: number;
  readonly column: number;
  readonly channel: number;
}

function placeIn({ width, channels }: NonNullable<Image>, index: number): ImagePlace {
  const pixel = Math.floor(index / channels);
  return { row: Math.floor(pixel / width), column: pixel % width, channel: index % channels };
}

export function placeName(image: Image, index: number): string {
  if (image === undefined) return formatCount(index);
  const { row, column, channel } = placeIn(image, index);
  return image.channels > 1 ? `(${row}, ${column}) ${CHANNELS[channel]}` : `(${row}, ${column})`;
}

/** The same where there is little room: along an axis. */
export function axisName(image: Image, index: number): string {
  if (image === undefined) return String(index);
  const { row, column, channel } = placeIn(image, index);
  return image.channels > 1 ? `${row},${column}${CHANNELS[channel]}` : `${row},${column}`;
}

/** `key` tells distances apart: input − output of a sequence. */
export interface Distance {
  readonly key: number;
  readonly words: string;
}

export function distanceOf(image: Image, output: number, input: number): Distance {
  if (image === undefined) return { key: input - output, words: offsetWords(input - output) };
  const [to, from] = [placeIn(image, output), placeIn(image, input)];
  const [down, right] = [from.row - to.row, from.column - to.column];
  const parts = [
    down === 0 ? '' : `${Math.abs(down)} ${down > 0 ? 'down' : 'up'}`,
    right === 0 ? '' : `${Math.abs(right)} ${right > 0 ? 'right' : 'left'}`,
  ].filter((part) => part !== '');
  const where = parts.length === 0 ? 'its own pixel' : parts.join(', ');
  const channels = image.channels > 1 ? `, ${CHANNELS[to.channel]} reads ${CHANNELS[from.channel]}` : '';
  const key =
    ((down * 2 * image.width + right) * image.channels + to.channel) * image.channels + from.channel;
  return { key, words: where + channels };
}

/** Where an input of a sequence lies as seen from its output. */
function offsetWords(offset: number): string {
  if (offset === 0) return 'its own position';
  return `${formatCount(Math.abs(offset))} ${offset > 0 ? 'ahead' : 'behind'}`;
}
