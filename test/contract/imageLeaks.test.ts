// The causality check of images as the engine makes it: every family passes in every shape, as it trains and in a batch,
// and each planted leak is found where alone it shows.
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomizeImageWeights } from '../../src/analysis/reach/imageNetwork';
import { imageLeaks, type ImageLeaks } from '../../src/engine/images/imageLeaks';
import type { LossOptions } from '../../src/families/family';
import type { ImageBatch, ImageFacts, ImageFamily, ImageModel } from '../../src/families/imageFamily';
import { pixelcnn } from '../../src/families/pixelcnn/family';
import { IMAGE_FAMILIES } from '../../src/families/registry';
import { useDevice } from './familyDevices';

let before = 0;
beforeEach(async () => {
  await useDevice('simd');
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors, 'tensors left behind').toBe(before));

const GREY: ImageFacts = { height: 10, width: 8, channels: 1, levels: 3 };
const RGB: ImageFacts = { height: 4, width: 5, channels: 3, levels: 2 };

async function leaksOf(family: ImageFamily, facts: ImageFacts): Promise<ImageLeaks> {
  const model = family.build(family.example, facts, 1);
  randomizeImageWeights(model, 1);
  const config = family.example;
  const subject = {
    family,
    config,
    facts,
    model,
    sizeFrom: 'model',
    weights: 'own',
    device: 'simd',
  } as const;
  return imageLeaks(subject, new AbortController().signal).finally(() => model.dispose());
}

describe.each(IMAGE_FAMILIES.map((family) => [family.id, family] as const))('%s', (_, family) => {
  it('leaks nothing in any shape, as it trains, or in a batch, and says what was measured', async () => {
    const grey = await leaksOf(family, GREY);
    expect(grey).toMatchObject({ leaks: 0 });
    expect(grey.verdict).toMatch(/^(declared = measured over [\d,]+ pairs$|no leak, but)/);
    expect(grey.how).toMatch(/^[1-4] sets of weights; all [\d,]+ pairs of images of \d+ × \d+ × 1/);
    if (family.takesAnySize) {
      for (const shape of ['81 pairs of 9 × 1 × 1', '81 pairs of 1 × 9 × 1', '576 pairs of 8 × 3 × 1'])
        expect(grey.how).toContain(`leaks alone in ${shape}`);
      expect(grey.how).toMatch(/pairs of 8 × 10 × 1, \d of its inputs changed/);
    }
    expect(grey.how).toMatch(/as it trains, (dropout 0\.25|without dropout)|no training path, being fitted/);
    expect(grey.how).toMatch(/\d+ pairs across 3 images of a batch$/);
    expect(await leaksOf(family, RGB)).toMatchObject({ leaks: 0 });
  });
});

type Logits = (batch: ImageBatch, options?: LossOptions) => tf.Tensor<tf.Rank.R5>;

/** PixelCNN whose models give other logits, or another loss. */
function planted(change: (logits: Logits) => Partial<Pick<ImageModel, 'logits' | 'loss'>>): ImageFamily {
  const family: ImageFamily = pixelcnn;
  return {
    ...family,
    build: (config, facts, from) => {
      const model = family.build(config, facts, from);
      const logits: Logits = (batch, options) => model.logits(batch, options);
      return Object.assign(Object.create(model) as typeof model, change(logits));
    },
  };
}

/** Adds something to the first level's logit, the same in every pixel that it is given for. */
const moved = (logits: tf.Tensor<tf.Rank.R5>, by: tf.Tensor): tf.Tensor<tf.Rank.R5> => {
  const levels = tf.reshape(tf.oneHot(tf.scalar(0, 'int32'), logits.shape[4]), [1, 1, 1, 1, -1]);
  return tf.add(logits, tf.mul(by, tf.cast(levels, 'float32')));
};
/** Of each image, the mean of all of its pixels. */
const ownMean = ({ pixels }: ImageBatch) =>
  tf.reshape(tf.mean(tf.cast(pixels, 'float32'), [1, 2, 3]), [-1, 1, 1, 1, 1]);
const batchMean = ({ pixels }: ImageBatch) => tf.mean(tf.cast(pixels, 'float32'));
const always = (): boolean => true;

/** The leak where `where` says so. */
const leaking =
  (by: (batch: ImageBatch) => tf.Tensor, where: (batch: ImageBatch, options?: LossOptions) => boolean) =>
  (logits: Logits): { logits: Logits } => ({
    logits: (batch, options) =>
      tf.tidy(() =>
        where(batch, options) ? moved(logits(batch, options), by(batch)) : logits(batch, options),
      ),
  });

/** With a loss that is made of the same logits. */
const withLoss = (change: (logits: Logits) => { logits: Logits }) => (logits: Logits) => {
  const { logits: other } = change(logits);
  return {
    logits: other,
    loss: (batch: ImageBatch, options?: LossOptions) => meanNats(other, batch, options),
  };
};

const meanNats = (logits: Logits, batch: ImageBatch, options?: LossOptions): tf.Scalar =>
  tf.tidy(() => {
    const given = logits(batch, options);
    const chosen = tf.cast(tf.oneHot(batch.pixels, given.shape[4]), 'float32');
    return tf.neg(tf.div(tf.sum(tf.mul(tf.logSoftmax(given), chosen)), batch.pixels.size)) as tf.Scalar;
  });

describe('a planted leak', () => {
  const width = ({ pixels }: ImageBatch) => pixels.shape[2];
  const height = ({ pixels }: ImageBatch) => pixels.shape[1];
  const training = (_: ImageBatch, options?: LossOptions) => options?.training !== undefined;

  it.each<[string, RegExp, ReturnType<typeof withLoss>]>([
    [
      'in rows alone',
      /^in images of 9 × 1 × 1, \d+ leaks: output \(0, 0\)/,
      withLoss(leaking(ownMean, (batch) => height(batch) === 1)),
    ],
    [
      'in columns alone',
      /^in images of 1 × 9 × 1, \d+ leaks/,
      withLoss(leaking(ownMean, (batch) => width(batch) === 1)),
    ],
    [
      'in wide images',
      /^in images of 8 × 3 × 1, \d+ leaks/,
      withLoss(leaking(ownMean, (batch) => width(batch) === 8 && height(batch) === 3)),
    ],
    [
      'at its own size alone',
      /^in images of 8 × 10 × 1, \d of its inputs changed, \d+ leaks/,
      withLoss(leaking(ownMean, (batch) => height(batch) === 10)),
    ],
    [
      'while training',
      /^while training, [\d,]+ leaks: output \(0, 0\) depends on input \(0, 0\)/,
      withLoss(leaking(ownMean, training)),
    ],
    [
      'of another loss while training',
      /^the loss of a training step is not the mean of its logits’ nats/,
      (logits) => {
        const other = leaking(ownMean, training)(logits);
        return { logits, loss: (batch, options) => meanNats(other.logits, batch, options) };
      },
    ],
    ['while training, of a batch', /^while training, .*leaks/, withLoss(leaking(batchMean, training))],
    ['of a normalisation over the batch', /leaks/, withLoss(leaking(batchMean, always))],
  ])('%s', async (_, verdict, change) => {
    const found = await leaksOf(planted(change), GREY);
    expect(found.leaks).toBeGreaterThan(0);
    expect(found.verdict).toMatch(verdict);
  });

  it('of the other images of a batch alone, an image’s own part taken away', async () => {
    const others = (batch: ImageBatch) => {
      const [images] = batch.pixels.shape;
      return tf.sub(tf.mul(batchMean(batch), images), ownMean(batch));
    };
    for (const where of [always, training]) {
      const found = await leaksOf(planted(withLoss(leaking(others, where))), GREY);
      expect(found.leaks).toBeGreaterThan(0);
      const path = where === training ? 'while training, ' : '';
      expect(found.verdict).toMatch(
        new RegExp(
          `^${path}\\d+ leaks between images of a batch: output \\(0, 0\\) of image \\d depends on input`,
        ),
      );
    }
  });
});
