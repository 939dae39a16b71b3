// Whether the levels fit the data: bytes that are levels already (0 and 1, or 0 to 15) are nearly black when they are read
// as brightness, and a model would learn a constant from them without anybody noticing. Knows no model.
import type { ImageSet } from '../../data/images';
import { quantize, type Quantizer } from '../../data/quantize';
import { ArLensError } from '../../protocol/errors';

/** Images and values that are looked at, spread over the part. */
const MOST_IMAGES = 256;
const MOST_VALUES = 2 ** 22;
/** No picture is as dark as that everywhere; indices of levels are. */
const LARGEST_INDEX = 15;

/** @throws ArLensError in one sentence where the values are not from 0 to 255, and so their levels say nothing of them */
export async function requireLevels(
  { set, indices }: { readonly set: ImageSet; readonly indices: Int32Array },
  quantizer: Quantizer,
): Promise<void> {
  const most = Math.min(MOST_IMAGES, MOST_VALUES / (set.height * set.width * set.channels));
  const every = Math.max(1, Math.ceil(indices.length / Math.max(1, most)));
  const chosen = indices.filter((_, at) => at % every === 0);
  const values = await set.pixels(chosen);
  let [low, high] = [255, 0];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === high) return;
  const levels = quantize(values, chosen, quantizer, 0);
  const constant = levels.every((level) => level === levels[0]);
  const areIndices = high <= LARGEST_INDEX;
  if (!constant && (!areIndices || quantizer.levels === 256)) return;
  const got = areIndices ? `none above ${high}` : `values from ${low} to ${high}`;
  const result = constant ? `all of them level ${levels[0]}` : 'nearly all of them level 0';
  throw new ArLensError(
    'badInput',
    `data.source: expected values from 0 (black) to 255 (white), got ${got}, of which data.quantize "${quantizer.how}" makes ${result}.`,
    areIndices
      ? `Multiply the values by ${Math.floor(255 / high)}, or save them as .npy of bool or of floats from 0 to 1.`
      : 'Use data.quantize "round" with more data.levels.',
  );
}
