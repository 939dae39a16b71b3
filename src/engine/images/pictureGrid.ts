// Sampled images as one picture, side by side with a pixel between, or one of them alone.
import { recolour } from '../../data/images';
import { levelToByte } from '../../data/quantize';
import { subpixelsOf, type ImageFacts } from '../../families/imageFamily';
import { encodePng } from '../../formats/picture';

const GAP = 1;
const GAP_VALUE = 128;

/** @param levels [count, height, width, channels] @returns a PNG */
export function pictureGrid(levels: Int32Array, facts: ImageFacts): Uint8Array {
  return grid(bytesOf(levels, facts), facts);
}

/**
 * Each image to the right of the picture that it was drawn given.
 * @param given 8-bit values [count, height, width, given.channels]
 */
export function pairGrid(
  levels: Int32Array,
  facts: ImageFacts,
  given: { readonly channels: number; readonly pixels: Uint8Array },
): Uint8Array {
  const channels = Math.max(facts.channels, given.channels);
  const halves = [
    recolour(given.pixels, given.channels, channels),
    recolour(bytesOf(levels, facts), facts.channels, channels),
  ];
  const line = facts.width * channels;
  const pairs = new Uint8Array(2 * (halves[0]?.length ?? 0));
  for (const [half, bytes] of halves.entries()) {
    for (let row = 0; row * line < bytes.length; row++) {
      pairs.set(bytes.subarray(row * line, (row + 1) * line), (2 * row + half) * line);
    }
  }
  return grid(pairs, { height: facts.height, width: 2 * facts.width, channels });
}

function bytesOf(levels: Int32Array, { levels: most }: ImageFacts): Uint8Array {
  return Uint8Array.from(levels, (level) => levelToByte(level, most));
}

function grid(bytes: Uint8Array, shape: Pick<ImageFacts, 'height' | 'width' | 'channels'>): Uint8Array {
  const { height, width, channels } = shape;
  const size = subpixelsOf(shape);
  const count = bytes.length / size;
  const columns = Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  const full = {
    height: rows * (height + GAP) - GAP,
    width: columns * (width + GAP) - GAP,
  };
  const pixels = new Uint8Array(full.height * full.width * channels).fill(count === 1 ? 0 : GAP_VALUE);
  for (let image = 0; image < count; image++) {
    const top = Math.floor(image / columns) * (height + GAP);
    const left = (image % columns) * (width + GAP);
    for (let r = 0; r < height; r++) {
      for (let x = 0; x < width * channels; x++) {
        pixels[((top + r) * full.width + left) * channels + x] = bytes[
          image * size + r * width * channels + x
        ] as number;
      }
    }
  }
  return encodePng(full, channels, pixels);
}
