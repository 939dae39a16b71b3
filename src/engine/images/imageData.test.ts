// The split of images, their levels and what cannot be trained on.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../formats/picture';
import { parseSpec } from '../spec/spec';
import { levelsOf, prepareImageData, type ImageData } from './imageData';
import { imageFloors } from './imageFloors';

let folder: string;
const idx = (count: number, height: number, width: number) => {
  const header = Buffer.from([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, height, 0, 0, 0, width]);
  return Buffer.concat([
    header,
    Buffer.from(Array.from({ length: count * height * width }, (_, at) => (at * 37) % 256)),
  ]);
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-split-'));
  await writeFile(join(folder, 'train'), idx(40, 2, 3));
  await writeFile(join(folder, 'held'), idx(7, 2, 3));
  await writeFile(join(folder, 'wide'), idx(7, 2, 4));
  await writeFile(
    join(folder, 'labels'),
    Buffer.from([0, 0, 8, 1, 0, 0, 0, 40, ...Array.from({ length: 40 }, (_, i) => i % 5)]),
  );
});
afterAll(() => rm(folder, { recursive: true }));

function dataOf(data: object) {
  const { spec, problems } = parseSpec(
    JSON.stringify({ family: 'pixelcnn', data: { source: 'train', ...data } }),
  );
  expect(problems).toEqual([]);
  if (spec?.domain !== 'image') throw new Error('expected a spec of images');
  return spec.data;
}
const open: ImageData[] = [];
afterEach(() => Promise.all(open.splice(0).map((data) => data.close())));
async function prepare(data: object, seed = 1, classes = 0): Promise<ImageData> {
  const place = { spec: join(folder, 'a.arlens.json'), workspace: folder };
  const prepared = await prepareImageData(dataOf(data), { ...place, seed, classes });
  open.push(prepared);
  return prepared;
}

describe('the split', () => {
  it('holds out a share by the seed, each image in one part', async () => {
    const data = await prepare({ validation: 0.25 });
    const { train, validation, record } = data;
    expect([train.indices.length, validation.indices.length]).toEqual([30, 10]);
    expect(new Set([...train.indices, ...validation.indices]).size).toBe(40);
    expect(record).toMatchObject({
      trainTokens: 180,
      validationTokens: 60,
      unit: 'subpixel',
      bytesPerElement: 0,
    });
    expect(record.split).toBe('10 of 40 images, drawn by seed 1');
    expect((await prepare({ validation: 0.25 }, 2)).validation.indices).not.toEqual(validation.indices);
    expect((await prepare({ validation: 0.25 })).validation.indices).toEqual(validation.indices);
  });

  it('or takes images of their own, of the same size', async () => {
    const { train, validation, record } = await prepare({ validation: 'held' });
    expect([train.indices.length, validation.indices.length, record.files]).toEqual([40, 7, 2]);
    await expect(prepare({ validation: 'wide' })).rejects.toThrow(
      'data.validation: expected images of 3 × 2 × 1 as in data.source, got 4 × 2 × 1.',
    );
  });

  it('needs images on both sides, and classes that the model has', async () => {
    await expect(prepare({ validation: 0.001 })).rejects.toThrow(
      /expected images on both sides of the split, got 40/,
    );
    await expect(prepare({ labels: 'labels' }, 1, 4)).rejects.toThrow(
      /expected classes below model.classes \(4\), got class 4/,
    );
    const { train, quantizer } = await prepare({ labels: 'labels' }, 1, 5);
    const { labels, levels } = await levelsOf(train, [0, 1], quantizer, 0);
    expect([...(labels ?? [])]).toEqual([...train.indices.subarray(0, 2)].map((index) => index % 5));
    expect(levels.every((level) => level === 0 || level === 1)).toBe(true);
  });
});

describe('values that are levels already', () => {
  const shape = [0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 2, 0, 0, 0, 3];
  const values = (levels: number) => Array.from({ length: 120 }, (_, at) => (at * 7) % levels);
  const npy = (type: string, bytes: readonly number[]) => {
    const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (20, 2, 3), }`.padEnd(117) + '\n';
    const start = [0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0];
    return Buffer.concat([Buffer.from(start), Buffer.from(header), Buffer.from(bytes)]);
  };

  it.each<[string, Buffer, object, string]>([
    [
      'binary.idx',
      Buffer.from([...shape, ...values(2)]),
      {},
      'got none above 1, of which data.quantize "threshold"',
    ],
    ['binary.npy', npy('|u1', values(2)), { quantize: 'sampleOnce' }, 'got none above 1'],
    ['sixteen.idx', Buffer.from([...shape, ...values(16)]), {}, 'got none above 15'],
    [
      'sixteen.npy',
      npy('|u1', values(16)),
      { levels: 16, quantize: 'round' },
      'makes nearly all of them level 0',
    ],
    [
      'pale.idx',
      Buffer.from([...shape, ...values(16).map((value) => 200 + value)]),
      {},
      'got values from 200 to 215',
    ],
  ])('%s is refused, with what to do', async (name, bytes, more, message) => {
    await writeFile(join(folder, name), bytes);
    const error: unknown = await prepare({ source: name, ...more }).catch((each: unknown) => each);
    expect(error).toMatchObject({ reason: 'badInput', message: expect.stringContaining(message) as unknown });
    const action =
      name === 'pale.idx' ? 'more data.levels' : `by ${name.startsWith('binary') ? 255 : 17}, or save`;
    expect(error).toMatchObject({ action: expect.stringContaining(action) as unknown });
  });

  it('are taken where they mean what they say: as bool, or as all 256 levels', async () => {
    await writeFile(join(folder, 'bool.npy'), npy('|b1', values(2)));
    const { train, quantizer } = await prepare({ source: 'bool.npy' });
    expect(new Set((await levelsOf(train, [0, 1], quantizer, 0)).levels)).toEqual(new Set([0, 1]));
    await writeFile(join(folder, 'dark.npy'), npy('|u1', values(16)));
    await prepare({ source: 'dark.npy', levels: 256, quantize: 'round' });
  });

  it('nor are images refused that are all alike', async () => {
    await writeFile(join(folder, 'black.idx'), Buffer.from([...shape, ...values(1)]));
    expect((await prepare({ source: 'black.idx' })).train.indices).toHaveLength(18);
  });
});

it('the floors are what one knows without a model', async () => {
  const data = await prepare({ levels: 256, quantize: 'round' });
  const floors = await imageFloors(data, 1000, 0.5);
  expect(floors[0]?.nats).toBeCloseTo(8 * Math.LN2, 12); // uniform over 256: 8 bits/dim
  expect(floors.map(({ label }) => label)).toHaveLength(4);
  expect(floors[3]).toEqual({ label: 'least possible, of the source', nats: 0.5 });
});

describe('held-out images of their own', () => {
  const labelFile = (labels: readonly number[]) =>
    writeFile(join(folder, 'held-labels'), Buffer.from([0, 0, 8, 1, 0, 0, 0, labels.length, ...labels]));

  it('have the labels that lie beside them, or are said to have none', async () => {
    const data = { labels: 'labels', validation: 'held' };
    const without = await prepare(data, 1, 5);
    expect(without.validation.set.labels).toBeNull();
    expect(without.record.split).toBe(
      'images of their own: 7, without a class: no labels were found beside them',
    );
    await labelFile([4, 3, 2, 1, 0, 4, 3]);
    const labelled = await prepare(data, 1, 5);
    expect([...(labelled.validation.set.labels ?? [])]).toEqual([4, 3, 2, 1, 0, 4, 3]);
    expect(labelled.record.split).toBe('images of their own: 7');
    await labelFile([4, 3, 2, 1, 0, 4, 9]);
    await expect(prepare(data, 1, 5)).rejects.toThrow(
      'data.validation: expected classes below model.classes (5)',
    );
    await rm(join(folder, 'held-labels'));
  });

  it('have the classes of the folders that train, whichever of them there are', async () => {
    const picture = encodePng({ height: 2, width: 3 }, 1, new Uint8Array(6));
    for (const name of ['some/a', 'some/b', 'others/b', 'strange/c']) {
      await mkdir(join(folder, name), { recursive: true });
      await writeFile(join(folder, name, 'one.png'), picture);
    }
    const data = { source: 'some', labels: 'folders' };
    const { validation, record } = await prepare({ ...data, validation: 'others' }, 1, 2);
    expect([...(validation.set.labels ?? [])]).toEqual([1]);
    expect(record.classNames).toEqual(['a', 'b']);
    await expect(prepare({ ...data, validation: 'strange' }, 1, 2)).rejects.toThrow(
      'data.validation: expected pictures in folders named as those of data.source, got none.',
    );
  });
});

describe('a spec of images', () => {
  const problemsOf = (spec: object) => parseSpec(JSON.stringify(spec)).problems.map(({ message }) => message);
  const base = { family: 'pixelcnn', data: { source: 'x' } };

  it('has defaults for everything but family and source', () => {
    const { spec } = parseSpec(JSON.stringify(base));
    expect(spec).toMatchObject({
      domain: 'image',
      model: { layers: 8, width: 32, kernel: 3, firstKernel: 7, residual: true },
      data: { levels: 2, quantize: 'threshold', validation: 0.1, fit: 'crop', filter: 'area' },
      train: { batchSize: 16, evaluateImages: 1000, sampleCount: 16, sampleTemperature: 1 },
    });
  });

  it.each<[object, string]>([
    [{ ...base, data: { source: 'x', tokenizer: 'byte' } }, 'data.tokenizer: expected a known key'],
    [
      { ...base, data: { source: 'x', levels: 300 } },
      'data.levels: expected a whole number at least 2 and at most 256',
    ],
    [
      { ...base, data: { source: 'x', levels: 4 } },
      'data.levels: expected 2 with data.quantize "threshold", got 4',
    ],
    [
      { ...base, data: { source: 'x', height: 4 } },
      'data.width: expected a number beside data.height, got nothing',
    ],
    [{ ...base, data: { source: 'x', quantize: 'treshold' } }, 'did you mean "threshold"?'],
    [{ ...base, model: { kernel: 4 } }, 'model.kernel: expected an odd number, got 4'],
    [{ ...base, train: { evaluateTokens: 5 } }, 'train.evaluateTokens: expected a known key'],
    [
      { ...base, family: 'gatedPixelcnn', model: { classes: 3 } },
      'data.labels: expected the classes that model.classes asks for',
    ],
  ])('says what is wrong: %j', (spec, message) => {
    expect(problemsOf(spec).join('\n')).toContain(message);
  });
});
