// The Sampler's session over a stub engine, and the tree's way out of a view and back.
import { describe, expect, it } from 'vitest';
import type { Client } from '../../protocol/calls';
import type { EngineCalls } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type {
  SamplerBeamResult,
  SamplerElement,
  SamplerRunParams,
  SamplerStepParams,
} from '../../protocol/sampler';
import { readDocument } from './readDocument';
import { beamHeader, sampleHeader } from './sampleHeader';
import { samplerState } from './samplerContent';
import { SamplerSession } from './samplerSession';
import { DEFAULT_BEAM } from './samplerSettings';
import { choose, newDocument, pathOf, ROOT } from './samplerTree';

const element = (id: number): SamplerElement => ({
  id,
  text: String.fromCharCode(97 + id),
  logProb: -id - 1,
  drawnLogProb: id > 5 ? null : -1,
});

const columns = {
  step: Int32Array.of(1, 1, 2),
  parent: Int32Array.of(-1, -1, 0),
  id: Int32Array.of(3, 4, 2),
  logProb: Float64Array.of(-4, -5, -3),
  total: Float64Array.of(-4, -5, -7),
  score: Float64Array.of(-4, -5, -6.5),
  fate: Uint8Array.of(1, 0, 1),
  texts: [
    [2, 'c'],
    [3, 'd'],
    [4, 'e'],
  ],
} as const;
const hypothesis = { ids: [3, 2], text: 'dc', total: -7, score: -6.5, stopped: { why: 'length' } } as const;
const FOUND: SamplerBeamResult = {
  lattice: columns,
  hypotheses: [{ ...hypothesis, node: 2 }],
  greedy: hypothesis,
  likelihood: 'exact',
};
const NO_DRAW = {
  id: new Int32Array(0),
  texts: [],
  logProb: new Float64Array(0),
  noise: new Float64Array(0),
  sum: new Float64Array(0),
  rank: new Int32Array(0),
};

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
      const text = params.path.join('');
      return { drawn: draw(params.path), id: new Int32Array(0), stages: [], text, draw: NO_DRAW };
    }
    if (method === 'samplerBeam') {
      for (let step = 1; step <= 2; step++) {
        options?.onProgress?.({ step, length: 2 } as unknown as SamplerElement);
        await new Promise((resolve) => setImmediate(resolve));
        if (options?.signal?.aborted === true) throw new ArLensError('cancelled', 'Cancelled.');
      }
      return FOUND;
    }
    const path = [...params.path];
    for (let drawn = 0; drawn < params.length; drawn++) {
      if (options?.signal?.aborted === true) throw new ArLensError('cancelled', 'Paused.');
      const one = draw(path);
      path.push(one.id);
      options?.onProgress?.(one);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return {
      stopped: params.stop.length > 0 ? { why: 'text', text: 'x', at: 0 } : { why: 'length' },
      elementsPerSecond: 10,
    };
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

describe('a run', () => {
  it('says why it ended', async () => {
    const { session: shown } = session();
    await shown.change({ length: 3 });
    await shown.run();
    expect(shown.note).toBe('The run ended at its length, after 3 tokens.');
    await shown.change({ stop: ['x'] });
    await shown.run();
    expect(shown.note).toBe('The run ended at the stop text "x".');
  });
});

describe('moves', () => {
  it('come back with the view’s own count once they are carried out', async () => {
    const { session: shown } = session();
    await shown.step();
    await Promise.all([shown.go(ROOT, 1), shown.go(0, 2), shown.go(ROOT, 3)]);
    expect([shown.turn, shown.document.current]).toEqual([3, ROOT]);
    await shown.go(99, 4);
    expect([shown.turn, shown.document.current]).toEqual([4, ROOT]);
  });
});

describe('a beam', () => {
  const ended = async (shown: SamplerSession) => {
    while (shown.beam.state.kind === 'working') await new Promise((resolve) => setImmediate(resolve));
    return shown.beam.state;
  };

  it('is searched for from the cursor beside everything else, with its progress', async () => {
    const { session: shown, asked } = session();
    await shown.step();
    const seen: string[] = [];
    shown.changes.on(() => void seen.push(JSON.stringify(shown.beam.state).slice(0, 60)));
    await shown.search();
    expect(shown.beam.state).toEqual({ kind: 'working', step: expect.any(Number) as number, length: 16 });
    await shown.step(); // holds nothing up
    expect(await ended(shown)).toMatchObject({ kind: 'result', from: 0, settings: DEFAULT_BEAM, serial: 1 });
    expect(asked).toContain('samplerBeam 0');
    expect(shown.document.searched).toBe(0);
    expect(seen).toContain('{"kind":"working","step":2,"length":16}');
  });

  it('becomes a named branch where it began, and each of its tokens says that nothing drew it', async () => {
    const { session: shown } = session();
    await shown.step();
    await shown.search();
    await ended(shown);
    await shown.go(ROOT);
    await shown.takeHypothesis(0);
    expect(ids(shown)).toEqual([0, 3, 2]);
    const { nodes, current } = shown.document;
    expect(nodes[current]).toMatchObject({ name: 'beam 1 of 1', beam: true, forced: false, parent: 1 });
    await shown.takeHypothesis(0);
    expect(shown.document.nodes).toHaveLength(3);
    expect((await shown.hypothesisText(0))?.text).toBe('032');
    const { state } = shown.beam;
    if (state.kind !== 'result') throw new Error('expected a result');
    expect(beamHeader('almanac example', shown.document, state, 0)).toBe(
      '[AR Lens beam of almanac example; width 4, length penalty gnmt 0.6, 2 tokens found after 1, log p −7.0000 nats (exact)]',
    );
    expect(sampleHeader('m', shown.document)).toContain('3 tokens, 2 found by a beam]');
  });

  it('is cancelled, is forgotten with its prompt, and does not come back', async () => {
    const { session: shown } = session();
    await shown.search();
    shown.cancelSearch();
    expect(await ended(shown)).toEqual({ kind: 'none', cancelled: true });
    expect(shown.document.searched).toBeNull();
    await shown.search();
    await shown.change({ prompt: 'other' });
    expect(shown.beam.state).toEqual({ kind: 'none', cancelled: false });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(shown.beam.state.kind).toBe('none');
  });

  it('of a lost engine says so with what mends it, inside a view that stays; and is searched again', async () => {
    const { session: shown, fail } = session();
    await shown.refresh();
    fail.next = new ArLensError('engineGone', 'The engine was ended by SIGKILL.');
    await shown.search();
    expect(await ended(shown)).toMatchObject({ kind: 'failed' });
    const state = samplerState(shown, 'm', 'simd');
    expect(state.kind === 'result' && state.content.beam).toEqual({
      kind: 'failed',
      sentence: 'The engine was ended by SIGKILL.',
      button: { label: 'Restart Engine', command: 'arLens.restartEngine' },
    });
    await shown.searchAgain();
    expect((await ended(shown)).kind).toBe('result');
  });

  it('of a kept document is searched again after a reload', async () => {
    const { call } = stub();
    const kept = { ...newDocument('/run', 'p'), searched: ROOT };
    const shown = new SamplerSession(call, readDocument(JSON.parse(JSON.stringify(kept))) ?? kept);
    await shown.searchAgain();
    expect(await ended(shown)).toMatchObject({ kind: 'result', from: ROOT });
    const none = new SamplerSession(call, newDocument('/run', 'p'));
    await none.searchAgain();
    expect(none.beam.state.kind).toBe('none');
  });
});

describe('a document', () => {
  const first = choose(newDocument('/run', 'p'), element(3), 'drawn');
  const grown = choose(choose(first, element(7), 'forced'), element(2), 'beam');

  it('survives JSON', () => {
    const set = { ...grown, stop: ['\n', 'END'], stopAtEnd: true, searched: 1, compared: 'topP' as const };
    expect(readDocument(JSON.parse(JSON.stringify(set)))).toEqual(set);
  });

  it('of format 1 keeps its tree, its settings and its stop text', () => {
    // As version 0.1 wrote it down.
    const old: unknown =
      JSON.parse(`{"format":1,"folder":"/run","prompt":"The ","settings":{"temperature":0.7,"topK":12,
      "repetitionPenalty":1.2,"seed":42},"length":30,"stop":"END","nodes":[{"parent":-1,"id":3,"text":"d","logProb":-1.5,
      "drawnLogProb":-1,"forced":false,"name":"one"},{"parent":0,"id":7,"text":"h","logProb":-4,"drawnLogProb":null,
      "forced":true}],"current":1}`);
    expect(readDocument(old)).toEqual({
      ...newDocument('/run', 'The '),
      settings: { temperature: 0.7, topK: 12, repetitionPenalty: 1.2, seed: 42 },
      length: 30,
      stop: ['END'],
      nodes: [
        { parent: -1, id: 3, text: 'd', logProb: -1.5, drawnLogProb: -1, forced: false, name: 'one' },
        { parent: 0, id: 7, text: 'h', logProb: -4, drawnLogProb: null, forced: true },
      ],
      current: 1,
    });
    expect(readDocument({ ...(old as object), stop: '' })?.stop).toEqual([]);
  });

  it.each([
    ['another format', { ...grown, format: 3 }],
    [
      'a parent that comes later',
      { ...grown, nodes: [{ ...grown.nodes[0], parent: 1 }, ...grown.nodes.slice(1)] },
    ],
    ['a cursor that is nowhere', { ...grown, current: 3 }],
    ['a search from nowhere', { ...grown, searched: 3 }],
    ['stops that are none', { ...grown, stop: [1] }],
    ['a beam that is none', { ...grown, beam: { width: 4 } }],
    ['settings that are none', { ...grown, settings: { temperature: 'hot' } }],
    ['nothing', null],
  ])('is not read from %s', (_, kept) => {
    expect(readDocument(kept)).toBeUndefined();
  });

  it('says on its first line how to have it again', () => {
    expect(sampleHeader('almanac example', grown)).toBe(
      '[AR Lens sample of almanac example; seed 1, temperature 0.8, top-k 40, top-p 0.95, 3 tokens, 1 chosen by hand, 1 found by a beam]',
    );
  });
});
