// The likelihood of images in batches: nats of every sub-pixel, and their mean. One evaluator for every family.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import type { ImageBatch, ImageModel } from '../../families/imageFamily';
import { ArLensError } from '../../protocol/errors';

/** Numbers of a batch's logits that are held at once. */
const LARGEST_LOGITS = 8_000_000;

export interface ShapedLevels {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** What images are given before their first sub-pixel. */
export interface GivenImages {
  /** The class of each, −1 for none; null: no image has one. */
  readonly labels: Int32Array | null;
  /** [images, height, width, features], from 0 to 1; of a model that reads one. */
  readonly condition?: Float32Array | null;
}

/** @param given null: nothing */
export function imageBatch(
  levels: Int32Array,
  { height, width, channels }: ShapedLevels,
  given: GivenImages | null,
): ImageBatch {
  const { labels = null, condition = null } = given ?? {};
  const rows = levels.length / (height * width * channels);
  return {
    pixels: tensor4d(levels, [rows, height, width, channels], 'int32'),
    ...(labels ? { labels: tensor1d(labels, 'int32') } : {}),
    ...(condition
      ? {
          condition: tensor4d(condition, [rows, height, width, condition.length / (rows * height * width)]),
        }
      : {}),
  };
}

/** Of what was read of images, what this model reads. */
export function readBy(model: ImageModel, { labels, condition = null }: GivenImages): GivenImages {
  return { labels: model.classes > 0 ? labels : null, condition: model.facts.condition ? condition : null };
}

export function disposeBatch({ pixels, labels, condition }: ImageBatch): void {
  pixels.dispose();
  labels?.dispose();
  condition?.dispose();
}

export interface ScoredImages {
  /** Of the first image of the batch. */
  readonly first: number;
  /** Nats [images · height · width · channels] */
  readonly logProb: Float32Array;
}

/**
 * @param read levels, and what is given, of images first … first + count − 1
 * @throws ArLensError where the family has no likelihood, or the model's numbers are none
 */
export async function* scoredBatches(
  model: ImageModel,
  images: ShapedLevels & { readonly count: number },
  read: (first: number, count: number) => Promise<GivenImages & { readonly levels: Int32Array }>,
  signal: AbortSignal,
): AsyncGenerator<ScoredImages> {
  const size = images.height * images.width * images.channels;
  const together = Math.max(1, Math.min(64, Math.floor(LARGEST_LOGITS / (size * model.facts.levels))));
  for (let first = 0; first < images.count; first += together) {
    const { levels, ...given } = await read(first, Math.min(together, images.count - first));
    const batch = imageBatch(levels, images, readBy(model, given));
    const logProb = await model.logProb?.(batch).finally(() => disposeBatch(batch));
    if (!logProb) {
      disposeBatch(batch);
      throw new ArLensError('unsupported', 'This family has no likelihood, so its images cannot be scored.');
    }
    const wrong = logProb.findIndex((value) => Number.isNaN(value) || value > 1e-4);
    if (wrong >= 0) {
      throw new ArLensError('badInput', `The model: expected log-probabilities, got ${logProb[wrong]}.`);
    }
    yield { first, logProb };
    await nextTurn();
    if (signal.aborted) throw new ArLensError('cancelled', 'Scoring was cancelled.');
  }
}
