// Models that are given pictures, from the spec to a drawing: what is refused, and a run that trains, resumes, is loaded
// again, scores and draws.
import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSpec } from '../spec/spec';
import { TrainingControl } from '../training/control';
import { train } from '../training/train';
import type { DeviceReport } from '../../protocol/engine';
import type { RunRecord, TrainEvent } from '../../protocol/run';
import { drawnConditions } from './drawnConditions';
import { prepareImageData } from './imageData';
import { loadImageModel } from './imageFolder';
import { sampleImages } from './sampleImages';
import { scoreImages } from './scoreImages';

const cpu: DeviceReport = { id: 'cpu', label: 'cpu', available: true, reason: 'It is the reference.' };
const COUNT = 20;
let folder: string;
let before: number;
const at = (name: string) => join(folder, name);
const idx = (count: number, height: number, width: number, value: (at: number) => number) =>
  Buffer.from([
    ...[0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, height, 0, 0, 0, width],
    ...Array.from({ length: count * height * width }, (_, index) => value(index)),
  ]);
const specText = (data: object, model: object = {}) =>
  JSON.stringify({
    family: 'gatedPixelcnn',
    model: { layers: 1, width: 4, kernel: 3, firstKernel: 3, ...model },
    data: { source: 'images', validation: 0.2, ...data },
    train: {
      ...{ steps: 6, batchSize: 3, warmupSteps: 1, learningRate: 0.01, checkpointEvery: 2 },
      ...{ evaluateEvery: 3, sampleEvery: 6, sampleCount: 2 },
    },
  });

beforeEach(async () => {
  await tf.setBackend('cpu');
  before = tf.memory().numTensors;
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-conditions-'));
  await writeFile(
    at('images'),
    idx(COUNT, 4, 4, (index) => (index * 53) % 256),
  );
  await writeFile(
    at('maps'),
    idx(COUNT, 4, 4, (index) => (index * 7) % 3),
  );
  await writeFile(
    at('few'),
    idx(COUNT - 1, 4, 4, (index) => index % 3),
  );
  await writeFile(
    at('wide'),
    idx(COUNT, 4, 6, (index) => index % 3),
  );
  await writeFile(
    at('classes'),
    Buffer.from([0, 0, 8, 1, 0, 0, 0, COUNT, ...Array.from({ length: COUNT }, (_, each) => each % 2)]),
  );
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  expect(tf.memory().numTensors).toBe(before);
});

describe('a spec', () => {
  const problem = (data: object, family = 'gatedPixelcnn') =>
    parseSpec(JSON.stringify({ family, data: { source: 'images', ...data } })).problems[0]?.message;

  it.each<[object, string | undefined]>([
    [{ condition: { shrink: 4 } }, undefined],
    [{ condition: { images: 'maps', labels: 3 } }, undefined],
    [{ condition: { images: 'maps', validation: 'held' }, validation: 'own' }, undefined],
    [{ condition: {} }, 'data.condition: expected either shrink or images, got neither'],
    [
      { condition: { shrink: 2, images: 'maps' } },
      'data.condition: expected either shrink or images, got both',
    ],
    [
      { condition: { shrink: 1 } },
      'data.condition.shrink: expected a whole number at least 2 and at most 64, got 1',
    ],
    [
      { condition: { shrinks: 2 } },
      'data.condition.shrinks: expected a known key, got "shrinks"; did you mean "shrink"?',
    ],
    [
      { condition: { shrink: 2, labels: 3 } },
      'data.condition.labels: expected none beside data.condition.shrink, got one',
    ],
    [
      { condition: { images: 'maps' }, validation: 'own' },
      'data.condition: expected validation, the pictures of the images of data.validation, got nothing',
    ],
    [
      { condition: { images: 'maps', validation: 'held' } },
      'data.condition.validation: expected none where data.validation is a share, got one',
    ],
  ])('%j: %s', (data, expected) => expect(problem(data)).toBe(expected));

  it('names the families that read one', () =>
    expect(problem({ condition: { shrink: 2 } }, 'pixelcnn')).toBe(
      'data.condition: expected none with "pixelcnn", which reads no condition, got one; "gatedPixelcnn" does',
    ));
});

it.each<[object, string]>([
  [{ images: 'few' }, 'data.condition.images: expected 20 pictures, one for each image, got 19.'],
  [{ images: 'wide' }, 'expected pictures of 4 × 4, the size of the images, got 6 × 4.'],
  [{ images: 'maps', labels: 2 }, 'data.condition.images: expected labels below 2, got 2 in image 0.'],
  [{ images: 'nowhere' }, 'data.condition.images'],
  [
    { shrink: 3 },
    'data.condition.shrink: expected a number that divides width and height, because every block is whole, got 3 for images of 4 × 4.',
  ],
])('refuses %j in one sentence', async (condition, message) => {
  const { spec } = parseSpec(specText({ condition }));
  if (spec?.domain !== 'image') throw new Error('expected a spec of images');
  const place = { spec: at('a.arlens.json'), workspace: folder, seed: 1, classes: 0 };
  await expect(prepareImageData(spec.data, place)).rejects.toThrow(message);
});

async function run(
  out: string,
  more: { stopAt?: number; resume?: boolean } = {},
): Promise<{ record: RunRecord; losses: number[]; given: unknown[] }> {
  const control = new TrainingControl();
  const events: TrainEvent[] = [];
  const emit = (event: TrainEvent): Promise<void> => {
    events.push(event);
    if (event.type === 'step' && event.step === more.stopAt) control.stop();
    return Promise.resolve();
  };
  const params = { spec: at('a.arlens.json'), workspace: folder, out: at(out) };
  const record = await train(
    { ...params, ...(more.resume ? { resume: true } : {}) },
    { context: { device: () => Promise.resolve(cpu) }, control, emit },
  );
  return {
    record,
    losses: events.flatMap((event) =>
      event.type === 'step' ? [event.loss] : event.type === 'evaluation' ? [event.nats] : [],
    ),
    given: events.flatMap((event) => (event.type === 'sample' ? [event.given] : [])),
  };
}
const call = <P>() => ({ signal: new AbortController().signal, progress: (_: P) => Promise.resolve() });
const RUN = '.arlens/runs/a/now';

it('trains, resumes, scores and draws given a map, and a class', async () => {
  await writeFile(
    at('a.arlens.json'),
    specText({ condition: { images: 'maps', labels: 3 }, labels: 'classes' }, { classes: 2 }),
  );
  const whole = await run(RUN);
  const first = await run('parts', { stopAt: 3 });
  const second = await run('parts', { resume: true });
  expect([...first.losses, ...second.losses]).toEqual(whole.losses);
  expect(whole.record).toMatchObject({
    title: 'Gated PixelCNN given its map of 3 labels',
    given: 'its map of 3 labels',
    data: { files: 2 },
  });
  expect(whole.given).toEqual(Array(2).fill('its map of 3 labels'));
  expect(whole.record.floors[1]?.label).toMatch(/given nothing$/);
  await writeFile(
    at('maps'),
    idx(COUNT, 4, 4, (index) => (index + 1) % 3),
  );
  await expect(run('parts', { resume: true })).rejects.toThrow('expected the data that this run');

  const loaded = await loadImageModel(at(RUN));
  try {
    expect(loaded.facts.condition).toEqual({ kind: 'labels', labels: 3 });
    const score = (more: object = {}) =>
      scoreImages(loaded, 'cpu', { model: at(RUN), file: at('images'), ...more }, call());
    const found = await score();
    expect(found).toMatchObject({
      given: 'class',
      condition: { kind: 'labels', words: 'its map of 3 labels' },
    });
    // Other maps, another likelihood; the same ones by name, the same.
    await writeFile(
      at('other'),
      idx(COUNT, 4, 4, () => 1),
    );
    expect((await score({ condition: at('maps') })).nll).toBe(found.nll);
    expect((await score({ condition: at('other') })).nll).not.toBe(found.nll);
    await expect(score({ condition: at('few') })).rejects.toThrow('expected 20 pictures, one for each image');
    await rename(at('maps'), at('gone'));
    await expect(score()).rejects.toThrow('expected conditions beside it');
    await writeFile(at('conditions'), await readFile(at('gone')));
    expect((await score()).nll).toBe(found.nll);
    // The run's own pictures are gone: a drawing says what to give it, and takes those that are named.
    const draw = (more: object = {}) =>
      sampleImages(loaded, { model: at(RUN), seed: 1, count: 3, class: 1, ...more }, call());
    await expect(draw()).rejects.toThrow('those of its run cannot be read here');
    const drawn = await draw({ condition: { file: at('gone') } });
    expect(drawn.given).toMatchObject({ source: 'gone', indices: [0, 1, 2], channels: 1 });
    expect([...(drawn.given?.pixels.subarray(0, 4) ?? [])]).toEqual([128, 255, 0, 128]);
    const all = await draw({ condition: { file: at('gone'), image: 4 } });
    expect(all.given?.indices).toEqual([4, 4, 4]);
    await expect(draw({ condition: { file: at('gone'), image: COUNT } })).rejects.toThrow(
      'expected one from 0 to 19',
    );
    await expect(draw({ condition: { file: at('wide') } })).rejects.toThrow('expected pictures of 4 × 4');
    const inpainted = await draw({ keep: { file: at('images'), image: 2, region: [0, 0, 2, 4] } });
    expect(inpainted.given).toMatchObject({ source: 'conditions', indices: [2, 2, 2] });
  } finally {
    loaded.model.dispose();
  }
}, 60_000);

it('is given its own small version: by the run’s held-out images, others, or small ones', async () => {
  await writeFile(at('a.arlens.json'), specText({ condition: { shrink: 2 }, levels: 4, quantize: 'round' }));
  const { record } = await run(RUN);
  expect(record.given).toBe('its picture at 1/2 of its height and width');
  const loaded = await loadImageModel(at(RUN));
  try {
    const found = await scoreImages(loaded, 'cpu', { model: at(RUN), file: at('images') }, call());
    expect(found.condition?.kind).toBe('shrunken');
    await expect(
      scoreImages(loaded, 'cpu', { model: at(RUN), file: at('images'), condition: at('maps') }, call()),
    ).rejects.toThrow('condition: expected none');
    // Four held out, one after another and around again.
    const held = await drawnConditions(loaded, { count: 6 });
    expect(held?.given).toMatchObject({ source: 'held-out images of images', indices: [0, 1, 2, 3, 0, 1] });
    const full = await drawnConditions(loaded, { count: 1, condition: { file: at('images') } });
    const small = full?.values.filter((_, place) => [0, 2, 8, 10].includes(place)) ?? [];
    await writeFile(
      at('small'),
      idx(1, 2, 2, (place) => Math.round(255 * (small[place] ?? 0))),
    );
    const same = await drawnConditions(loaded, { count: 1, condition: { file: at('small') } });
    same?.values.forEach((value, place) => expect(value).toBeCloseTo(full?.values[place] ?? NaN, 2));
    await expect(drawnConditions(loaded, { count: 1, condition: { file: at('wide') } })).rejects.toThrow(
      'expected images of 4 × 4 to shrink, or small ones of 2 × 2, got 6 × 4.',
    );
  } finally {
    loaded.model.dispose();
  }
}, 60_000);
