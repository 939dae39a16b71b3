// What is found for a new spec: labels beside an array and in folders, only where they are these images'; one size.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodePng } from '../../formats/picture';
import { imageSource } from './imageSource';
import { ImageSets } from './imageSets';

let folder: string;
const labelsOf = (labels: readonly number[]) => Buffer.from([0, 0, 8, 1, 0, 0, 0, labels.length, ...labels]);
const images = (count: number) =>
  Buffer.from([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 2, 0, 0, 0, 3, ...new Array<number>(count * 6).fill(7)]);
const picture = (height: number, width: number, channels: 1 | 3) =>
  encodePng(
    { height, width },
    channels,
    Uint8Array.from({ length: height * width * channels }, (_, at) => at),
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-image-source-'));
  await writeFile(join(folder, 'digits.idx'), images(6));
  await writeFile(join(folder, 'digits-labels.idx'), labelsOf([0, 2, 1, 2, 0, 1]));
  await writeFile(join(folder, 'others.idx'), images(6));
  await writeFile(join(folder, 'others-labels.idx'), labelsOf([0, 1]));
  for (const [name, height] of [
    ['shapes/round', 4],
    ['shapes/square', 4],
    ['several/tall', 60],
    ['several/small', 8],
    ['flat', 4],
  ] as const) {
    await mkdir(join(folder, name), { recursive: true });
    for (const file of ['a.png', 'b.png']) await writeFile(join(folder, name, file), picture(height, 4, 3));
  }
});
afterAll(() => rm(folder, { recursive: true }));

const sets = new ImageSets();
const found = (name: string) => imageSource(join(folder, name), sets);

it.each([
  ['digits.idx', { images: 6, height: 2, width: 3, channels: 1, labels: 'digits-labels.idx', classes: 3 }],
  ['others.idx', { images: 6, labels: null, classes: 0 }],
  ['shapes', { images: 4, height: 4, width: 4, channels: 3, labels: 'folders', classes: 2, resized: false }],
  // One folder names no classes.
  ['flat', { images: 2, labels: null, classes: 0 }],
  ['several', { images: 4, height: 32, width: 32, labels: 'folders', classes: 2, resized: true }],
])('%s', async (name, expected) => {
  expect(await found(name)).toMatchObject(expected);
});

it('that cannot be read in any size is told as it is', async () => {
  await writeFile(join(folder, 'flat', 'c.png'), 'no picture');
  await expect(found('flat')).rejects.toThrow('c.png: expected a PNG or JPEG picture, got other bytes.');
  await expect(found('none.idx')).rejects.toMatchObject({ reason: 'notFound' });
});
