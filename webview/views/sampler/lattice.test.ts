// The lattice's layout, keys and words over the greedy trap of the truth table.
import { describe, expect, it } from 'vitest';
import type { SamplerBeamResult } from '../../../src/protocol/sampler';
import { againstGreedy, endName, latticeSentence, ruleName, scoreName } from './beamWords';
import {
  BOX_HEIGHT,
  latticeNodeAt,
  latticeNodeByKey,
  latticeNodes,
  layoutLattice,
  type FoundBeam,
} from './latticeLayout';
import { noteOf } from './latticePicture';

// p(A) = .6, p(B) = .4; A → (.3, .25, .25, .2), B → (.9, .1): the beam of two keeps B·.9 and A·.3.
const logs = (...values: number[]) => Float64Array.from(values, Math.log);
const total = logs(0.6, 0.4, 0.36, 0.18, 0.15, 0.15);
const result: SamplerBeamResult = {
  lattice: {
    step: Int32Array.of(1, 1, 2, 2, 2, 2),
    parent: Int32Array.of(-1, -1, 1, 0, 0, 0),
    id: Int32Array.of(0, 1, 0, 0, 1, 2),
    logProb: logs(0.6, 0.4, 0.9, 0.3, 0.25, 0.25),
    total,
    score: total.map((value) => value / 2),
    fate: Uint8Array.of(1, 1, 2, 1, 0, 0),
    texts: [
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
    ],
  },
  hypotheses: [
    { ids: [1, 0], text: 'ba', total: Math.log(0.36), score: -0.5, stopped: { why: 'end' }, node: 2 },
    { ids: [0, 0], text: 'aa', total: Math.log(0.18), score: -0.8, stopped: { why: 'length' }, node: 3 },
  ],
  greedy: { ids: [0, 0], text: 'aa', total: Math.log(0.18), score: -0.8, stopped: { why: 'length' } },
  likelihood: 'exact',
};
const settings = { width: 2, length: 2, lengthPenalty: 1, lengthRule: 'power' } as const;
const beam: FoundBeam = { kind: 'result', serial: 1, from: -1, settings, result };
const nodes = latticeNodes(result);
const layout = layoutLattice(nodes, 50, () => 80);

describe('the nodes', () => {
  it('know their fate and the hypotheses that go through them', () => {
    expect(nodes.map(({ fate, hypotheses, ends }) => [fate, hypotheses, ends])).toEqual([
      ['kept', [2], 0],
      ['kept', [1], 0],
      ['ended', [1], 1],
      ['kept', [2], 2],
      ['cut', [], 0],
      ['cut', [], 0],
    ]);
  });
});

describe('the layout', () => {
  it('puts steps in columns and the extensions of a step below one another, best first', () => {
    const [first, second, third, , , last] = layout.places;
    expect(first?.x).toBe(second?.x);
    expect(first?.x).toBeLessThan(third?.x ?? 0);
    expect(first?.y).toBeLessThan(second?.y ?? 0);
    expect(third?.y).toBe(first?.y);
    expect((last?.y ?? 0) + BOX_HEIGHT).toBeLessThan(layout.height);
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeLessThan(layout.width);
  });

  it('is found by pointer and by keys', () => {
    layout.places.forEach(({ x, y }, node) => expect(latticeNodeAt(layout, x + 4, y + 4)).toBe(node));
    expect(latticeNodeAt(layout, layout.root.x + 4, layout.root.y + 4)).toBe(-1);
    expect(latticeNodeAt(layout, layout.width, layout.height)).toBeUndefined();
    const go = (key: string, from: number) => latticeNodeByKey(key, layout, from);
    expect([go('ArrowLeft', 2), go('ArrowLeft', 0), go('ArrowLeft', -1)]).toEqual([1, -1, undefined]);
    expect([go('ArrowRight', -1), go('ArrowRight', 0), go('ArrowRight', 4)]).toEqual([1, 3, undefined]);
    expect([go('ArrowDown', 2), go('ArrowUp', 3), go('ArrowUp', 0)]).toEqual([3, 2, undefined]);
    expect([go('Home', 5), go('End', 0), go('End', 2), go('x', 0)]).toEqual([-1, 2, undefined, undefined]);
  });
});

describe('the words', () => {
  it('say what a node is, with the values of the truth table', () => {
    const [first] = nodes;
    expect(latticeSentence(nodes[2], beam)).toBe(
      'Step 2, a, ended at a stop, the end of hypothesis 1 of 2: log p −0.11, so far −1.02 nats, score −0.51.',
    );
    expect(latticeSentence(first, beam)).toContain('kept, part of hypothesis 2');
    expect(latticeSentence(undefined, beam)).toContain('the text that the search starts from');
    expect(first && noteOf(first, true)).toBe('−0.51 → −0.26');
    expect(first && noteOf(first, false)).toBe('−0.51');
  });

  it('compare with greedy, and name rule and end', () => {
    const [best, other] = result.hypotheses;
    if (!best || !other) throw new Error('expected two hypotheses');
    expect([againstGreedy(best, result.greedy), againstGreedy(other, result.greedy)]).toEqual([
      'likelier',
      'same',
    ]);
    expect(againstGreedy({ ...best, total: -9 }, result.greedy)).toBe('unlikelier');
    expect([ruleName(settings), ruleName({ ...settings, lengthRule: 'gnmt' })]).toEqual([
      'n^1',
      '((5+n)/6)^1',
    ]);
    expect(ruleName({ ...settings, lengthPenalty: 0 })).toBe('no length penalty');
    expect([
      scoreName(settings),
      scoreName({ ...settings, lengthRule: 'gnmt' }),
      scoreName({ ...settings, lengthPenalty: 0 }),
    ]).toEqual([
      'log p / n^1 in nats per token^1',
      'log p / ((5+n)/6)^1 in nats',
      'log p in nats: no length penalty',
    ]);
    expect(endName({ why: 'text', text: '\n', at: 3 })).toBe('“↵”');
  });
});
