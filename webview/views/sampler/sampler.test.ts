// The tree's arithmetic and layout, and the words about cuts.
import { describe, expect, it } from 'vitest';
import type {
  SamplerDocument,
  SamplerNode,
  SamplerSettings,
  SamplerStage,
} from '../../../src/protocol/sampler';
import { leavesOf, pathTo } from '../../plots/branches';
import { layoutTree, nodeAt, nodeByKey } from '../../plots/treeLayout';
import { shortProbability, thickness } from '../../plots/treePainter';
import { ahead } from '../../ui/cursor';
import { bitsFigure, textOf, totalOf } from './branches';
import { comparisonOf } from './comparison';
import { columnNames, probabilityText, shareText } from './cutWords';
import { readEscapes, writeEscapes } from './escapes';
import { raceOf, signed } from './race';

const SETTINGS: SamplerSettings = { temperature: 1, repetitionPenalty: 1.3, seed: 1 };

const node = (parent: number, p: number, drawn: number | null = p): SamplerNode => ({
  parent,
  id: 1,
  text: 'ab',
  logProb: Math.log(p),
  drawnLogProb: drawn === null ? null : Math.log(drawn),
  forced: drawn === null,
});
// 0 ─ 1 ─ 3        the prompt has two children, 0 and 2; 0 has 1 and 4
//   └ 4
// 2
const nodes = [node(-1, 0.5, 1), node(0, 0.25, 0.5), node(-1, 0.125, null), node(1, 0.5), node(0, 0.5)];

describe('branches', () => {
  it('sum bits along the path, under either distribution', () => {
    expect(totalOf(nodes, 3)).toEqual({ count: 3, bits: 4, drawnBits: 2, forced: 0, found: 0 });
    expect(totalOf(nodes, 2)).toEqual({ count: 1, bits: 3, drawnBits: null, forced: 1, found: 0 });
    expect(totalOf(nodes, -1)).toEqual({ count: 0, bits: 0, drawnBits: 0, forced: 0, found: 0 });
    expect(bitsFigure(4, 3, 'exact')).toEqual({
      value: 4,
      unit: 'bits',
      count: 3,
      of: 'tokens',
      badge: 'exact',
    });
  });

  it('end in the order they are drawn', () => {
    expect(leavesOf(nodes)).toEqual([3, 4, 2]);
    expect(pathTo(nodes, 3)).toEqual([0, 1, 3]);
    expect(textOf(nodes, 3)).toBe('ababab');
  });
});

describe('the layout', () => {
  const layout = layoutTree(nodes, 60, (text) => 8 * text.length);
  const row = (at: number) => layout.places[at]?.y ?? NaN;

  it('gives each end a row and centres what branches', () => {
    expect(row(3)).toBeLessThan(row(4));
    expect(row(4)).toBeLessThan(row(2));
    expect(row(1)).toBe(row(3));
    expect(row(0)).toBe((row(3) + row(4)) / 2);
    expect(layout.root.y).toBe((row(0) + row(2)) / 2);
  });

  it('puts deeper nodes further right, in columns', () => {
    const x = (at: number) => layout.places[at]?.x ?? NaN;
    expect(x(1)).toBe(x(4));
    expect(x(0)).toBeLessThan(x(1));
    expect(x(1)).toBeLessThan(x(3));
    expect(layout.width).toBeGreaterThan(x(3));
  });

  it('is found by pointer and by keys', () => {
    for (const { node: at, x, y } of layout.places) expect(nodeAt(layout, x + 4, y)).toBe(at);
    expect(nodeAt(layout, layout.root.x + 4, layout.root.y)).toBe(-1);
    const go = (key: string, from: number) => nodeByKey(key, layout, nodes, from);
    expect([go('ArrowLeft', 1), go('ArrowRight', 0), go('End', 0), go('Home', 3)]).toEqual([0, 1, 3, -1]);
    expect([go('ArrowDown', 1), go('ArrowUp', 4), go('ArrowDown', 3)]).toEqual([4, 1, 4]);
    expect([go('ArrowLeft', -1), go('ArrowUp', 3), go('x', 3)]).toEqual([undefined, undefined, undefined]);
  });

  it('takes a path of ten thousand', () => {
    const long = Array.from({ length: 10_000 }, (_, at) => node(at - 1, 0.5));
    expect(layoutTree(long, 10, () => 8).places).toHaveLength(10_000);
    expect(leavesOf(long)).toEqual([9999]);
  });
});

it('thickness grows with probability', () => {
  expect([thickness(0), thickness(1)]).toEqual([0.75, 5]);
});

describe('the comparison', () => {
  const stage = (by: SamplerStage['by'], probability: number[], tail: number): SamplerStage => ({
    by,
    probability: Float64Array.from(probability),
    tail,
    kept: 2,
    cutCount: 0,
    cutMass: 0,
    moved: 0.1,
    entropy: 1,
  });
  const stages = [
    stage('model', [0.1, 0.3, 0.2], 0.4),
    stage('penalty', [0.3, 0.2, 0.1], 0.4),
    stage('topK', [0.6, 0.4, 0], 0),
  ];
  const step = { stages, id: Int32Array.of(7, 8, 9) };

  it('of all stands between the model and what is drawn from, on one scale, tail included', () => {
    const all = comparisonOf(step, 'all');
    expect([all.before.by, all.after.by, all.scale, all.kept]).toEqual(['model', 'topK', 0.6, 2]);
    expect(all.rows).toEqual([0, 1, 2]);
    expect(comparisonOf({ ...step, stages: [stages[0] as SamplerStage] }, 'all').kept).toBe(3);
    expect(columnNames(all, SETTINGS)).toEqual(['model', 'drawn from']);
  });

  it('of one stage stands before and after it, its likeliest first; one that is off compares all', () => {
    const one = comparisonOf(step, 'penalty');
    expect([one.before.by, one.after.by, one.scale, one.kept]).toEqual(['model', 'penalty', 0.4, 3]);
    expect(one.rows).toEqual([0, 1, 2]);
    expect(columnNames(one, SETTINGS)[1]).toBe('after repetition penalty 1.3');
    expect(comparisonOf({ ...step, stages: [...stages].reverse() }, 'penalty').rows).toEqual([0, 1, 2]);
    expect(comparisonOf(step, 'minP').by).toBe('all');
  });

  it('shares are never called nothing when they are something', () => {
    expect([0, 1e-15, 0.0001, 0.123].map(shareText)).toEqual(['0', '0', '< 0.1', '12.3']);
  });
});

describe('the race', () => {
  const draw = {
    id: Int32Array.of(4, 2, 9),
    texts: ['a', 'b', 'c'],
    logProb: Float64Array.of(-2, -1, -Infinity),
    noise: Float64Array.of(3, 0.5, 7),
    sum: Float64Array.of(1, -0.5, -Infinity),
    rank: Int32Array.of(1, 2, 0),
  };

  it('runs from log p to the sum on one axis; what was cut does not start', () => {
    const { racers, finish } = raceOf({ draw });
    expect(finish).toBe(1);
    expect(racers.map(({ id, rank }) => [id, rank])).toEqual([
      [4, 1],
      [2, 2],
      [9, 0],
    ]);
    expect(racers[0]).toMatchObject({ from: 0, to: 1 });
    expect(racers[1]?.from).toBeCloseTo(1 / 3, 12);
    expect(racers[2]).toMatchObject({ from: NaN, to: NaN });
    expect([-1.5, 2, -Infinity].map(signed)).toEqual(['−1.50', '2.00', '−∞']);
  });
});

describe('the cursor', () => {
  const tree: SamplerDocument = {
    format: 2,
    folder: '',
    prompt: '',
    settings: SETTINGS,
    length: 1,
    stop: [],
    stopAtEnd: false,
    beam: { width: 1, length: 1, lengthPenalty: 0, lengthRule: 'gnmt' },
    searched: null,
    compared: 'all',
    nodes,
    current: 0,
  };

  it('is ahead of the host until the move, or a later one, is carried out', () => {
    expect(ahead(tree, 4, { node: 3, turn: 5 }).current).toBe(3);
    expect(ahead(tree, 5, { node: 3, turn: 5 })).toBe(tree);
    expect(ahead(tree, 4, { node: -1, turn: 5 }).current).toBe(-1);
    expect(ahead(tree, 4, undefined)).toBe(tree);
    expect(ahead(tree, 4, { node: 99, turn: 5 })).toBe(tree); // of a tree that is no more
  });
});

it('escapes are undone by reading, and other backslashes stay', () => {
  for (const text of ['a\nb', '\n', '\\', 'a\tb\r', '\\n', 'plain'])
    expect(readEscapes(writeEscapes(text))).toBe(text);
  expect(writeEscapes('\n')).toBe('\\n');
  expect(readEscapes('\\n\\d')).toBe('\n\\d');
});

it('probabilities are short and never a bare zero that is none', () => {
  expect([0.388, 0.00004, 0].map(probabilityText)).toEqual(['0.388', '4.0e-5', '0']);
  expect([1, 0.388, 0.00004, 0].map(shortProbability)).toEqual(['1.00', '.388', '4e-5', '0']);
});
