// Labels where images are scored: found as training had them, one class an image, and the score that of the family itself
// under that class. Held against the family's own logits, for files and for folders of pictures.
import '@tensorflow/tfjs-backend-cpu';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../formats/picture';
import type { CallContext } from '../../protocol/calls';
import type { ImageBitsProgress } from '../../protocol/imageSets';
import type { ScoreImagesParams, ScoredImagesProgress } from '../../protocol/images';
import { createEngineContext } from '../devices';
import { createEngineHandlers } from '../handlers';
import { TrainingControl } from '../training/control';
import { train } from '../training/train';
import { loadImageModel } from './imageFolder';
import { foundLabels } from './foundLabels';

const [COUNT, HEIGHT, WIDTH] = [12, 3, 4];
const SIZE = HEIGHT * WIDTH;
const CLASSES = ['circle', 'line', 'square'];
const LEVELS = Array.from({ length: COUNT * SIZE }, (_, at) => Number((at * 53) % 256 > 127));
const classOf = (image: number): number => image % CLASSES.length;
let folder: string;
const at = (...names: string[]) => join(folder, ...names);
const labelFile = (labels: readonly number[]) => Buffer.from([0, 0, 8, 1, 0, 0, 0, labels.length, ...labels]);
const quiet = <P>(onProgress?: (value: P) => void): CallContext<P> => ({
  signal: new AbortController().signal,
  progress: (value) => Promise.resolve(onProgress?.(value)),
});
const context = createEngineContext({ device: 'cpu' });
const engine = createEngineHandlers(context);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-labels-'));
  const header = [0, 0, 8, 3, 0, 0, 0, COUNT, 0, 0, 0, HEIGHT, 0, 0, 0, WIDTH];
  const images = Buffer.from([...header, ...LEVELS.map((level) => 255 * level)]);
  await mkdir(at('file'));
  await writeFile(at('file', 'shown'), images);
  await writeFile(
    at('file', 'answers'),
    labelFile(Array.from({ length: COUNT }, (_, image) => classOf(image))),
  );
  await mkdir(at('alone'));
  await writeFile(at('alone', 'shown'), images);
  await mkdir(at('wrong'));
  await writeFile(at('wrong', 'shown'), images);
  for (const [name, labels] of [
    ['short', [0, 1]],
    ['high', Array.from({ length: COUNT }, () => 3)],
  ] as const)
    await writeFile(at('wrong', name), labelFile(labels));
  for (const name of CLASSES) await mkdir(at('pictures', name), { recursive: true });
  for (let image = 0; image < COUNT; image++) {
    const pixels = Uint8Array.from(LEVELS.slice(image * SIZE, (image + 1) * SIZE), (level) => 255 * level);
    const png = encodePng({ height: HEIGHT, width: WIDTH }, 1, pixels);
    await writeFile(at('pictures', CLASSES[classOf(image)] ?? '', `${image}.png`), png);
  }
  await learn('file', { source: 'file/shown', labels: 'file/answers' });
  await learn('folders', { source: 'pictures', labels: 'folders' });
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

async function learn(name: string, data: object): Promise<void> {
  const spec = {
    family: 'gatedPixelcnn',
    model: { layers: 1, width: 6, kernel: 3, firstKernel: 3, classes: CLASSES.length },
    data: { ...data, validation: 0.25 },
    train: { steps: 12, batchSize: 6, warmupSteps: 1, learningRate: 0.05, evaluateEvery: 12, sampleEvery: 0 },
  };
  await writeFile(at(`${name}.arlens.json`), JSON.stringify(spec));
  await train(
    { spec: at(`${name}.arlens.json`), workspace: folder, out: at(`run-${name}`) },
    { context, control: new TrainingControl(), emit: () => Promise.resolve() },
  );
}

/** Nats of each image under a class, straight from the family. −1: no class. */
async function ownNats(run: string, images: readonly number[], label: (image: number) => number) {
  const { model } = await loadImageModel(at(run));
  const values = images.flatMap((image) => LEVELS.slice(image * SIZE, (image + 1) * SIZE));
  const pixels = tf.tensor4d(values, [images.length, HEIGHT, WIDTH, 1], 'int32');
  const labels = tf.tensor1d(images.map(label), 'int32');
  const logProb = (await model.logProb?.({ pixels, labels })) ?? new Float32Array(0);
  for (const each of [pixels, labels]) each.dispose();
  model.dispose();
  return images.map((_, place) => -logProb.slice(place * SIZE, (place + 1) * SIZE).reduce((a, b) => a + b));
}

async function score(params: Partial<ScoreImagesParams> & { readonly model: string; readonly file: string }) {
  const labels: number[] = [];
  const nats: number[] = [];
  const summary = await engine.scoreImages(
    params,
    quiet<ScoredImagesProgress>((part) => {
      labels.push(...(part.labels ?? []));
      for (let from = 0; from < part.logProb.length; from += SIZE)
        nats.push(-part.logProb.slice(from, from + SIZE).reduce((a, b) => a + b));
    }),
  );
  return { summary, labels, nats };
}

const ALL = Array.from({ length: COUNT }, (_, image) => image);
/** Pictures come sorted by path: circles first, and 10.png before 2.png. */
const inFolders = async (): Promise<number[]> => {
  const listed = await Promise.all(CLASSES.map(async (name) => (await readdir(at('pictures', name))).sort()));
  return listed.flat().map((name) => Number(name.replace('.png', '')));
};
function expectNats(got: readonly number[], wanted: readonly number[]): void {
  expect(got).toHaveLength(wanted.length);
  got.forEach((nats, image) => expect(nats, `image ${image}`).toBeCloseTo(wanted[image] ?? NaN, 4));
}

describe('images with labels', () => {
  it('are scored each under its class: the family’s own log-probabilities', async () => {
    const { summary, labels, nats } = await score({ model: at('run-file'), file: at('file', 'shown') });
    expect(summary).toMatchObject({
      given: 'class',
      labelSource: expect.stringMatching(/answers$/) as string,
    });
    expect(labels).toEqual(ALL.map(classOf));
    expectNats(nats, await ownNats('run-file', ALL, classOf));
    const other = await ownNats('run-file', ALL, (image) => (classOf(image) + 1) % 3);
    expect(nats.every((each, image) => Math.abs(each - (other[image] ?? each)) > 1e-3)).toBe(true);
  });

  it('are scored without a class where that is asked for, or where there are none', async () => {
    const wanted = await ownNats('run-file', ALL, () => -1);
    const without = await score({
      model: at('run-file'),
      file: at('file', 'shown'),
      withoutLabels: true,
    });
    const alone = await score({ model: at('run-file'), file: at('alone', 'shown') });
    for (const { summary, labels, nats } of [without, alone]) {
      expect(summary).toMatchObject({ given: 'no class', labelSource: null });
      expect(labels).toEqual([]);
      expectNats(nats, wanted);
    }
  });

  it('have the classes of the folders that training knew, in a part of them too', async () => {
    const order = await inFolders();
    const { summary, labels, nats } = await score({ model: at('run-folders'), file: at('pictures') });
    expect(summary).toMatchObject({ given: 'class', labelSource: 'folders' });
    expect(labels).toEqual(order.map(classOf));
    expectNats(nats, await ownNats('run-folders', order, classOf));
    // Alone, the squares are not class 0.
    const squares = await score({ model: at('run-folders'), file: at('pictures', 'square') });
    expect(new Set(squares.labels)).toEqual(new Set([2]));
    expect(await engine.imageModel({ model: at('run-folders') }, quiet())).toMatchObject({
      classNames: CLASSES,
    });
  });

  it('that do not match are refused in a sentence', async () => {
    const model = at('run-file');
    const file = at('wrong', 'shown');
    for (const [labels, sentence] of [
      ['short', 'expected 12 labels, one for each image, got 2.'],
      ['high', 'labels: expected classes below model.classes (3), got class 3.'],
      ['folders', 'expected an IDX file of labels, got "folders"'],
    ] as const)
      await expect(score({ model, file, labels })).rejects.toThrow(sentence);
    await writeFile(at('wrong', 'answers'), labelFile([0]));
    await expect(score({ model, file })).rejects.toMatchObject({
      reason: 'badInput',
      action: 'Name the labels of these very images, or go without labels.',
    });
    expect((await score({ model, file, withoutLabels: true })).summary.given).toBe('no class');
    await rename(at('pictures', 'line'), at('pictures', 'lines'));
    await expect(score({ model: at('run-folders'), file: at('pictures') })).rejects.toThrow(
      /folders named as the classes \(circle, line, square\), got .*lines/,
    );
    await rename(at('pictures', 'lines'), at('pictures', 'line'));
  });
});

describe('what a person looks at', () => {
  const subject = () => ({ model: at('run-file') });

  it('is scored as the command scores it, image by image and pixel by pixel', async () => {
    const path = at('file', 'shown');
    for (const withoutLabels of [false, true]) {
      const wanted = await ownNats('run-file', ALL, withoutLabels ? () => -1 : classOf);
      const labels: number[] = [];
      const nats: number[] = [];
      const params = { subject: subject(), path, withoutLabels };
      const summary = await engine.imageBits(
        params,
        quiet<ImageBitsProgress>((part) => {
          nats.push(...part.nats);
          labels.push(...(part.labels ?? []));
        }),
      );
      expect(summary.given).toBe(withoutLabels ? 'no class' : 'class');
      expect(labels).toEqual(withoutLabels ? [] : ALL.map(classOf));
      expectNats(nats, wanted);
      const one = await engine.imageNats({ ...params, image: 5 }, quiet());
      expect(one.label).toBe(withoutLabels ? null : classOf(5));
      expect(-one.logProb.reduce((a, b) => a + b)).toBeCloseTo(wanted[5] ?? NaN, 4);
    }
  });
});

describe('labels are found', () => {
  it.each([
    ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'],
    ['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'],
    ['digits.idx', 'digits-labels.idx'],
    ['digits.npy', 'digits-labels.idx'],
    ['train-images.npz', 'train-labels.idx'],
  ])('beside %s as %s', async (images, labels) => {
    const place = await mkdtemp(join(folder, 'names-'));
    expect(await foundLabels(join(place, images), { classNames: [] })).toEqual({});
    await writeFile(join(place, labels), labelFile([0]));
    expect(await foundLabels(join(place, images), { classNames: [] })).toEqual({ labels });
  });

  it('as training had them only: folders’ names and files are not taken for one another', async () => {
    const { summary } = await score({ model: at('run-folders'), file: at('alone', 'shown') });
    expect(summary.given).toBe('no class');
    await writeFile(at('pictures-labels'), labelFile([0]));
    expect((await score({ model: at('run-file'), file: at('pictures') })).summary.given).toBe('no class');
    await expect(
      score({ model: at('run-folders'), file: at('alone', 'shown'), labels: 'folders' }),
    ).rejects.toThrow('expected an IDX file of labels, got "folders"');
  });

  it('nowhere else: a spec whose labels lie in another folder names none', async () => {
    const rule = { source: 'file/shown', labels: 'elsewhere/answers', classNames: [] };
    await mkdir(at('elsewhere'));
    await writeFile(at('elsewhere', 'answers'), labelFile([0]));
    expect(await foundLabels(at('file', 'shown'), rule)).toEqual({});
  });
});
