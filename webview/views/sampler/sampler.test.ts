// The tree's arithmetic and layout, and the words about cuts.
import { describe, expect, it } from 'vitest';
import type { SamplerNode } from '../../../src/protocol/sampler';
import { bitsFigure, leavesOf, pathTo, textOf, totalOf } from './branches';
import { keptRows, probabilityText, scaleOf } from './cutWords';
import { layoutTree, nodeAt, nodeByKey } from './treeLayout';
import { shortProbability, thickness } from './treePicture';

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
    expect(totalOf(nodes, 3)).toEqual({ count: 3, bits: 4, drawnBits: 2, forced: 0 });
    expect(totalOf(nodes, 2)).toEqual({ count: 1, bits: 3, drawnBits: null, forced: 1 });
    expect(totalOf(nodes, -1)).toEqual({ count: 0, bits: 0, drawnBits: 0, forced: 0 });
    expect(bitsFigure(4, 3, 'exact')).toEqual({
      value: 4,
      unit: 'bits',
      count: 3,
      of: 'tokens',
      badge: 'exact',
    });
  });

  it('end in the order they are drawn', () => {
    expect(leavesOf({ nodes })).toEqual([3, 4, 2]);
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
    expect(leavesOf({ nodes: long })).toEqual([9999]);
  });
});

it('thickness grows with probability', () => {
  expect([thickness(0), thickness(1)]).toEqual([0.75, 5]);
});

it('one scale serves both columns, tail included', () => {
  const stage = (probability: number[], tail: number) => ({
    by: 'model' as const,
    probability: Float64Array.from(probability),
    tail,
    kept: 2,
    cutCount: 0,
    cutMass: 0,
    entropy: 1,
  });
  const stages = [stage([0.3, 0.2], 0.5), stage([0.6, 0], 0)];
  expect(scaleOf({ stages })).toBe(0.6);
  expect(keptRows({ stages })).toBe(1);
  expect(keptRows({ stages: [stage([0.5, 0.5], 0)] })).toBe(2);
});

it('probabilities are short and never a bare zero that is none', () => {
  expect([0.388, 0.00004, 0].map(probabilityText)).toEqual(['0.388', '4.0e-5', '0']);
  expect([1, 0.388, 0.00004, 0].map(shortProbability)).toEqual(['1.00', '.388', '4e-5', '0']);
});
