// Sampled images as one picture, side by side with a pixel between, or one of them alone.
import { levelToByte } from '../../data/quantize';
import { subpixelsOf, type ImageFacts } from '../../families/imageFamily';
import { encodePng } from '../../formats/picture';

const GAP = 1;
const GAP_VALUE = 128;

/** @param levels [count, height, width, channels] @returns a PNG */
export function pictureGrid(levels: Int32Array, facts: ImageFacts): Uint8Array {
  const { height, width, channels } = facts;
  const size = subpixelsOf(facts);
  const count = levels.length / size;
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
        const level = levels[image * size + r * width * channels + x] as number;
        pixels[((top + r) * full.width + left) * channels + x] = levelToByte(level, facts.levels);
      }
    }
  }
  return encodePng(full, channels, pixels);
}
