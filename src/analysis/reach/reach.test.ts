// Exact values of the blind spot, the gated stack, a leaking mask, and the closure against a plain one.
import { describe, expect, it } from 'vitest';
import type { CentreTap, Offset, TapGraph, Taps } from '../../families/family';
import { Rng } from '../../math/rng';
import {
  centreReads,
  horizontalMask,
  rasterMask,
  ROW_ABOVE,
  verticalMask,
  type ConvolutionMask,
} from '../../nn/convolutionMask';
import { declaredConnectivity } from '../causality/declared';
import { Closure } from './closure';
import { fieldOf, ReachFinder, type Reach } from './reach';
import type { GridShape } from './subpixelSet';

const grid = (mask: ConvolutionMask): Taps => ({ kind: 'grid', ...mask });

function chain(layers: ReadonlyArray<readonly Taps[]>): TapGraph {
  return {
    nodes: layers.map((taps, index) => ({
      id: index === layers.length - 1 ? 'output' : `layer${index}`,
      title: '',
      parameters: 0,
      inputs: taps.map((each) => ({ from: index === 0 ? 'input' : `layer${index - 1}`, taps: each })),
    })),
  };
}

/** One A layer, then B layers: so many in all. */
function plain(layers: number, kernel: number, firstKernel = kernel): TapGraph {
  const rest = Array.from({ length: layers - 1 }, () => [grid(rasterMask(kernel, 'B'))]);
  return chain([[grid(rasterMask(firstKernel, 'A'))], ...rest]);
}

function gated(layers: number, kernel: number): TapGraph {
  const nodes: Array<TapGraph['nodes'][number]> = [];
  for (let layer = 0; layer < layers; layer++) {
    const before = (stack: string): string => (layer === 0 ? 'input' : `${stack}${layer - 1}`);
    nodes.push({
      id: `v${layer}`,
      title: '',
      parameters: 0,
      inputs: [{ from: before('v'), taps: grid(verticalMask(kernel)) }],
    });
    nodes.push({
      id: layer === layers - 1 ? 'output' : `h${layer}`,
      title: '',
      parameters: 0,
      inputs: [
        { from: before('h'), taps: grid(horizontalMask(kernel, layer === 0 ? 'A' : 'B')) },
        { from: `v${layer}`, taps: grid(ROW_ABOVE) },
      ],
    });
  }
  return { nodes };
}

const square = (size: number, channels = 1): GridShape => ({ height: size, width: size, channels });

function reachIn(graph: TapGraph, deepest: TapGraph, shape: GridShape, row: number, column: number): Reach {
  const finder = new ReachFinder({ graph, deepest, causality: 'strict', shape });
  return finder.of((row * shape.width + column) * shape.channels);
}

/** Counts the seen among the offsets 1 ≤ s ≤ n, |d| ≤ n and s = 0, −n ≤ d < 0, n = rL, in an image that holds them all. */
function visibleInBox(graphOf: (layers: number) => TapGraph, layers: number, r: number): [number, number] {
  const n = r * layers;
  const size = 2 * n + 3;
  const shape = square(size);
  const [row, column] = [n + 1, n + 1];
  const { seen, leaks } = reachIn(graphOf(layers), graphOf(layers), shape, row, column);
  expect(leaks).toHaveLength(0);
  const inside = seen.filter((index) => {
    const [s, d] = [row - Math.floor(index / size), (index % size) - column];
    return s <= n && Math.abs(d) <= n;
  });
  return [inside.length, 2 * n * (n + 1)];
}

describe('the blind spot of a plain stack', () => {
  it.each([
    [3, 1, 4, 4, 0],
    [3, 2, 11, 12, 0.083333],
    [3, 3, 21, 24, 0.125],
    [3, 5, 50, 60, 0.166667],
    [3, 8, 116, 144, 0.194444],
    [3, 40, 2500, 3280, 0.237805],
    [5, 2, 38, 40, 0.05],
    [5, 5, 200, 220, 0.090909],
    [7, 3, 171, 180, 0.05],
  ])('k = %i, L = %i: %i of %i are visible', (kernel, layers, visible, box, share) => {
    const r = (kernel - 1) / 2;
    const found = visibleInBox((depth) => plain(depth, kernel), layers, r);
    expect(found).toEqual([visible, box]);
    expect(1 - found[0] / found[1]).toBeCloseTo(share, 6);
    expect((layers - 1) / (4 * (r * layers + 1))).toBeCloseTo(share, 6);
  });

  it('lies up and to the right: blind exactly where d > r·s, d > r1 + r(s − 1) with another first kernel', () => {
    for (const [kernel, first] of [
      [3, 3],
      [5, 5],
      [3, 7],
      [5, 3],
    ] as const) {
      const shape = square(28);
      const { blind } = reachIn(plain(4, kernel, first), plain(60, kernel, first), shape, 14, 14);
      const [r, r1] = [(kernel - 1) / 2, (first - 1) / 2];
      const expected: number[] = [];
      for (let index = 0; index < 14 * 28 + 14; index++) {
        const [s, d] = [14 - Math.floor(index / 28), (index % 28) - 14];
        if (s > 0 && d > r1 + r * (s - 1)) expected.push(index);
      }
      expect([...blind]).toEqual(expected);
    }
  });

  it.each([
    [15, 7, 55, 0],
    [16, 7, 55, 0],
    [8, 7, 55, 159],
    [60, 3, 78, 0],
  ])(
    'of 28 × 28 at (14, 14): %i layers after a first of %i leave %i blind, %i too shallow',
    (layers, first, blind, shallow) => {
      const reach = reachIn(plain(layers, 3, first), plain(90, 3, first), square(28), 14, 14);
      expect(reach.allowed).toBe(406);
      expect([reach.blind.length, reach.tooShallow.length]).toEqual([blind, shallow]);
      expect(reach.seen.length + blind + shallow).toBe(406);
      expect(reach.leaks).toHaveLength(0);
    },
  );

  it.each([
    [7, 3, 0.18],
    [3, 3, 0.22147],
    [7, 7, 0.080167],
  ])('averaged over all pairs of 28 × 28: first %i, then 60 of %i', (first, kernel, share) => {
    const graph = plain(61, kernel, first);
    const finder = new ReachFinder({ graph, deepest: graph, causality: 'strict', shape: square(28) });
    let [unseen, pairs] = [0, 0];
    for (let output = 0; output < 784; output++) {
      const { allowed, blind } = finder.of(output);
      [unseen, pairs] = [unseen + blind.length, pairs + allowed];
    }
    expect(unseen / pairs).toBeCloseTo(share, share === 0.18 ? 3 : 6);
  });
});

describe('the gated stack', () => {
  it.each([
    [1, 4],
    [2, 12],
    [3, 24],
    [4, 40],
  ])('of %i layers sees all %i of its box and leaks nothing', (layers, box) => {
    expect(visibleInBox((depth) => gated(depth, 3), layers, 1)).toEqual([box, box]);
  });
});

describe('a leaking mask', () => {
  const wrong: Taps = {
    kind: 'grid',
    offsets: [-1, 1].flatMap((row) => [-1, 0, 1].map((column): Offset => [row, column])),
    centre: 'none',
  };
  it.each([
    [1, 10],
    [15, 377],
  ])('found in a public PixelCNN: %i blocks see %i pixels of the future', (blocks, leaks) => {
    const block: Taps[] = [wrong, { kind: 'pointwise' }];
    const graph = chain([[grid(rasterMask(7, 'A'))], ...Array.from({ length: blocks }, () => block)]);
    expect(reachIn(graph, graph, square(28), 14, 14).leaks).toHaveLength(leaks);
  });
});

describe('the closure', () => {
  it('equals the plain one for random graphs of images, RGB and wide rows too', () => {
    const random = new Rng(8);
    const centres: CentreTap[] = ['none', 'before', 'upTo', 'all'];
    for (let trial = 0; trial < 60; trial++) {
      const shape = {
        height: 1 + random.integer(5),
        width: trial % 3 === 0 ? 30 + random.integer(40) : 1 + random.integer(6),
        channels: trial % 2 === 0 ? 1 : 3,
      };
      const layers = Array.from({ length: 1 + random.integer(3) }, () =>
        Array.from({ length: 1 + random.integer(2) }, (): Taps => {
          if (random.uniform() < 0.15) return { kind: 'pointwise' };
          if (random.uniform() < 0.1) return { kind: 'causal', strict: random.uniform() < 0.5 };
          if (random.uniform() < 0.1) return { kind: 'block', side: 1 + random.integer(4) };
          const offsets = Array.from({ length: random.integer(4) }, (): Offset => [
            random.integer(5) - 2,
            1 + random.integer(40) - 20,
          ]);
          return { kind: 'grid', offsets, centre: centres[random.integer(4)] ?? 'none' };
        }),
      );
      const size = shape.height * shape.width * shape.channels;
      const output = random.integer(size);
      const found = new Closure(chain(layers), shape).of(output).indices();
      expect([...found]).toEqual(plainClosure(layers, shape, output));
    }
  });

  it('equals the matrix of sequences, an image of one row', () => {
    const random = new Rng(9);
    for (let trial = 0; trial < 50; trial++) {
      const length = 1 + random.integer(70);
      const graph = chain(
        Array.from({ length: 1 + random.integer(3) }, () => [
          {
            kind: 'causal',
            strict: random.uniform() < 0.3,
            ...(random.uniform() < 0.7 ? { window: 1 + random.integer(9) } : {}),
          } as const,
        ]),
      );
      const matrix = declaredConnectivity(graph, length);
      const closure = new Closure(graph, { height: 1, width: length, channels: 1 });
      for (let i = 0; i < length; i++) {
        const expected = Array.from({ length }, (_, j) => j).filter((j) => matrix.get(i, j));
        expect([...closure.of(i).indices()]).toEqual(expected);
      }
    }
  });

  it('keeps the order of the channels: G reads R of its own pixel, R does not read G', () => {
    const shape = square(2, 3);
    const of = (channel: number, type: 'A' | 'B') =>
      [...new Closure(chain([[grid(rasterMask(3, type))]]), shape).of(9 + channel).indices()].filter(
        (i) => i >= 9,
      );
    expect([0, 1, 2].map((channel) => of(channel, 'A'))).toEqual([[], [9], [9, 10]]);
    expect([0, 1, 2].map((channel) => of(channel, 'B'))).toEqual([[9], [9, 10], [9, 10, 11]]);
  });

  it('refuses a graph without an output, one that reads ahead, and an output that is not there', () => {
    expect(() => new Closure({ nodes: [] }, square(2))).toThrow('a node called output');
    const ahead = chain([[{ kind: 'pointwise' }]]).nodes.map((node) => ({
      ...node,
      inputs: [{ from: 'later', taps: { kind: 'pointwise' } as const }],
    }));
    expect(() => new Closure({ nodes: ahead }, square(2))).toThrow('reads later, which is not before it');
    const graph = plain(1, 3);
    const finder = new ReachFinder({ graph, deepest: graph, causality: 'strict', shape: square(2) });
    expect(() => finder.of(4)).toThrow('expected an output in [0, 4), got 4');
  });

  it('measures the box of what is read', () => {
    const shape = square(9);
    const { seen } = reachIn(plain(2, 3), plain(2, 3), shape, 4, 4);
    expect(fieldOf(shape, 40, seen)).toEqual({ height: 3, width: 5 });
    expect(fieldOf(shape, 40, new Int32Array(0))).toEqual({ height: 1, width: 1 });
  });
});

/** By lists of pairs, with nothing clever. */
function plainClosure(layers: ReadonlyArray<readonly Taps[]>, shape: GridShape, output: number): number[] {
  const { height, width, channels } = shape;
  const size = height * width * channels;
  const reads = (taps: Taps, to: number): number[] => {
    if (taps.kind === 'pointwise') return [to];
    const all = Array.from({ length: size }, (_, index) => index);
    if (taps.kind === 'causal') return all.filter((from) => (taps.strict ? from < to : from <= to));
    const pixel = Math.floor(to / channels);
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    if (taps.kind === 'block') {
      const [top, left] = [row - (row % taps.side), column - (column % taps.side)];
      return all.filter((from) => Math.floor(from / channels) === top * width + left);
    }
    return all.filter((from) => {
      const other = Math.floor(from / channels);
      const [down, right] = [Math.floor(other / width) - row, (other % width) - column];
      if (down === 0 && right === 0 && centreReads(taps.centre, to % channels, from % channels)) return true;
      return taps.offsets.some(([r, c]) => r === down && c === right && (r !== 0 || c !== 0));
    });
  };
  let current = new Set([output]);
  for (const layer of [...layers].reverse()) {
    const next = new Set<number>();
    for (const to of current) for (const taps of layer) for (const from of reads(taps, to)) next.add(from);
    current = next;
  }
  return [...current].sort((a, b) => a - b);
}
