// The values that inpainting keeps: a region of one image of a file, in the model's levels. The rest is drawn in the
// model's order of generation, so that nothing that is drawn before a kept pixel knows of it.
import { quantize } from '../../data/quantize';
import { subpixelsOf, type ImageFacts } from '../../families/imageFamily';
import { ArLensError } from '../../protocol/errors';
import type { KeepRegion } from '../../protocol/images';
import type { KeptPixels } from './drawImages';
import type { LoadedImageModel } from './imageFolder';
import { openFile, quantizerOf } from './scoreImages';

/** @throws ArLensError where the file, the image or the region does not fit the model */
export async function keptPixels(loaded: LoadedImageModel, keep: KeepRegion): Promise<KeptPixels> {
  const { facts, folder } = loaded;
  const where = regionOf(keep.region, facts);
  const set = await openFile({ file: keep.file }, facts.channels);
  try {
    const { height, width, count } = set;
    if (height !== facts.height || width !== facts.width) {
      throw new ArLensError(
        'badInput',
        `${keep.file}: expected an image of ${facts.width} × ${facts.height}, the size that is drawn, got ${width} × ${height}.`,
      );
    }
    const index = keep.image ?? 0;
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new ArLensError(
        'badInput',
        `${keep.file}: expected an image from 0 to ${count - 1}, got ${index}.`,
      );
    }
    const quantizer = await quantizerOf(folder, facts.levels);
    return { levels: quantize(await set.pixels([index]), [index], quantizer, 0), where };
  } finally {
    await set.close();
  }
}

/** @returns 1 where a sub-pixel is kept [height, width, channels] */
export function regionOf(region: KeepRegion['region'], facts: ImageFacts): Uint8Array {
  const [top, left, bottom, right] = region;
  const { height, width, channels } = facts;
  const fits =
    region.length === 4 &&
    region.every(Number.isInteger) &&
    top >= 0 &&
    left >= 0 &&
    top < bottom &&
    left < right &&
    bottom <= height &&
    right <= width;
  if (!fits) {
    throw new ArLensError(
      'badInput',
      `keep: expected r0,c0,r1,c1 with 0 ≤ r0 < r1 ≤ ${height} and 0 ≤ c0 < c1 ≤ ${width}, got ${region.join(',')}.`,
    );
  }
  const kept = new Uint8Array(subpixelsOf(facts));
  for (let row = top; row < bottom; row++) {
    kept.fill(1, (row * width + left) * channels, (row * width + right) * channels);
  }
  return kept;
}
