// The Sampler's session over a stub engine, and the tree's way out of a view and back.
import { describe, expect, it } from 'vitest';
import type { Client } from '../../protocol/calls';
import type { EngineCalls } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { SamplerElement, SamplerRunParams, SamplerStepParams } from '../../protocol/sampler';
import { sampleHeader } from './sampleHeader';
import { SamplerSession } from './samplerSession';
import { choose, newDocument, pathOf, readDocument, ROOT } from './samplerTree';

const element = (id: number): SamplerElement => ({
  id,
  text: String.fromCharCode(97 + id),
  logProb: -id - 1,
  drawnLogProb: id > 5 ? null : -1,
});

/** Draws path.length mod 5; a run does the same, one turn of the event loop each. */
function stub(): { call: Client<EngineCalls>; asked: string[]; fail: { next?: Error } } {
  const asked: string[] = [];
  const fail: { next?: Error } = {};
  const answer = async (
    method: string,
    params: SamplerRunParams & { readonly id: number },
    options?: { signal?: AbortSignal; onProgress?: (value: SamplerElement) => unknown },
  ): Promise<unknown> => {
    asked.push(`${method} ${params.path.join('')}`);
    const { next } = fail;
    delete fail.next;
    if (next !== undefined) throw next;
    const draw = (path: SamplerStepParams['path']) => element(path.length % 5);
    if (method === 'samplerForce') return element(params.id);
    if (method === 'samplerStep') {
      return { drawn: draw(params.path), id: new Int32Array(0), stages: [], text: params.path.join('') };
    }
    const path = [...params.path];
    for (let drawn = 0; drawn < params.length; drawn++) {
      if (options?.signal?.aborted === true) throw new ArLensError('cancelled', 'Paused.');
      const one = draw(path);
      path.push(one.id);
      options?.onProgress?.(one);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { why: 'length', elementsPerSecond: 10 };
  };
  return { call: answer as unknown as Client<EngineCalls>, asked, fail };
}

function session() {
  const engine = stub();
  return { ...engine, session: new SamplerSession(engine.call, newDocument('/run', 'p')) };
}
const ids = ({ document }: SamplerSession) => pathOf(document.nodes, document.current);

describe('a session', () => {
  it('takes what the seed draws, step by step', async () => {
    const { session: shown } = session();
    for (let step = 0; step < 3; step++) await shown.step();
    expect(ids(shown)).toEqual([0, 1, 2]);
    expect(shown.fresh).toBe(true);
  });

  it('goes back without forgetting, and a step finds the same node again', async () => {
    const { session: shown } = session();
    await shown.step();
    await shown.step();
    await shown.back();
    await shown.step();
    expect(shown.document.nodes).toHaveLength(2);
    expect(shown.document.current).toBe(1);
  });

  it('branches by force and keeps both', async () => {
    const { session: shown } = session();
    await shown.step();
    await shown.go(ROOT);
    await shown.force(7);
    await shown.step();
    expect(shown.document.nodes.map(({ parent, id, forced }) => [parent, id, forced])).toEqual([
      [-1, 0, false],
      [-1, 7, true],
      [1, 1, false],
    ]);
    expect(shown.document.nodes[1]?.drawnLogProb).toBeNull();
  });

  it('runs to the length, and pauses between two elements', async () => {
    const { session: shown } = session();
    await shown.change({ length: 12 });
    await shown.run();
    expect(ids(shown)).toHaveLength(12);
    await shown.change({ length: 10_000 });
    const run = shown.run();
    while (ids(shown).length < 20) await new Promise((resolve) => setImmediate(resolve));
    shown.pause();
    await run;
    expect(shown.note).toBe('Paused.');
    expect(shown.running).toBe(false);
    const length = ids(shown).length;
    await shown.step();
    expect(ids(shown)).toHaveLength(length + 1);
  });

  it('looks only at the newest of many settings', async () => {
    const { session: shown, asked } = session();
    const { settings } = shown.document;
    await Promise.all(
      [0.1, 0.2, 0.3].map((temperature) => shown.change({ settings: { ...settings, temperature } })),
    );
    expect(asked).toEqual(['samplerStep ']);
    expect(shown.document.settings.temperature).toBe(0.3);
  });

  it('starts another tree with another prompt', async () => {
    const { session: shown } = session();
    await shown.step();
    await shown.change({ prompt: 'other' });
    expect(shown.document).toMatchObject({ prompt: 'other', nodes: [], current: ROOT });
  });

  it('says what went wrong and goes on', async () => {
    const { session: shown, fail } = session();
    fail.next = new ArLensError('badInput', 'top-p: expected a number above 0.');
    await shown.refresh();
    expect(shown.error?.message).toContain('top-p');
    await shown.step();
    expect(shown.error).toBeUndefined();
    expect(ids(shown)).toEqual([0]);
  });
});

describe('a document', () => {
  const grown = choose(choose(newDocument('/run', 'p'), element(3), false), element(7), true);

  it('survives JSON', () => {
    expect(readDocument(JSON.parse(JSON.stringify(grown)))).toEqual(grown);
  });

  it.each([
    ['another format', { ...grown, format: 2 }],
    ['a parent that comes later', { ...grown, nodes: [{ ...grown.nodes[0], parent: 1 }, grown.nodes[1]] }],
    ['a cursor that is nowhere', { ...grown, current: 2 }],
    ['settings that are none', { ...grown, settings: { temperature: 'hot' } }],
    ['nothing', null],
  ])('is not read from %s', (_, kept) => {
    expect(readDocument(kept)).toBeUndefined();
  });

  it('says on its first line how to have it again', () => {
    expect(sampleHeader('almanac example', grown)).toBe(
      '[AR Lens sample of almanac example; seed 1, temperature 0.8, top-k 40, top-p 0.95, 2 tokens, 1 chosen by hand]',
    );
  });
});
