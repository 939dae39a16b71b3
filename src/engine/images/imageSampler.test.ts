// Sampling from a path: whole or in steps it draws what `sample` draws with that seed, forced and kept values stay, and
// what it wrote can be read as what it drew.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomizeImageWeights } from '../../analysis/reach/imageNetwork';
import type { ImageFamily } from '../../families/imageFamily';
import { gatedPixelcnn } from '../../families/gatedPixelcnn/family';
import { toyRaster } from '../../families/toyRaster/family';
import type { CallContext } from '../../protocol/calls';
import type { ImageSamplerParams, ImageSamplerProgress } from '../../protocol/imageSampler';
import { writeSafetensors } from '../../formats/safetensors';
import { RUN_FILES } from '../../protocol/run';
import { weightsOf } from '../models/modelFolder';
import { createEngineContext } from '../devices';
import { createEngineHandlers } from '../handlers';
import { drawImages } from './drawImages';
import { saveImageDescription } from './imageFolder';
import { ImageSampler } from './imageSampler';

const FACTS = { height: 3, width: 4, channels: 3, levels: 8 };
const SIZE = 36;
let folder: string;
let base: ImageSamplerParams;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-sampler-'));
  const spec = join(folder, 'toy.arlens.json');
  const data = { source: 'none.idx', ...FACTS, quantize: 'round' };
  await writeFile(spec, JSON.stringify({ family: 'toyRaster', model: { sigma: 0.3 }, data }));
  base = {
    subject: { spec },
    count: 2,
    path: new Uint8Array(0),
    settings: { seed: 9, temperature: 1 },
    length: SIZE,
    perSecond: 0,
    image: 1,
  };
});
afterAll(() => rm(folder, { recursive: true }));

const engine = createEngineHandlers(createEngineContext({ device: 'cpu' }));
const call = <P>(onProgress: (value: P) => void, signal = new AbortController().signal): CallContext<P> => ({
  signal,
  progress: (value) => Promise.resolve(onProgress(value)),
});

async function drawn(params: ImageSamplerParams) {
  const parts: ImageSamplerProgress[] = [];
  const result = await engine.imageSamplerRun(
    params,
    call<ImageSamplerProgress>((part) => parts.push(part)),
  );
  return {
    result,
    values: parts.flatMap((part) => [...part.values]),
    places: parts.flatMap((part) => [...part.places]),
    logProb: parts.flatMap((part) => [...part.logProb]),
  };
}

async function asSampled(temperature: number) {
  const model = toyRaster.build({ sigma: 0.3 }, FACTS, 1);
  const { signal } = new AbortController();
  return drawImages(model, { count: 2, seed: 9, temperature, signal });
}

describe('sampling from a path', () => {
  it('draws what sample draws with the same seed, in any portions', async () => {
    const { levels, logProb } = await asSampled(1);
    const whole = await drawn(base);
    expect(whole.places).toEqual(Array.from({ length: SIZE }, (_, at) => at));
    for (let step = 0; step < SIZE; step++) {
      for (let image = 0; image < 2; image++) {
        expect(whole.values[2 * step + image]).toBe(levels[image * SIZE + step]);
        expect(whole.logProb[2 * step + image]).toBeCloseTo(logProb[image * SIZE + step] ?? NaN, 5);
      }
    }
    expect(whole.result.next).toBeNull();
    let path = new Uint8Array(0);
    for (const length of [1, 5, 0, 30]) {
      const part = await drawn({ ...base, path, length });
      path = Uint8Array.from([...path, ...part.values]);
    }
    expect([...path]).toEqual(whole.values);
  });

  it('says what comes next, and draws it', async () => {
    const { result } = await drawn({ ...base, length: 7 });
    expect(result.next).toMatchObject({ row: 0, column: 2, channel: 1, isKept: false });
    const before = await drawn({ ...base, length: 7 });
    const path = Uint8Array.from(before.values);
    const one = await drawn({ ...base, path, length: 1 });
    expect(one.values[1]).toBe(result.next?.level);
    expect(one.logProb[1]).toBeCloseTo(result.next?.logProb[one.values[1] ?? 0] ?? NaN, 5);
    const mass = result.next?.probability.reduce((sum, each) => sum + each, 0);
    expect(mass).toBeCloseTo(1, 5);
  });

  it('takes another temperature mid-way, and goes back to any path', async () => {
    const first = await drawn({ ...base, length: 10 });
    const path = Uint8Array.from(first.values);
    const cold = { ...base, path, settings: { seed: 9, temperature: 0 } };
    const rest = await drawn(cold);
    expect(rest.values.slice(0, 52)).not.toEqual((await drawn({ ...base, path })).values.slice(0, 52));
    expect((await drawn(cold)).values).toEqual(rest.values);
  });

  it('gives a forced level to its image alone', async () => {
    const forced = await drawn({ ...base, length: 1, force: 0 });
    const free = await drawn({ ...base, length: 1 });
    expect(forced.values).toEqual([free.values[0], 0]);
  });

  it('draws one image alone as it does among the others, bit for bit', async () => {
    const of = (image: number, values: readonly number[]) => values.filter((_, at) => at % 2 === image);
    const whole = await drawn(base);
    const alone = await drawn({ ...base, drawn: [1] });
    expect(of(1, alone.values)).toEqual(of(1, whole.values));
    expect(of(1, alone.logProb)).toEqual(of(1, whole.logProb));
    expect(new Set([...of(0, alone.values), ...of(0, alone.logProb)])).toEqual(new Set([0]));
    const path = Uint8Array.from(alone.values.slice(0, 20));
    const rest = await drawn({ ...base, path, drawn: [1] });
    expect(of(1, rest.values)).toEqual(of(1, whole.values).slice(10));
  });

  it('keeps a region, which what comes after it knows of', async () => {
    const where = new Uint8Array(SIZE).fill(1, 0, 12);
    const white = await drawn({ ...base, kept: { levels: new Uint8Array(SIZE).fill(7), where } });
    const black = await drawn({ ...base, kept: { levels: new Uint8Array(SIZE), where } });
    expect(new Set(white.values.slice(0, 24))).toEqual(new Set([7]));
    const mean = (values: number[]) => values.slice(24).reduce((sum, one) => sum + one, 0) / 48;
    expect(mean(white.values)).toBeGreaterThan(mean(black.values) + 1);
  });

  it('can be paused, and holds a pace', async () => {
    const pause = new AbortController();
    let steps = 0;
    const running = engine.imageSamplerRun(
      { ...base, perSecond: 200 },
      call<ImageSamplerProgress>(({ places }) => {
        steps += places.length;
        if (steps >= 6) pause.abort();
      }, pause.signal),
    );
    await expect(running).rejects.toMatchObject({ reason: 'cancelled' });
    expect(steps).toBeLessThan(SIZE);
    expect((await drawn(base)).values).toHaveLength(2 * SIZE);
  });

  it.each([
    [{ count: 0 }, 'count'],
    [{ settings: { seed: 1, temperature: 1, label: 0 } }, 'class'],
    [{ settings: { seed: 1, temperature: 1, guidance: 2 } }, 'guidance'],
    [{ path: Uint8Array.of(8, 8) }, 'path'],
    [{ force: 8 }, 'level'],
    [{ drawn: [2] }, 'drawn'],
    [{ drawn: [0] }, 'drawn'],
    [{ kept: { levels: new Uint8Array(3), where: new Uint8Array(3) } }, 'kept'],
    [{ settings: { seed: 1, temperature: -1 } }, 'temperature'],
  ] as const)('refuses %o in one sentence', async (wrong, place) => {
    await expect(drawn({ ...base, ...wrong })).rejects.toThrow(new RegExp(`^${place}: expected`));
  });
});

describe('a model with classes', () => {
  it('is guided as sample is, from any path', async () => {
    const config = { layers: 2, width: 6, kernel: 3, firstKernel: 3, classes: 3, labelDropout: 0.1 };
    const facts = { height: 4, width: 3, channels: 1, levels: 4 };
    const model = gatedPixelcnn.build(config, facts, 7);
    randomizeImageWeights(model, 7, 0.8);
    const run = join(folder, 'run');
    await mkdir(run);
    await saveImageDescription(run, gatedPixelcnn, config, facts);
    await writeSafetensors(join(run, RUN_FILES.weights), await weightsOf(model));
    const { signal } = new AbortController();
    const { levels } = await drawImages(model, { count: 2, seed: 3, label: 1, guidance: 2.5, signal });
    model.dispose();
    const settings = { seed: 3, temperature: 1, label: 1, guidance: 2.5 };
    const params = { ...base, subject: { model: run }, settings, length: 5 };
    const first = await drawn(params);
    // Another guidance in between: the decoder that stood here is gone, and the path is fed anew.
    await drawn({ ...params, settings: { ...settings, guidance: 0 } });
    const rest = await drawn({ ...params, path: Uint8Array.from(first.values), length: 7 });
    const values = [...first.values, ...rest.values];
    for (let step = 0; step < 12; step++)
      expect([values[2 * step], values[2 * step + 1]]).toEqual([levels[step], levels[12 + step]]);
    const each = { ...settings, label: 'each' } as const;
    const whole = await drawn({ ...params, length: 12 });
    const turns = await drawn({ ...params, settings: each, length: 12 });
    // The second image is of class 1 here as well; the first is of class 0.
    const of = (image: number, { logProb }: { logProb: number[] }) =>
      logProb.filter((_, at) => at % 2 === image);
    expect(of(1, turns)).toEqual(of(1, whole));
    expect(of(0, turns)).not.toEqual(of(0, whole));
    const free = await drawn({ ...params, settings: { seed: 3, temperature: 1 }, length: 12 });
    expect(of(1, free)).not.toEqual(of(1, whole));
  });
});

describe('going back', () => {
  const gated = { layers: 2, width: 6, kernel: 3, firstKernel: 3, classes: 3, labelDropout: 0.1 };
  it.each([
    ['a class', { label: 1 }],
    ['a guided class', { label: 1, guidance: 2.5 }],
    ['no class', {}],
  ])('gives what a fresh decoder gives of the same pixels, with %s', async (_, condition) => {
    const facts = { height: 4, width: 3, channels: 1, levels: 4 };
    const model = gatedPixelcnn.build(gated, facts, 7);
    randomizeImageWeights(model, 7, 0.8);
    const loaded = { folder, family: gatedPixelcnn as ImageFamily, facts, model };
    const quiet = call<ImageSamplerProgress>(() => undefined);
    const settings = { seed: 3, temperature: 1, ...condition };
    const walked = new ImageSampler();
    const at = (sampler: ImageSampler, path: readonly number[], length = 0) =>
      sampler.run(loaded, '1', { ...base, settings, path: Uint8Array.from(path), length }, quiet);
    await at(walked, [], 12);
    for (const path of [[0, 1, 2, 3, 3, 2], [0, 1], [0, 1, 3, 3], []]) {
      const [there, fresh] = [await at(walked, path), await at(new ImageSampler(), path)];
      there.next?.logProb.forEach((logProb, level) => {
        expect(Math.abs(logProb - (fresh.next?.logProb[level] ?? NaN))).toBeLessThan(1e-5);
      });
      expect(there.next?.level).toBe(fresh.next?.level);
      // And on from there, not only at the place itself.
      const [on, freshly] = [await at(walked, path, 3), await at(new ImageSampler(), path, 3)];
      expect(on.next?.logProb).toEqual(freshly.next?.logProb);
    }
    model.dispose();
  });
});

describe('a path that was cut off', () => {
  it('gives its decoder back, and so does what comes after it', async () => {
    const facts = { ...FACTS, height: 6 };
    const model = toyRaster.build({ sigma: 0.3 }, facts, 1);
    const make = model.decoder.bind(model);
    let open = 0;
    model.decoder = (options) => {
      const decoder = make(options);
      const dispose = decoder.dispose.bind(decoder);
      open++;
      decoder.dispose = () => {
        open--;
        dispose();
      };
      return decoder;
    };
    const sampler = new ImageSampler();
    const loaded = { folder, family: toyRaster as ImageFamily, facts, model };
    const quiet = call<ImageSamplerProgress>(() => undefined);
    const deaf = { ...quiet, progress: () => Promise.reject(new Error('nobody listens')) };
    await expect(sampler.run(loaded, '1', base, deaf)).rejects.toThrow('nobody listens');
    expect(open).toBe(0);
    const fedLong = { ...base, path: new Uint8Array(2 * 64), length: 1 };
    await expect(
      sampler.run(loaded, '1', fedLong, { ...quiet, signal: AbortSignal.abort() }),
    ).rejects.toThrow('Sampling was paused.');
    expect(open).toBe(0);
    await sampler.run(loaded, '1', { ...base, length: 3 }, quiet);
    await sampler.run(loaded, '2', { ...base, length: 3 }, quiet);
    expect(open).toBe(1);
  });
});

describe('saved images', () => {
  it.each([
    [1, 'one.png'],
    [2, 'two.idx'],
  ])('%i of them are read as what was drawn', async (count, name) => {
    const levels = Uint8Array.from({ length: count * SIZE }, (_, at) => (at * 3 + count) % 8);
    const path = join(folder, name);
    const { subject } = base;
    const quiet = call<never>(() => undefined);
    await engine.saveImages({ subject, path, count, levels }, quiet);
    const last = await engine.imageLevels({ subject, path, image: count - 1 }, quiet);
    expect([...last.levels]).toEqual([...levels.subarray((count - 1) * SIZE)]);
  });
});
