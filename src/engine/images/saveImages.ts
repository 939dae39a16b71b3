// Writes sampled images to one file that any reader of images opens: a PNG for one, IDX for several. A level becomes the
// 8-bit value that becomes it again.
import { extname } from 'node:path';
import { levelToByte } from '../../data/quantize';
import { subpixelsOf, type ImageFacts } from '../../families/imageFamily';
import { writeFileAtomic } from '../../formats/atomicFile';
import { encodePng } from '../../formats/picture';
import { ArLensError } from '../../protocol/errors';

/** @param levels [count, height, width, channels] */
export async function saveImages(
  path: string,
  facts: ImageFacts,
  count: number,
  levels: Uint8Array,
): Promise<void> {
  const { height, width, channels } = facts;
  const size = subpixelsOf(facts);
  if (levels.length !== count * size || levels.some((level) => level >= facts.levels)) {
    throw new ArLensError(
      'badInput',
      `images: expected ${count * size} levels below ${facts.levels}, got others.`,
    );
  }
  const bytes = levels.map((level) => levelToByte(level, facts.levels));
  if (extname(path).toLowerCase() === '.png' && count === 1) {
    await writeFileAtomic(path, encodePng({ height, width }, channels, bytes));
    return;
  }
  const sizes = channels === 1 ? [count, height, width] : [count, height, width, channels];
  const file = new Uint8Array(4 + 4 * sizes.length + bytes.length);
  file.set([0, 0, 0x08, sizes.length]);
  const view = new DataView(file.buffer);
  sizes.forEach((each, at) => view.setUint32(4 + 4 * at, each));
  file.set(bytes, 4 + 4 * sizes.length);
  await writeFileAtomic(path, file);
}
