// The image sampler's session over a made-up engine: what it asks for, what a change keeps, and what a kept state brings
// back; and the choices, which trust nothing.
import { describe, expect, it } from 'vitest';
import type { Client } from '../../protocol/calls';
import type { EngineCalls } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { ImageSamplerParams, ImageSamplerProgress } from '../../protocol/imageSampler';
import { newChoice, readChoice, readSettings } from './choice';
import { Drawing } from './drawing';
import { ImageSamplerSession } from './imageSamplerSession';
import { ImageTree } from './imageTree';
import { keptOf } from './keptTrees';
import { contentOf } from './samplerContent';

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
      const values = new Uint8Array(steps * given.count);
      for (let at = 0; at < values.length; at++)
        values[at] = given.drawn?.includes(at % given.count) === false ? 0 : (given.settings.seed + 1) % 4;
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

/** Levels of an image so far. */
const levels = ({ drawing }: ImageSamplerSession, image = 0) => [...drawing.tree(image).read(0).levels];

describe('a session', () => {
  it('draws to the end, one step at a time or at once, and goes back', async () => {
    const { asked, call } = engineOf();
    const session = new ImageSamplerSession(call, newChoice('/runs/a'));
    await session.open();
    expect(asked.at(-1)?.length).toBe(0);
    await session.step();
    await session.step(3);
    expect(levels(session)).toEqual([2, 3]);
    await session.back();
    expect(levels(session)).toEqual([2]);
    await session.run();
    expect(session.drawing.complete).toBe(true);
    expect(contentOf(session, 'a')).toMatchObject({ step: 6, steps: 6, next: null, running: false });
    // Another run begins with empty images, and walks what is there.
    await session.run();
    expect(asked.at(-1)?.path).toHaveLength(0);
    expect(session.drawing.tree(0).branches).toHaveLength(2);
  });

  it('takes steps that come faster than answers one after another', async () => {
    const { asked, call } = engineOf();
    const session = new ImageSamplerSession(call, newChoice('/runs/a'));
    await session.open();
    await Promise.all([session.step(), session.step(3), session.back(), session.step(1)]);
    expect(asked.map(({ path }) => path.length)).toEqual([0, 0, 1, 1, 2]);
    expect(levels(session)).toEqual([2, 1]);
  });

  it('keeps what is drawn under another temperature and seed, and begins anew with another count', async () => {
    const { asked, call } = engineOf();
    const session = new ImageSamplerSession(call, newChoice('/runs/a'));
    await session.open();
    await session.step();
    const { serial } = session.drawing;
    await session.change({ settings: { seed: 1, temperature: 0.5 } });
    expect(session.drawing.serial).toBe(serial);
    expect(asked.at(-1)).toMatchObject({ length: 0, settings: { temperature: 0.5 } });
    await session.anew();
    expect(levels(session)).toEqual([2, 3, 3, 3, 3, 3]);
    expect(contentOf(session, 'a')?.turns).toMatchObject([
      { step: 0, place: 0, settings: { seed: 1, temperature: 1 } },
      { step: 1, place: 1, settings: { seed: 2, temperature: 0.5 } },
    ]);
    await session.change({ count: 4, image: 3 });
    expect(session.drawing.tree(0).step).toBe(0);
    await session.change({ count: 2 });
    expect(session.choice).toMatchObject({ count: 2, image: 1 });
  });

  it('branches one image alone, which comes abreast of the others again', async () => {
    const { asked, call } = engineOf();
    const session = new ImageSamplerSession(call, { ...newChoice('/runs/a'), count: 3, image: 1 });
    await session.open();
    for (let step = 0; step < 3; step++) await session.step();
    await session.go(0, 1);
    await session.step(0);
    expect(asked.at(-1)).toMatchObject({ drawn: [1], length: 1, force: 0 });
    expect([...(asked.at(-1)?.path ?? [])]).toEqual([0, 2, 0]);
    expect([...session.drawing.standing]).toEqual([3, 2, 3]);
    const asks = asked.length;
    await session.run();
    expect(asked.slice(asks).map(({ drawn, length }) => [drawn, length])).toEqual([
      [[1], 1],
      [undefined, 3],
    ]);
    expect([0, 1, 2].map((image) => levels(session, image))).toEqual([
      [2, 2, 2, 2, 2, 2],
      [2, 0, 2, 2, 2, 2],
      [2, 2, 2, 2, 2, 2],
    ]);
    const shown = contentOf(session, 'a');
    expect(shown?.stretches.map(({ branch, from, to, parent }) => [branch, from, to, parent])).toEqual([
      [0, 0, 1, -1],
      [0, 1, 3, 0],
      [1, 1, 6, 0],
    ]);
    expect(shown).toMatchObject({ at: 2, branch: 1, end: 6, step: 6, next: null });
    expect(shown?.turns).toHaveLength(1);
    expect(shown?.stretches[2]).toMatchObject({ forced: true, forcedSteps: 1, level: 0, place: 1, nats: 5 });
  });

  it('draws an image of another class alone, and takes the class of the one it looks at', async () => {
    const { asked, call } = engineOf();
    const session = new ImageSamplerSession(call, { ...newChoice('/runs/a'), count: 2 });
    await session.open();
    await session.run();
    await session.change({ settings: { seed: 1, temperature: 1, label: 3 } });
    for (let step = 0; step < 2; step++) await session.step();
    // The first image goes to a branch without a class, abreast of the second, which is of class 3.
    await session.go(0, 2);
    expect(session.choice.settings.label).toBeUndefined();
    expect(contentOf(session, 'a')?.together).toEqual([0]);
    await session.step();
    expect(asked.at(-1)?.drawn).toEqual([0]);
    await session.change({ image: 1 });
    expect(session.choice.settings.label).toBe(3);
  });

  it('takes the class of the branch it goes to, and leaves branches of another one alone', async () => {
    const { call } = engineOf();
    const session = new ImageSamplerSession(call, newChoice('/runs/a'));
    await session.open();
    await session.run();
    await session.change({ settings: { seed: 1, temperature: 1, label: 3, guidance: 2 } });
    expect(session.drawing.tree(0).step).toBe(0);
    await session.run();
    expect(session.drawing.tree(0).branches).toHaveLength(2);
    expect(contentOf(session, 'a')?.under).toBe('the guided distribution');
    await session.go(0, 2);
    expect(session.choice.settings).toEqual({ seed: 1, temperature: 1 });
    expect(contentOf(session, 'a')?.under).toBe('the model');
  });

  it('brings back what was drawn before a reload, branches, names and all', async () => {
    const { call } = engineOf();
    const choice = { ...newChoice('/runs/a'), count: 2 };
    const session = new ImageSamplerSession(call, choice);
    await session.open();
    const region = { top: 1, left: 0, bottom: 2, right: 1 };
    await session.keep({ file: 'a.png', levels: Uint8Array.of(3, 2, 1, 0, 1, 2), region });
    await session.run();
    await session.go(0, 2, 7);
    await session.change({ settings: { seed: 1, temperature: 0.5, topK: 2 } });
    await session.step(0);
    session.name(1, ' dark ');
    const kept: unknown = JSON.parse(JSON.stringify(keptOf(session)));
    const again = new ImageSamplerSession(call, readChoice(kept) ?? choice, kept);
    await again.open();
    const shown = (one: ImageSamplerSession) => {
      const content = contentOf(one, 'a');
      if (content === undefined) throw new Error('expected a model');
      return content;
    };
    const { drawing: was, turn: wasTurn, ...before } = shown(session);
    const { drawing, turn, ...after } = shown(again);
    expect([wasTurn, turn]).toEqual([7, 0]);
    expect(drawing).not.toBe(was);
    expect(after).toEqual({ ...before, elementsPerSecond: null });
    expect(after.stretches.at(-1)).toMatchObject({ name: 'dark', settings: { temperature: 0.5, topK: 2 } });
  });

  it.each([
    null,
    { trees: 3 },
    { trees: [{ line: 0, step: 2, branches: [{ parent: 5, from: 0 }] }] },
    {
      trees: [
        {
          line: 0,
          step: 99,
          branches: [{ parent: -1, from: 0, levels: '!', nats: 'AAA=', turns: [], forced: [] }],
        },
      ],
    },
    { keeping: { file: 'a.png', levels: 'AAAA', region: { top: 0, left: 0, bottom: 9, right: 1 } } },
    { places: 'AAAAAAA=', trees: [{ line: -1, step: 1, branches: [] }] },
  ])('leaves what was kept of no such tree: %j', async (kept) => {
    const session = new ImageSamplerSession(engineOf().call, newChoice('/runs/a'), kept);
    await session.open();
    expect([session.failure, session.keeping]).toEqual([undefined, undefined]);
    expect(session.drawing.tree(0).branches).toHaveLength(0);
    await session.run();
    expect(session.drawing.complete).toBe(true);
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
  });
});

describe('a drawing', () => {
  it('places each step where it lies, whatever the order', () => {
    const drawing = new Drawing(3, 2);
    const part = {
      places: Int32Array.of(2, 0),
      values: Uint8Array.of(1, 2, 3, 4),
      logProb: Float32Array.of(-1, -2, -3, -4),
      next: null,
    };
    drawing.add(part, [0, 1], { seed: 1, temperature: 1 });
    expect([...drawing.images()]).toEqual([3, 0, 1, 4, 0, 2]);
    expect(drawing.part(1, 1)).toMatchObject({
      image: 1,
      from: 1,
      places: Int32Array.of(0),
      levels: Uint8Array.of(4),
      nats: Float32Array.of(4),
    });
  });

  it('walks what is there where the same level comes, and leaves it where another one does', () => {
    const tree = new ImageTree(4);
    const settings = { seed: 1, temperature: 1 };
    const add = (level: number, own = settings) => tree.add(level, -1, own, false);
    for (const level of [1, 2, 3, 0]) add(level);
    tree.go(0, 1);
    add(2);
    expect([tree.line, tree.step, tree.end, tree.branches.length]).toEqual([0, 2, 4, 1]);
    add(1);
    expect([tree.line, tree.step, tree.end, tree.branches.length]).toEqual([1, 3, 3, 2]);
    // Back along the branch that is walked, before it left the first one, and forth again.
    tree.go(1, 1);
    add(2, { seed: 9, temperature: 0 });
    add(1);
    expect([tree.line, tree.step, tree.branches.length]).toEqual([1, 3, 2]);
    expect([...tree.read(0).levels]).toEqual([1, 2, 1]);
    // Under another guidance the same level has another log-probability: it is another branch.
    tree.go(1, 0);
    tree.add(1, -1, { ...settings, guidance: 3 }, false);
    expect(tree.branches).toHaveLength(3);
    tree.go(7, 1);
    expect(tree.line).toBe(2);
  });
});
