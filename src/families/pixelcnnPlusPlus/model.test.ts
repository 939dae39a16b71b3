// What the contract suite cannot know of PixelCNN++: its first weights from the data, its dropout, and that it learns.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdamW } from '../../nn/adamw';
import { lossAndGradients } from '../../nn/gradients';
import type { ImageBatch } from '../imageFamily';
import { pixelcnnPlusPlus } from './family';
import { halvingProblem } from './schema';

const facts = { height: 5, width: 6, channels: 1, levels: 8 };
const config = { ...pixelcnnPlusPlus.example, classes: 0 };
let before = 0;
let batch: ImageBatch;
beforeEach(async () => {
  await tf.setBackend('cpu');
  before = tf.memory().numTensors;
  const pixels = Array.from({ length: 4 * 30 }, (_, at) => (at * 7 + Math.floor(at / 30)) % 8);
  batch = { pixels: tf.tensor4d(pixels, [4, 5, 6, 1], 'int32') };
});
afterEach(() => {
  batch.pixels.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

const lossOf = (model: ReturnType<typeof pixelcnnPlusPlus.build>, step?: number) =>
  tf.tidy(
    () => model.loss(batch, step === undefined ? {} : { training: { seed: 1, step } }).dataSync()[0] ?? NaN,
  );

describe('PixelCNN++', () => {
  it('begins, from the first images, with outputs of mean 0 and deviation 1: its mixtures are about the whole range', () => {
    const model = pixelcnnPlusPlus.build(config, facts, 1);
    for (const { variable } of model.variables) tf.tidy(() => variable.assign(tf.mul(variable, 9)));
    const wild = lossOf(model);
    model.initialise?.(batch);
    const calm = lossOf(model);
    expect(calm).toBeLessThan(wild);
    expect(calm).toBeLessThan(1.5 * Math.log(8));
    // Once more from the same images changes nothing but rounding: it is a fixed point.
    model.initialise?.(batch);
    expect(lossOf(model)).toBeCloseTo(calm, 4);
    model.dispose();
  });

  it('drops values while training only, differently at each step', () => {
    const model = pixelcnnPlusPlus.build({ ...config, dropout: 0.5 }, facts, 1);
    expect(lossOf(model)).toBe(lossOf(model));
    expect(lossOf(model, 1)).toBe(lossOf(model, 1));
    expect(lossOf(model, 1)).not.toBe(lossOf(model));
    expect(lossOf(model, 1)).not.toBe(lossOf(model, 2));
    model.dispose();
  });

  it('learns images by heart', async () => {
    const model = pixelcnnPlusPlus.build(config, facts, 1);
    model.initialise?.(batch);
    const optimizer = new AdamW(model.variables, { clipNorm: 1 });
    const first = lossOf(model);
    for (let step = 1; step <= 25; step++) {
      const { loss, gradients } = lossAndGradients(
        () => model.loss(batch),
        model.variables.map(({ variable }) => variable),
      );
      await optimizer.step(gradients, 0.03);
      tf.dispose([loss, gradients]);
    }
    expect(lossOf(model)).toBeLessThan(0.8 * first);
    optimizer.dispose();
    model.dispose();
  });

  it('is not halved to less than a pixel', () => {
    expect(halvingProblem({ ...config, halvings: 3 }, facts)).toBeNull();
    expect(halvingProblem({ ...config, halvings: 4 }, facts)).toBe(
      'model.halvings: expected at most 3 for images of 6 × 5, which are one pixel then, got 4',
    );
  });
});
