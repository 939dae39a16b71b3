// The one evaluator of images: its numbers against the family's own, what a bound is called, and what has none.
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import type { ImageSet } from '../../data/images';
import { gatedPixelcnn } from '../../families/gatedPixelcnn/family';
import { disposeBatch, imageBatch } from './imageLoss';
import { NO_RULE } from './foundLabels';
import { UNLABELLED } from './imageLabels';
import { scoreSet, type ScoringModel } from './scoreImages';

const [COUNT, HEIGHT, WIDTH] = [5, 3, 4];
const SIZE = HEIGHT * WIDTH;
const LEVELS = Int32Array.from({ length: COUNT * SIZE }, (_, at) => (at * 7) % 3);
const facts = { height: HEIGHT, width: WIDTH, channels: 1, levels: 3 };
const config = { layers: 1, width: 4, kernel: 3, firstKernel: 3, classes: 0, labelDropout: 0 };

const set: ImageSet = {
  ...{ count: COUNT, height: HEIGHT, width: WIDTH, channels: 1, files: 1, bytes: LEVELS.length, sha256: '' },
  ...UNLABELLED,
  // 0, 128 and 255 are the levels 0, 1 and 2.
  pixels: (indices) =>
    Promise.resolve(
      Uint8Array.from(
        Array.from(indices).flatMap((image) => [...LEVELS.subarray(image * SIZE, (image + 1) * SIZE)]),
        (level) => [0, 128, 255][level] ?? 0,
      ),
    ),
  close: () => Promise.resolve(),
};

function scored(likelihood: 'exact' | 'bound' | 'none') {
  const loaded: ScoringModel = {
    ...{ folder: 'planted', device: 'cpu', facts, labelRule: NO_RULE, conditionRule: [] },
    family: { ...gatedPixelcnn, likelihood },
    model: gatedPixelcnn.build(config, facts, 1),
    quantizer: { how: 'round', levels: 3, seed: 0 },
  };
  const { signal } = new AbortController();
  const scoring = { file: 'set', conditions: null, signal, report: () => Promise.resolve() };
  return scoreSet(loaded, set, scoring).finally(() => loaded.model.dispose());
}

beforeAll(() => setBackend('cpu').then(() => undefined));

it('gives the mean over images with its count, its size and its standard error', async () => {
  const found = await scored('exact');
  const model = gatedPixelcnn.build(config, facts, 1);
  const batch = imageBatch(LEVELS, facts, null);
  const logProb = (await model.logProb?.(batch)) ?? new Float32Array(0);
  disposeBatch(batch);
  model.dispose();
  const bits = Array.from(
    { length: COUNT },
    (_, image) =>
      logProb.subarray(image * SIZE, (image + 1) * SIZE).reduce((sum, value) => sum - value, 0) /
      (SIZE * Math.LN2),
  );
  const mean = bits.reduce((sum, value) => sum + value, 0) / COUNT;
  const variance = bits.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (COUNT - 1);
  expect(found).toMatchObject({ images: COUNT, height: HEIGHT, width: WIDTH, likelihood: 'exact' });
  expect(found.bitsPerDim).toBeCloseTo(mean, 6);
  expect(found.standardError).toBeCloseTo(Math.sqrt(variance / COUNT), 6);
});

it('calls a bound a bound', async () => {
  expect(await scored('bound')).toMatchObject({ likelihood: 'bound' });
});

it('never gives a number for a family without a likelihood', async () => {
  await expect(scored('none')).rejects.toMatchObject({
    reason: 'unsupported',
    message: expect.stringContaining('has no likelihood') as string,
  });
});
