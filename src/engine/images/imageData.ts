// A spec's images as a trainer uses them: which ones train and which are held out, as levels. Knows no model.
import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { foundLabels, NO_RULE } from './foundLabels';
import { FOLDERS, requireClasses } from './imageLabels';
import type { GivenImages } from './imageLoss';
import { openConditionSet, ownConditions, pictureConditions, type Conditions } from './conditions';
import { requireLevels } from './levelCheck';
import { openImages } from './openImages';
import type { ImageSet, ImageSource } from '../../data/images';
import { quantize, type Quantizer } from '../../data/quantize';
import { hash } from '../../math/counterRng';
import { subpixelsOf, type ImageFacts } from '../../families/imageFamily';
import type { RunRecord } from '../../protocol/run';
import { ArLensError } from '../../protocol/errors';
import type { ImageDataSpec } from '../spec/schema';

/** Images of one set, as levels. */
export interface ImagePart {
  readonly set: ImageSet;
  readonly indices: Int32Array;
  /** Of every image of the set; absent where images are given none. */
  readonly conditions?: Conditions;
}

export interface ImageData {
  readonly facts: ImageFacts;
  readonly quantizer: Quantizer;
  readonly train: ImagePart;
  readonly validation: ImagePart;
  readonly record: RunRecord['data'];
  close(): Promise<void>;
}

const SPLIT_STREAM = 0x73706c69;

/** @throws ArLensError in one sentence for whatever is wrong with the sources. */
export async function prepareImageData(
  data: ImageDataSpec,
  { spec, workspace, seed, classes }: { spec: string; workspace: string; seed: number; classes: number },
): Promise<ImageData> {
  const source = sourceOf(data, dirname(spec), workspace);
  const set = await openImages(source);
  let held: ImageSet | undefined;
  const pictures: ImageSet[] = [];
  const close = async (): Promise<void> => {
    await set.close();
    await held?.close();
    for (const each of pictures) await each.close();
  };
  try {
    requireClasses(set, classes, 'data.labels');
    const { validation } = data;
    if (typeof validation === 'string') {
      const own = {
        ...withoutLabels(source),
        ...(classes > 0 ? await heldLabels(validation, source, set) : {}),
      };
      held = await openImages({ ...own, source: validation, place: 'data.validation' });
      requireSameShape(set, held);
      requireLabels(held, own.labels);
      requireClasses(held, classes, 'data.validation');
    }
    const { height, width, channels } = set;
    const shape = { height, width, channels, levels: data.levels };
    const own = await conditionsOf(data, source, { ...shape, count: set.count }, 'images', pictures);
    const facts: ImageFacts = { ...shape, ...(own ? { condition: own.facts } : {}) };
    const heldConditions = held
      ? await conditionsOf(
          data,
          { ...conditionSource(source), ...channelsRead(own) },
          { ...shape, count: held.count },
          'validation',
          pictures,
        )
      : own;
    const parts = held
      ? { train: all(set), validation: all(held), words: heldWords(held, classes) }
      : splitByShare(set, Number(validation), seed);
    const quantizer: Quantizer = { how: data.quantize, levels: data.levels, seed };
    await requireLevels(parts.train, quantizer);
    const size = subpixelsOf(facts);
    const read = [set, ...(held ? [held] : []), ...pictures];
    const sum = (value: (each: ImageSet) => number): number =>
      read.reduce((total, each) => total + value(each), 0);
    const hashes = read.map(({ sha256 }) => sha256);
    return {
      facts,
      quantizer,
      train: { ...parts.train, ...(own ? { conditions: own } : {}) },
      validation: { ...parts.validation, ...(heldConditions ? { conditions: heldConditions } : {}) },
      record: {
        sha256:
          hashes.length === 1 ? set.sha256 : createHash('sha256').update(hashes.join(' ')).digest('hex'),
        files: sum((each) => each.files),
        bytes: sum((each) => each.bytes),
        tokens: (parts.train.indices.length + parts.validation.indices.length) * size,
        trainTokens: parts.train.indices.length * size,
        validationTokens: parts.validation.indices.length * size,
        split: parts.words,
        bytesPerElement: 0,
        unit: 'subpixel',
        ...(classes > 0 && set.classNames.length > 0 ? { classNames: set.classNames } : {}),
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * @param key which of `data.condition`'s pictures, where those are its condition
 * @param opened takes the set that was opened for it
 */
async function conditionsOf(
  { condition }: ImageDataSpec,
  source: Pick<ImageSource, 'base' | 'workspace' | 'resizing' | 'channels'>,
  images: ImageFacts & { readonly count: number },
  key: 'images' | 'validation',
  opened: ImageSet[],
): Promise<Conditions | undefined> {
  if (!condition) return undefined;
  const { shrink, labels } = condition;
  if (shrink !== undefined) return ownConditions(images, shrink, 'data.condition.shrink');
  const place = `data.condition.${key}`;
  const own = {
    ...conditionSource(source),
    ...(key === 'validation' && source.channels !== undefined ? { channels: source.channels } : {}),
    source: condition[key] ?? '',
    place,
  };
  const { set, facts } = await openConditionSet(own, labels);
  opened.push(set);
  return pictureConditions(set, facts, images, place);
}

/** Held-out pictures have the channels of those that are learnt from. */
function channelsRead(own: Conditions | undefined): Pick<ImageSource, 'channels'> {
  return own?.facts.kind === 'picture' ? { channels: own.facts.channels } : {};
}

/** As the images themselves are read, but in the channels that the pictures have. */
export function conditionSource({
  base,
  workspace,
  resizing,
}: Pick<ImageSource, 'base' | 'workspace' | 'resizing'>): Omit<ImageSource, 'source'> {
  return { base, workspace, ...(resizing ? { resizing } : {}) };
}

/** For images whose classes nobody asks about. */
export function withoutLabels(source: ImageSource): ImageSource {
  return Object.fromEntries(
    Object.entries(source).filter(([key]) => key !== 'labels'),
  ) as unknown as ImageSource;
}

export function sourceOf(data: ImageDataSpec, base: string, workspace: string): ImageSource {
  const { source, labels, height, width, fit, filter, channels } = data;
  return {
    source,
    base,
    workspace,
    ...(labels === undefined ? {} : { labels }),
    ...(channels === undefined ? {} : { channels }),
    ...(height === undefined || width === undefined ? {} : { resizing: { height, width, fit, filter } }),
  };
}

/** Held-out images of their own have the classes of those that train: the same folders, or a file of labels beside them. */
async function heldLabels(
  validation: string,
  { base, labels }: ImageSource,
  { classNames }: ImageSet,
): Promise<Pick<ImageSource, 'labels' | 'classNames'>> {
  if (labels === FOLDERS) return { labels, classNames };
  const found = await foundLabels(resolve(base, validation), NO_RULE);
  return found.labels === undefined ? {} : { labels: join(dirname(validation), found.labels) };
}

function requireLabels(held: ImageSet, labels: string | undefined): void {
  if (labels !== FOLDERS || held.labels !== null) return;
  throw new ArLensError(
    'badInput',
    'data.validation: expected pictures in folders named as those of data.source, got none.',
  );
}

function heldWords({ count, labels }: ImageSet, classes: number): string {
  const unlabelled = classes > 0 && labels === null;
  return `images of their own: ${count}${unlabelled ? ', without a class: no labels were found beside them' : ''}`;
}

/** Some images of a part: levels [positions.length, height, width, channels], and what they are given. */
export interface LevelsRead extends GivenImages {
  readonly levels: Int32Array;
}

/** @param draw see quantize */
export async function levelsOf(
  part: ImagePart,
  positions: ArrayLike<number>,
  quantizer: Quantizer,
  draw: number,
): Promise<LevelsRead> {
  const chosen = Int32Array.from(positions, (position) => part.indices[position] ?? 0);
  const levels = quantize(await part.set.pixels(chosen), chosen, quantizer, draw);
  const { labels } = part.set;
  return {
    levels,
    labels: labels && chosen.map((index) => labels[index] ?? -1),
    condition: (await part.conditions?.of(chosen, levels)) ?? null,
  };
}

function requireSameShape(set: ImageSet, held: ImageSet): void {
  const words = ({ height, width, channels }: ImageSet): string => `${width} × ${height} × ${channels}`;
  if (words(set) === words(held)) return;
  throw new ArLensError(
    'badInput',
    `data.validation: expected images of ${words(set)} as in data.source, got ${words(held)}.`,
    'Set data.height, data.width and data.channels.',
  );
}

function all(set: ImageSet): ImagePart {
  return { set, indices: Int32Array.from({ length: set.count }, (_, index) => index) };
}

/** Image by image: the ones with the smallest hash are held out, so that another share moves as few as it can. */
function splitByShare(
  set: ImageSet,
  share: number,
  seed: number,
): { train: ImagePart; validation: ImagePart; words: string } {
  const held = Math.round(set.count * share);
  if (held < 1 || held >= set.count) {
    throw new ArLensError(
      'badInput',
      `data.validation: expected images on both sides of the split, got ${set.count} at a share of ${share}.`,
    );
  }
  const keys = Float64Array.from({ length: set.count }, (_, index) => hash(seed, SPLIT_STREAM, index));
  const order = Int32Array.from({ length: set.count }, (_, index) => index);
  order.sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
  return {
    validation: { set, indices: order.slice(0, held).sort() },
    train: { set, indices: order.slice(held).sort() },
    words: `${held} of ${set.count} images, drawn by seed ${seed}`,
  };
}
