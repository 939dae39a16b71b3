// Sampling of images: seeds, temperature 0, guidance at its ends bit for bit, and the likelihood that is reported.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { randomizeImageWeights } from '../../analysis/reach/imageNetwork';
import { gatedPixelcnn } from '../../families/gatedPixelcnn/family';
import { pixelTransformer } from '../../families/pixelTransformer/family';
import { toyRaster } from '../../families/toyRaster/family';
import type { ImageModel } from '../../families/imageFamily';
import { decodePicture } from '../../formats/picture';
import { drawImages, type DrawOptions } from './drawImages';
import { imageBatch } from './imageLoss';
import { regionOf } from './keepRegion';
import { pictureGrid } from './pictureGrid';

const facts = { height: 4, width: 5, channels: 1, levels: 3 };
let model: ImageModel;
let before: number;
beforeAll(() => tf.setBackend('cpu').then(() => undefined));
beforeEach(() => {
  before = tf.memory().numTensors;
  model = gatedPixelcnn.build(gatedPixelcnn.example, facts, 1);
  randomizeImageWeights(model, 4);
});
afterEach(() => {
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

const { signal } = new AbortController();
const draw = (more: Partial<DrawOptions> = {}) => drawImages(model, { count: 2, seed: 5, signal, ...more });

describe('drawing images', () => {
  it('is the same from the same seed, whatever else is drawn beside it', async () => {
    const [one, again, other] = [await draw(), await draw(), await draw({ seed: 6 })];
    expect(again).toEqual(one);
    expect(other.levels).not.toEqual(one.levels);
    expect((await draw({ count: 1 })).levels).toEqual(one.levels.subarray(0, 20));
  });

  it('reports the log-probabilities of the full forward', async () => {
    const { levels, logProb } = await draw({ temperature: 0.7, label: 1 });
    const batch = imageBatch(levels, facts, { labels: Int32Array.of(1, 1) });
    const expected = (await model.logProb?.(batch)) ?? new Float32Array(0);
    logProb.forEach((value, at) => expect(value).toBeCloseTo(expected[at] as number, 5));
    tf.dispose([batch.pixels, batch.labels]);
  });

  it('takes the most likely level at temperature 0', async () => {
    const [one, other] = [await draw({ temperature: 0 }), await draw({ temperature: 0, seed: 9 })];
    expect(other.levels).toEqual(one.levels);
  });

  it('is guided by u + w (c − u): 0 without the class and 1 with it bit for bit, 2 beyond', async () => {
    const plain = await draw();
    const conditional = await draw({ label: 2 });
    expect(conditional.logProb).not.toEqual(plain.logProb);
    expect(await draw({ label: 2, guidance: 0 })).toEqual(plain);
    expect(await draw({ label: 2, guidance: 1 })).toEqual(conditional);
    const guided = await draw({ label: 2, guidance: 2 });
    const first = async (decoder: ReturnType<ImageModel['decoder']>) =>
      Float64Array.from(await decoder.next());
    const u = await first(model.decoder({ rows: 1 }));
    const c = await first(model.decoder({ rows: 1, labels: [2] }));
    const mixed = u.map((value, level) => value + 2 * ((c[level] as number) - value));
    const total = Math.log(mixed.reduce((sum, value) => sum + Math.exp(value), 0));
    expect(guided.logProb[0]).toBeCloseTo((mixed[guided.levels[0] as number] as number) - total, 5);
  });

  it('keeps a region and draws the rest: as alone before it, knowing it after it', async () => {
    const levels = new Int32Array(20).fill(2);
    const where = regionOf([1, 1, 2, 4], facts);
    expect([...where].flatMap((kept, at) => (kept ? [at] : []))).toEqual([6, 7, 8]);
    const [free, kept] = [await draw(), await draw({ kept: { levels, where } })];
    for (const row of [0, 20]) {
      expect([...kept.levels.subarray(row + 6, row + 9)]).toEqual([2, 2, 2]);
      expect(kept.levels.subarray(row, row + 6)).toEqual(free.levels.subarray(row, row + 6));
    }
    const batch = imageBatch(kept.levels, facts, null);
    const expected = (await model.logProb?.(batch)) ?? new Float32Array(0);
    kept.logProb.forEach((value, at) => expect(value).toBeCloseTo(expected[at] as number, 5));
    batch.pixels.dispose();
    for (const region of [
      [0, 0, 0, 1],
      [0, 0, 5, 5],
      [0, 2, 1, 2],
      [-1, 0, 1, 1],
    ] as const) {
      expect(() => regionOf(region, facts)).toThrow(/^keep: expected r0,c0,r1,c1 .* got/);
    }
  });

  it('goes through an order of its own: what is kept at its end is kept, and the numbers are the full forward’s', async () => {
    const ordered = pixelTransformer.build(pixelTransformer.example, facts, 1);
    const kept = { levels: new Int32Array(20).fill(1), where: regionOf([0, 0, 1, 5], facts) };
    const { levels, logProb } = await drawImages(ordered, { count: 2, seed: 5, signal, kept });
    expect([...levels.subarray(20, 25)]).toEqual([1, 1, 1, 1, 1]);
    const batch = imageBatch(levels, facts, null);
    const expected = (await ordered.logProb?.(batch)) ?? new Float32Array(0);
    logProb.forEach((value, at) => expect(value).toBeCloseTo(expected[at] as number, 5));
    batch.pixels.dispose();
    ordered.dispose();
  });

  it('ends when it is cancelled', async () => {
    await expect(draw({ signal: AbortSignal.abort() })).rejects.toMatchObject({ reason: 'cancelled' });
  });

  it('follows the closed form of the toy: a first pixel around ½, the next around the first', async () => {
    const toy = toyRaster.build({ sigma: 0.02 }, { height: 1, width: 2, channels: 1, levels: 11 }, 0);
    const { levels } = await drawImages(toy, { count: 50, seed: 1, signal });
    levels.forEach((level) => expect(Math.abs(level - 5)).toBeLessThanOrEqual(1));
  });
});

it('a grid of images is one picture with a pixel between', () => {
  const levels = Int32Array.from({ length: 3 * 20 }, (_, at) => (at < 20 ? 0 : at < 40 ? 1 : 2));
  const { height, width, rgb } = decodePicture(pictureGrid(levels, facts), 'grid.png');
  expect([height, width]).toEqual([9, 11]);
  const at = (row: number, column: number) => rgb[3 * (row * width + column)];
  expect([at(0, 0), at(0, 6), at(5, 0), at(0, 5)]).toEqual([0, 128, 255, 128]);
});
