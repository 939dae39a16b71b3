// The image sampler's session over a made-up engine: what it asks for, what a change keeps, and what a kept state brings
// back; and the choices, which trust nothing.
import { describe, expect, it } from 'vitest';
import type { Client } from '../../protocol/calls';
import type { EngineCalls } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { ImageSamplerParams, ImageSamplerProgress } from '../../protocol/imageSampler';
import { newChoice, readChoice, readPath, readSettings } from './choice';
import { Drawing } from './drawing';
import { ImageSamplerSession } from './imageSamplerSession';

const MODEL = { family: 'toy', height: 2, width: 3, channels: 1, levels: 4, classes: 0, likelihood: 'exact' };

function engineOf() {
  const asked: ImageSamplerParams[] = [];
  const call = (async (
    method: string,
    params: unknown,
    options?: { onProgress?: (p: ImageSamplerProgress) => void },
  ) => {
    if (method === 'imageModel') return MODEL;
    if (method !== 'imageSamplerRun') throw new ArLensError('unsupported', method);
    const given = params as ImageSamplerParams;
    asked.push(given);
    const from = given.path.length / given.count;
    const steps = Math.min(given.length, 6 - from);
    if (steps > 0) {
      const values = new Uint8Array(steps * given.count).fill(2);
      if (given.follow) values.set(given.follow);
      if (given.force !== undefined) values[given.image] = given.force;
      options?.onProgress?.({
        places: Int32Array.from({ length: steps }, (_, step) => from + step),
        values,
        logProb: new Float32Array(values.length).fill(-1),
        next: null,
      });
    }
    await Promise.resolve();
    return { next: null, elementsPerSecond: 1 };
  }) as unknown as Client<EngineCalls>;
  return { asked, call };
}

describe('a session', () => {
  it('draws to the end, one step at a time or at once, and goes back', async () => {
    const { asked, call } = engineOf();
    const session = new ImageSamplerSession(call, newChoice('/runs/a'));
    await session.open();
    expect(asked.at(-1)?.length).toBe(0);
    await session.step();
    await session.step(3);
    expect([...session.drawing.path]).toEqual([2, 3]);
    await session.back();
    expect([...session.drawing.path]).toEqual([2]);
    await session.run();
    expect(session.drawing.complete).toBe(true);
    expect(session.content('a')).toMatchObject({ step: 6, steps: 6, next: null, running: false });
    // Another run begins with empty images.
    await session.run();
    expect(asked.at(-1)?.path).toHaveLength(0);
  });

  it('takes steps that come faster than answers one after another', async () => {
    const { asked, call } = engineOf();
    const session = new ImageSamplerSession(call, newChoice('/runs/a'));
    await session.open();
    await Promise.all([session.step(), session.step(3), session.back(), session.step(1)]);
    expect(asked.map(({ path }) => path.length)).toEqual([0, 0, 1, 1, 2]);
    expect([...session.drawing.path]).toEqual([2, 1]);
  });

  it('keeps what is drawn under another temperature, and begins anew with another seed or count', async () => {
    const { asked, call } = engineOf();
    const session = new ImageSamplerSession(call, newChoice('/runs/a'));
    await session.open();
    await session.step();
    const { serial } = session.drawing;
    await session.change({ settings: { seed: 1, temperature: 0.5 } });
    expect(session.drawing.serial).toBe(serial);
    expect(asked.at(-1)).toMatchObject({ length: 0, settings: { temperature: 0.5 } });
    await session.change({ settings: { seed: 2, temperature: 0.5 } });
    expect(session.drawing.steps).toBe(0);
    await session.change({ count: 4, image: 3 });
    await session.change({ count: 2 });
    expect(session.choice).toMatchObject({ count: 2, image: 1 });
  });

  it('brings back what was drawn before a reload', async () => {
    const { call } = engineOf();
    const choice = { ...newChoice('/runs/a'), count: 2 };
    const session = new ImageSamplerSession(call, choice, Uint8Array.of(1, 0, 3, 2, 1));
    await session.open();
    expect([...session.drawing.path]).toEqual([1, 0, 3, 2]);
  });

  it('keeps a region as a mask over sub-pixels', async () => {
    const { asked, call } = engineOf();
    const session = new ImageSamplerSession(call, newChoice('/runs/a'));
    await session.open();
    const region = { top: 0, left: 1, bottom: 2, right: 9 };
    await session.keep({ file: 'a.png', levels: new Uint8Array(6), region });
    expect([...(asked.at(-1)?.kept?.where ?? [])]).toEqual([0, 1, 1, 0, 1, 1]);
    await session.keepRegion(null);
    expect(asked.at(-1)?.kept).toBeUndefined();
  });

  it('says in one sentence what could not be done', async () => {
    const failing = (() =>
      Promise.reject(new ArLensError('badInput', 'weights: damaged'))) as Client<EngineCalls>;
    const session = new ImageSamplerSession(failing, newChoice('/runs/a'));
    await session.open();
    expect(session.failure).toMatchObject({ message: 'weights: damaged' });
  });
});

describe('what a view kept', () => {
  it('comes back where it makes sense, and is left where it does not', () => {
    expect(readChoice(null)).toBeUndefined();
    expect(readChoice({ run: 7 })).toBeUndefined();
    expect(
      readChoice({ run: '/r', count: 999, image: -1, perSecond: 'x', settings: { seed: -1, topP: 2 } }),
    ).toEqual(newChoice('/r'));
    const choice = {
      run: '/r',
      count: 9,
      image: 3,
      perSecond: 0,
      settings: { seed: 5, temperature: 0, label: 2, guidance: 3 },
    };
    expect(readChoice(choice)).toEqual(choice);
    expect(readSettings({ seed: 5, temperature: 1, guidance: 3 })).toEqual({ seed: 5, temperature: 1 });
    const read = (condition: unknown) => readSettings({ seed: 5, temperature: 1, condition }).condition;
    expect(read({ file: '/w/a.idx', image: 2 })).toEqual({ file: '/w/a.idx', image: 2 });
    expect(read({ image: -1, file: 7 })).toBeUndefined();
    expect([...readPath({ path: '\u0001\u00ff' })]).toEqual([1, 255]);
    expect(readPath({ path: [1] })).toHaveLength(0);
  });
});

describe('a drawing', () => {
  it('places each step where it lies, whatever the order', () => {
    const drawing = new Drawing(3, 2);
    const part = {
      places: Int32Array.of(2, 0),
      values: Uint8Array.of(1, 2, 3, 4),
      logProb: new Float32Array(4),
      next: null,
    };
    drawing.add(part);
    expect([...drawing.images()]).toEqual([3, 0, 1, 4, 0, 2]);
    expect(drawing.withoutLast().part(0)).toMatchObject({
      from: 0,
      places: Int32Array.of(2),
      values: Uint8Array.of(1, 2),
    });
  });
});
