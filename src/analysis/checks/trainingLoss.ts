// Whether what an image model learns from is what its logits say: the loss of a training step against the mean of
// −log softmax over the logits of that same step. A leak that only the loss has would show nowhere else.
import { tensor1d, tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { ImageFacts, ImageModel } from '../../families/imageFamily';
import { meanNats } from '../../families/imageModel';
import { Rng } from '../../math/rng';

export interface TrainingLossOptions {
  readonly images: number;
  readonly seed: number;
  readonly training: { readonly seed: number; readonly step: number };
}

/** @returns |loss − mean| / max(1, |mean|), ∞ where either is no number */
export async function trainingLossError(
  model: Pick<ImageModel, 'loss' | 'logits' | 'classes'>,
  { height, width, channels, levels }: ImageFacts,
  { images, seed, training }: TrainingLossOptions,
): Promise<number> {
  const rng = new Rng(seed);
  const values = Int32Array.from({ length: images * height * width * channels }, () => rng.integer(levels));
  const found = tidy(() => {
    const pixels = tensor4d(values, [images, height, width, channels], 'int32');
    const labels = Int32Array.from({ length: images }, (_, image) => image % Math.max(1, model.classes));
    const batch = { pixels, ...(model.classes > 0 ? { labels: tensor1d(labels, 'int32') } : {}) };
    return [model.loss(batch, { training }), meanNats(model.logits(batch, { training }), pixels)] as const;
  });
  const [loss = NaN, mean = NaN] = await Promise.all(
    found.map(async (each) => (await each.data())[0] ?? NaN),
  );
  for (const each of found) each.dispose();
  const off = Math.abs(loss - mean) / Math.max(1, Math.abs(mean));
  return Number.isNaN(off) ? Infinity : off;
}
