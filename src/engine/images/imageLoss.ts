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

export function imageBatch(
  levels: Int32Array,
  { height, width, channels }: ShapedLevels,
  labels: Int32Array | null,
): ImageBatch {
  const rows = levels.length / (height * width * channels);
  return {
    pixels: tensor4d(levels, [rows, height, width, channels], 'int32'),
    ...(labels ? { labels: tensor1d(labels, 'int32') } : {}),
  };
}

export function disposeBatch({ pixels, labels }: ImageBatch): void {
  pixels.dispose();
  labels?.dispose();
}

export interface ScoredImages {
  /** Of the first image of the batch. */
  readonly first: number;
  /** Nats [images · height · width · channels] */
  readonly logProb: Float32Array;
}

/**
 * @param read levels and labels of images first … first + count − 1
 * @throws ArLensError where the family has no likelihood, or the model's numbers are none
 */
export async function* scoredBatches(
  model: ImageModel,
  images: ShapedLevels & { readonly count: number },
  read: (first: number, count: number) => Promise<{ levels: Int32Array; labels: Int32Array | null }>,
  signal: AbortSignal,
): AsyncGenerator<ScoredImages> {
  const size = images.height * images.width * images.channels;
  const together = Math.max(1, Math.min(64, Math.floor(LARGEST_LOGITS / (size * model.facts.levels))));
  for (let first = 0; first < images.count; first += together) {
    const { levels, labels } = await read(first, Math.min(together, images.count - first));
    const batch = imageBatch(levels, images, model.classes > 0 ? labels : null);
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
