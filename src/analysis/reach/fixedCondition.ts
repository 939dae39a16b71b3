// A condition to hold fixed while pixels are perturbed: it lies outside the order of generation, so that no change of an
// output may come from it. Knows no file; the numbers are random.
import { conditionFeatures, type ImageFacts } from '../../families/imageFamily';
import { Rng } from '../../math/rng';
import type { GridShape } from './subpixelSet';

const SEED = 17;

/** @returns the same numbers for each of `rows` images [rows, H, W, features]; null where the facts have no condition */
export function fixedCondition(
  facts: ImageFacts,
  { height, width }: Pick<GridShape, 'height' | 'width'>,
  rows: number,
): Float32Array | null {
  const size = height * width * conditionFeatures(facts);
  if (size === 0) return null;
  const rng = new Rng(SEED);
  const one = Float32Array.from({ length: size }, () => rng.uniform());
  const all = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) all.set(one, row * size);
  return all;
}
