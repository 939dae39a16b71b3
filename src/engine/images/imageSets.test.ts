// What a person looks at: slices of files, the bits of each image, one image pixel by pixel. Held against the command's
// own numbers, and at the edges: bad files, other sizes, models without runs.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallContext } from '../../protocol/calls';
import { NATS_PER_BIT } from '../../protocol/figure';
import type { ImageBitsProgress } from '../../protocol/imageSets';
import { encodePng } from '../../formats/picture';
import { createEngineContext } from '../devices';
import { createEngineHandlers } from '../handlers';
import { scanOrder } from '../../math/scanOrder';
import { TrainingControl } from '../training/control';
import { train } from '../training/train';

let folder: string;
const idx = (count: number, height: number, width: number, values: readonly number[]) =>
  Buffer.from([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, height, 0, 0, 0, width, ...values]);
const PIXELS = Array.from({ length: 3 * 4 * 5 }, (_, at) => (at * 71) % 256);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-looked-at-'));
  await writeFile(join(folder, 'three.idx'), idx(3, 4, 5, PIXELS));
  await writeFile(join(folder, 'cut.idx'), idx(3, 4, 5, PIXELS.slice(1)));
  const picture = encodePng({ height: 200, width: 100 }, 3, new Uint8Array(60_000).fill(90));
  await writeFile(join(folder, 'tall.png'), picture);
  const spec = {
    family: 'toyRaster',
    model: { sigma: 0.2 },
    data: { source: 'three.idx', levels: 8, quantize: 'round' },
  };
  await writeFile(join(folder, 'toy.arlens.json'), JSON.stringify(spec));
  const learns = { family: 'pixelcnn', data: { source: 'three.idx' } };
  await writeFile(join(folder, 'learns.arlens.json'), JSON.stringify(learns));
});
afterAll(() => rm(folder, { recursive: true }));

const call = <P>(onProgress?: (value: P) => void): CallContext<P> => ({
  signal: new AbortController().signal,
  progress: (value) => Promise.resolve(onProgress?.(value)),
});
const quiet = call<never>();
const context = createEngineContext({ device: 'cpu' });
const engine = createEngineHandlers(context);
const at = (name: string) => join(folder, name);

describe('a set that is looked at', () => {
  it('says its sizes and gives any of its images', async () => {
    expect(await engine.imageSet({ path: at('three.idx') }, quiet)).toEqual({
      images: 3,
      height: 4,
      width: 5,
      channels: 1,
      files: 1,
    });
    const indices = Int32Array.of(2, 0);
    const found = await engine.thumbnails({ path: at('three.idx'), indices, side: 64 }, quiet);
    expect([...found.pixels]).toEqual([...PIXELS.slice(40), ...PIXELS.slice(0, 20)]);
    const outside = { path: at('three.idx'), indices: Int32Array.of(3), side: 64 };
    await expect(engine.thumbnails(outside, quiet)).rejects.toThrow('expected numbers from 0 to 2');
  });

  it('comes small where it is large', async () => {
    const asked = { path: at('tall.png'), indices: Int32Array.of(0), side: 50 };
    const found = await engine.thumbnails(asked, quiet);
    expect(found).toMatchObject({ height: 50, width: 25, channels: 1 });
    expect(new Set(found.pixels)).toEqual(new Set([90]));
  });

  it('that is damaged or elsewhere is told in one sentence', async () => {
    await expect(engine.imageSet({ path: at('cut.idx') }, quiet)).rejects.toThrow(
      'byte 4: expected a file of 76 bytes, as its sizes 3 × 4 × 5 say, got 75 bytes.',
    );
    await expect(engine.imageSet({ path: at('none.idx') }, quiet)).rejects.toMatchObject({
      reason: 'notFound',
    });
  });
});

describe('a model of images', () => {
  const subject = { spec: '' };
  beforeAll(() => {
    subject.spec = at('toy.arlens.json');
  });

  it('without weights is its spec; one that learns needs a run', async () => {
    expect(await engine.imageModel(subject, quiet)).toMatchObject({
      family: 'toyRaster',
      levels: 8,
      height: 4,
      width: 5,
      likelihood: 'exact',
    });
    await expect(engine.imageModel({ spec: at('learns.arlens.json') }, quiet)).rejects.toMatchObject({
      action: 'Train it first.',
    });
  });

  it('scores each image by the sum of its sub-pixels, and the whole by the sum of its images', async () => {
    const parts: number[] = [];
    const params = { subject, path: at('three.idx') };
    const summary = await engine.imageBits(
      params,
      call<ImageBitsProgress>(({ nats }) => parts.push(...nats)),
    );
    expect(parts).toHaveLength(3);
    expect(summary.bitsPerDim).toBeCloseTo(parts.reduce((a, b) => a + b) / NATS_PER_BIT / 60, 10);
    for (const [image, nats] of parts.entries()) {
      const one = await engine.imageNats({ ...params, image }, quiet);
      expect(one.order).toBeNull();
      expect(-one.logProb.reduce((a, b) => a + b)).toBeCloseTo(nats, 3);
      expect([...one.level]).toEqual(
        PIXELS.slice(image * 20, (image + 1) * 20).map((value) => Math.round((value / 255) * 7)),
      );
    }
  });

  it('has a distribution at every pixel, which sums to one and says level, entropy and rank', async () => {
    const params = { subject, path: at('three.idx'), image: 1 };
    const one = await engine.imageNats(params, quiet);
    for (const [row, column] of [
      [0, 0],
      [1, 3],
      [3, 4],
    ] as const) {
      const { logProb, ...facts } = await engine.pixelDistribution({ ...params, row, column }, quiet);
      const place = row * 5 + column;
      const only = <T extends { slice(from: number, to: number): T }>(values: T) =>
        values.slice(place, place + 1);
      expect(facts).toEqual({
        channels: 1,
        levels: 8,
        label: null,
        level: only(one.level),
        entropy: only(one.entropy),
        rank: only(one.rank),
      });
      const p = Array.from(logProb, Math.exp);
      expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      expect(logProb[one.level[place] ?? -1]).toBeCloseTo(one.logProb[place] ?? NaN, 5);
      expect(one.rank[place]).toBe(1 + p.filter((each) => each > (p[one.level[place] ?? -1] ?? 2)).length);
      const entropy = p.reduce((sum, each) => sum - (each > 0 ? each * Math.log(each) : 0), 0);
      expect(one.entropy[place]).toBeCloseTo(entropy, 4);
    }
    await expect(engine.pixelDistribution({ ...params, row: 4, column: 0 }, quiet)).rejects.toThrow('5 × 4');
  });

  it('says in which order it generates, where that is not raster', async () => {
    const spec = {
      family: 'pixelTransformer',
      model: { layers: 1, heads: 1, width: 4, order: 'zigzag' },
      data: { source: 'three.idx', levels: 8, quantize: 'round', validation: 0.34 },
      train: { steps: 1, batchSize: 1, warmupSteps: 1, evaluateEvery: 1, sampleEvery: 0 },
    };
    await writeFile(at('zigzag.arlens.json'), JSON.stringify(spec));
    await train(
      { spec: at('zigzag.arlens.json'), workspace: folder, out: at('run') },
      { context, control: new TrainingControl(), emit: () => Promise.resolve() },
    );
    const params = { subject: { model: at('run') }, path: at('three.idx'), image: 0 };
    const { order } = await engine.imageNats(params, quiet);
    expect(order).toEqual(scanOrder('zigzag', { height: 4, width: 5 }, 0));
  });
});
