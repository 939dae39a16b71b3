// Whether what an image model learns from is what its logits say: the loss of a training step against the mean of
// −log softmax over the logits of that same step. A leak that only the loss has would show nowhere else.
import { tensor1d, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { conditionFeatures, type ImageFacts, type ImageModel } from '../../families/imageFamily';
import { logSumExp } from '../../math/information';
import { Rng } from '../../math/rng';
import { fixedCondition } from '../reach/fixedCondition';

export interface TrainingLossOptions {
  readonly images: number;
  readonly seed: number;
  readonly training: { readonly seed: number; readonly step: number };
}

/** @returns |loss − mean| / max(1, |mean|), ∞ where either is no number */
export async function trainingLossError(
  model: Pick<ImageModel, 'loss' | 'logits' | 'classes'>,
  facts: ImageFacts,
  { images, seed, training }: TrainingLossOptions,
): Promise<number> {
  const { height, width, channels, levels } = facts;
  const fixed = fixedCondition(facts, facts, images);
  const rng = new Rng(seed);
  const values = Int32Array.from({ length: images * height * width * channels }, () => rng.integer(levels));
  const found = tidy(() => {
    const pixels = tensor4d(values, [images, height, width, channels], 'int32');
    const labels = Int32Array.from({ length: images }, (_, image) => image % Math.max(1, model.classes));
    const batch = {
      pixels,
      ...(model.classes > 0 ? { labels: tensor1d(labels, 'int32') } : {}),
      ...(fixed ? { condition: tensor4d(fixed, [images, height, width, conditionFeatures(facts)]) } : {}),
    };
    return [model.loss(batch, { training }), model.logits(batch, { training })] as const;
  });
  const [loss, logits] = await Promise.all(found.map((each) => each.data()));
  for (const each of found) each.dispose();
  const mean = meanNatsOf(logits ?? [], values, levels);
  const off = Math.abs((loss?.[0] ?? NaN) - mean) / Math.max(1, Math.abs(mean));
  return Number.isNaN(off) ? Infinity : off;
}

/** In double precision, apart from what the loss is computed by. @param logits [values, levels] */
function meanNatsOf(logits: ArrayLike<number>, values: Int32Array, levels: number): number {
  let nats = 0;
  for (const [index, value] of values.entries()) {
    const from = index * levels;
    nats += logSumExp(logits, from, levels) - (logits[from + value] ?? NaN);
  }
  return nats / values.length;
}
