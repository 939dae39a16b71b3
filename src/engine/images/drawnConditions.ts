// What drawings are given: pictures of a file, images of a file shrunk, or those that the run itself held out. One
// condition for each drawing, or one for all of them. Knows no decoder.
import { basename, resolve } from 'node:path';
import { shrunken } from '../../data/condition';
import { quantize } from '../../data/quantize';
import type { ConditionFacts } from '../../families/imageFamily';
import type { ConditionSource, GivenConditions } from '../../protocol/imageCondition';
import type { KeepRegion } from '../../protocol/images';
import { ArLensError, toErrorRecord } from '../../protocol/errors';
import { readImages, runImages } from '../reach/runImages';
import {
  channelsOf,
  conditionNumbers,
  conditionOf,
  conditionPicture,
  requireSizeOf,
  smallConditions,
} from './conditions';
import { foundPictures } from './foundConditions';
import type { LoadedImageModel } from './imageFolder';
import { openFile, runWays } from './scoreImages';

export interface DrawnConditions {
  /** [count, H, W, features] */
  readonly values: Float32Array;
  readonly given: GivenConditions;
}

export interface ConditionsAsked {
  readonly count: number;
  readonly condition?: ConditionSource;
  /** Inpainting: without another condition, what is drawn is given the kept image's own. */
  readonly keep?: Pick<KeepRegion, 'file' | 'image'>;
  /** Or the levels of that image, where it lies in no file [height, width, channels]. */
  readonly kept?: ArrayLike<number>;
}

/** How many conditions there are, and the numbers of some of them. */
interface Opened {
  readonly source: string;
  readonly available: number;
  read(indices: Int32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Null of a model that reads no condition. @throws ArLensError in one sentence where there is none for it to read */
export async function drawnConditions(
  loaded: LoadedImageModel,
  { count, condition: asked = {}, keep, kept }: ConditionsAsked,
): Promise<DrawnConditions | null> {
  const { facts } = loaded;
  const { condition } = facts;
  if (!condition) {
    if (asked.file === undefined && asked.image === undefined) return null;
    throw new ArLensError('badInput', 'condition: expected none, because this model is given none, got one.');
  }
  const own = asked.file === undefined && asked.image === undefined;
  const opened =
    asked.file !== undefined
      ? await openNamed(loaded, condition, asked.file)
      : own && kept && condition.kind === 'shrunken'
        ? ofLevels(loaded, condition.factor, kept)
        : own && keep
          ? await openKept(loaded, condition, keep.file)
          : await openHeld(loaded);
  const image = asked.image ?? (own && keep ? (keep.image ?? 0) : undefined);
  try {
    const { available, source } = opened;
    if (image !== undefined && !(Number.isInteger(image) && image >= 0 && image < available)) {
      throw new ArLensError(
        'badInput',
        `condition: expected one from 0 to ${available - 1} of ${source}, got ${image}.`,
      );
    }
    const indices = Int32Array.from({ length: count }, (_, at) => image ?? at % available);
    const values = await opened.read(indices);
    const { height, width } = facts;
    const words = conditionOf(facts) as NonNullable<ReturnType<typeof conditionOf>>;
    const seen = conditionPicture(values, facts);
    return { values, given: { ...words, source, indices: [...indices], height, width, ...seen } };
  } finally {
    await opened.close();
  }
}

/** A file that somebody names: pictures, or images that are shrunk, or that are as small already. */
async function openNamed(
  { facts, folder }: LoadedImageModel,
  condition: ConditionFacts,
  file: string,
): Promise<Opened> {
  const shrinks = condition.kind === 'shrunken';
  const { channels } = shrinks ? facts : channelsOf(condition);
  const set = await openFile({ file }, channels);
  try {
    const common = { source: basename(file), available: set.count, close: () => set.close() };
    if (!shrinks) {
      requireSizeOf(set, facts, file);
      return { ...common, read: (indices) => conditionNumbers(set, condition, indices, file) };
    }
    const { factor } = condition;
    const { height, width } = facts;
    if (set.height === height && set.width === width) {
      const { quantizer } = await runWays(folder, facts.levels);
      return {
        ...common,
        read: async (indices) =>
          shrunken(
            quantize(await set.pixels(indices), indices, quantizer, 0),
            facts,
            factor,
            facts.levels - 1,
          ),
      };
    }
    const [low, narrow] = [height / factor, width / factor];
    if (set.height === low && set.width === narrow) {
      return {
        ...common,
        read: async (indices) => smallConditions(await set.pixels(indices), facts, factor),
      };
    }
    throw new ArLensError(
      'badInput',
      `${file}: expected images of ${width} × ${height} to shrink, or small ones of ${narrow} × ${low}, got ${set.width} × ${set.height}.`,
    );
  } catch (error) {
    await set.close();
    throw error;
  }
}

/** The condition of the image of which a region is kept. */
async function openKept(loaded: LoadedImageModel, condition: ConditionFacts, file: string): Promise<Opened> {
  if (condition.kind === 'shrunken') return openNamed(loaded, condition, file);
  const { conditionRule } = await runWays(loaded.folder, loaded.facts.levels);
  return openNamed(loaded, condition, await foundPictures(resolve(file), loaded.facts, conditionRule));
}

function ofLevels({ facts }: LoadedImageModel, factor: number, levels: ArrayLike<number>): Opened {
  const one = shrunken(levels, facts, factor, facts.levels - 1);
  return {
    source: 'the kept image',
    available: 1,
    read: ({ length }) => {
      const all = new Float32Array(length * one.length);
      for (let at = 0; at < length; at++) all.set(one, at * one.length);
      return Promise.resolve(all);
    },
    close: () => Promise.resolve(),
  };
}

/** The run's own held-out images, from the first on. */
async function openHeld({ facts, folder }: LoadedImageModel): Promise<Opened> {
  try {
    const images = await runImages(folder, facts, {});
    const { source, indices } = images;
    return {
      source,
      available: indices.length,
      read: async (wanted) => {
        const chosen = wanted.map((at) => indices[at] ?? 0);
        const { condition } = await readImages(images, chosen);
        if (condition) return condition;
        throw new ArLensError('badInput', `${source}: expected images with a condition, got none.`);
      },
      close: () => images.close(),
    };
  } catch (error) {
    const { reason, message } = toErrorRecord(error);
    if (reason === 'cancelled') throw error;
    throw new ArLensError(
      reason,
      `This model draws each image given ${conditionOf(facts)?.words ?? ''}, and those of its run cannot be read here: ${message}`,
      'Name a file to take them from.',
    );
  }
}
