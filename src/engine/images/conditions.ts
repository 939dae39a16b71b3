// The conditions of a set of images: their own means over blocks, or the pictures of a second set, one for each image.
// Read alike where a model is trained, where it scores and where it draws. Knows no network.
import { brightness, labelPlanes, shrunken, spread } from '../../data/condition';
import type { ImageSet, ImageSource } from '../../data/images';
import { levelToByte } from '../../data/quantize';
import type { ConditionFacts, ImageFacts } from '../../families/imageFamily';
import type { ImageCondition } from '../../protocol/imageCondition';
import { ArLensError } from '../../protocol/errors';
import { openImages } from './openImages';

export interface Conditions {
  readonly facts: ConditionFacts;
  /**
   * @param indices of images of the set
   * @param levels of just these images [indices.length, H, W, channels]
   * @returns [indices.length, H, W, conditionFeatures], from 0 to 1
   */
  of(indices: ArrayLike<number>, levels: Int32Array): Promise<Float32Array>;
}

type Shape = Pick<ImageFacts, 'height' | 'width' | 'channels' | 'levels'>;
type PictureFacts = Exclude<ConditionFacts, { readonly kind: 'shrunken' }>;

/** Images that are looked at at once for labels that are none. */
const TOGETHER = 256;

/** An image is its own condition. @throws ArLensError where the blocks do not fill the image */
export function ownConditions(shape: Shape, factor: number, place: string): Conditions {
  requireFactor(shape, factor, place);
  return {
    facts: { kind: 'shrunken', factor },
    of: (_, levels) => Promise.resolve(shrunken(levels, shape, factor, shape.levels - 1)),
  };
}

/**
 * The pictures of an open set, one for each image.
 * @throws ArLensError in one sentence where they are none of these images
 */
export function pictureConditions(
  set: ImageSet,
  facts: PictureFacts,
  images: Pick<ImageSet, 'count' | 'height' | 'width'>,
  place: string,
): Conditions {
  requireMaps(set, facts, place);
  requireSizeOf(set, images, place);
  if (set.count !== images.count) {
    throw new ArLensError(
      'badInput',
      `${place}: expected ${images.count} pictures, one for each image, got ${set.count}.`,
    );
  }
  return { facts, of: (indices) => conditionNumbers(set, facts, indices, place) };
}

/** Opens the pictures of a spec; every label of a map is looked at before a model learns from the first. */
export async function openConditionSet(
  source: ImageSource & { readonly place: string },
  labels: number | undefined,
): Promise<{ readonly set: ImageSet; readonly facts: PictureFacts }> {
  // A mean of two labels is neither of them.
  const resizing = source.resizing && { ...source.resizing, filter: 'nearest' as const };
  const set = await openImages(labels === undefined || !resizing ? source : { ...source, resizing });
  const facts: PictureFacts =
    labels === undefined ? { kind: 'picture', channels: set.channels } : { kind: 'labels', labels };
  try {
    requireMaps(set, facts, source.place);
    for (let first = 0; labels !== undefined && first < set.count; first += TOGETHER) {
      const length = Math.min(TOGETHER, set.count - first);
      await conditionNumbers(
        set,
        facts,
        Int32Array.from({ length }, (_, at) => first + at),
        source.place,
      );
    }
    return { set, facts };
  } catch (error) {
    await set.close();
    throw error;
  }
}

/** @returns [indices.length, H, W, features] @throws ArLensError where a label is none */
export async function conditionNumbers(
  set: ImageSet,
  facts: PictureFacts,
  indices: ArrayLike<number>,
  place: string,
): Promise<Float32Array> {
  const bytes = await set.pixels(indices);
  if (facts.kind === 'picture') return brightness(bytes);
  const { labels } = facts;
  const stranger = bytes.findIndex((value) => value >= labels);
  if (stranger < 0) return labelPlanes(bytes, labels);
  const image = indices[Math.floor(stranger / (set.height * set.width))];
  throw new ArLensError(
    'badInput',
    `${place}: expected labels below ${labels}, got ${bytes[stranger]} in image ${image}.`,
  );
}

/** What a set is opened with, so that its pictures have the channels that the model reads. */
export function channelsOf(facts: PictureFacts): Pick<ImageSource, 'channels'> {
  return facts.kind === 'picture' ? { channels: facts.channels } : {};
}

/** Of pictures that are as small as the condition is: each pixel is the mean of its block already. */
export function smallConditions(bytes: Uint8Array, shape: Shape, factor: number): Float32Array {
  return spread(brightness(bytes), shape, factor);
}

/** @throws ArLensError where a block would hang over the edge: nothing is padded or cut */
export function requireFactor(
  { height, width }: Pick<Shape, 'height' | 'width'>,
  factor: number,
  place: string,
): void {
  if (height % factor === 0 && width % factor === 0) return;
  throw new ArLensError(
    'badInput',
    `${place}: expected a number that divides width and height, because every block is whole, got ${factor} for images of ${width} × ${height}.`,
  );
}

/** @throws ArLensError where the pictures are not as large as the images */
export function requireSizeOf(
  set: Pick<ImageSet, 'height' | 'width'>,
  images: Pick<ImageSet, 'height' | 'width'>,
  place: string,
): void {
  if (set.height === images.height && set.width === images.width) return;
  throw new ArLensError(
    'badInput',
    `${place}: expected pictures of ${images.width} × ${images.height}, the size of the images, got ${set.width} × ${set.height}.`,
    place.startsWith('data.') ? 'Set data.height and data.width: both are brought to that size.' : undefined,
  );
}

function requireMaps(set: ImageSet, facts: PictureFacts, place: string): void {
  if (facts.kind === 'picture' || set.channels === 1) return;
  throw new ArLensError(
    'badInput',
    `${place}: expected maps with one label at each pixel, got pictures of ${set.channels} channels.`,
  );
}

/** A condition as a person sees it: its brightness, or a shade for each label. @param values [images, H, W, features] */
export function conditionPicture(
  values: Float32Array,
  { channels, condition }: Pick<ImageFacts, 'channels' | 'condition'>,
): { readonly channels: number; readonly pixels: Uint8Array } {
  if (condition?.kind !== 'labels') {
    const pixels = Uint8Array.from(values, (value) => Math.round(255 * value));
    return { channels: condition?.kind === 'picture' ? condition.channels : channels, pixels };
  }
  const { labels } = condition;
  const pixels = Uint8Array.from({ length: values.length / labels }, (_, at) => {
    const label = values.subarray(at * labels, (at + 1) * labels).indexOf(1);
    return levelToByte(label, labels);
  });
  return { channels: 1, pixels };
}

/** As figures say it, after "given". */
export function conditionOf({ condition }: Pick<ImageFacts, 'condition'>): ImageCondition | null {
  if (!condition) return null;
  const { kind } = condition;
  switch (kind) {
    case 'shrunken':
      return { kind, words: `its picture at 1/${condition.factor} of its height and width` };
    case 'picture':
      return { kind, words: 'a picture of its own' };
    case 'labels':
      return { kind, words: `its map of ${condition.labels} labels` };
    default:
      return condition satisfies never;
  }
}

/** A family's title, and what its model is given. */
export function titleGiven(title: string, facts: Pick<ImageFacts, 'condition'>): string {
  const condition = conditionOf(facts);
  return condition ? `${title} given ${condition.words}` : title;
}
