// Bit sets, the closure against a plain one, and what a comparison says. No network is run here.
import { describe, expect, it } from 'vitest';
import type { TapGraph, Taps } from '../../families/family';
import { Rng } from '../../math/rng';
import { BitMatrix } from '../bitMatrix';
import { compareConnectivity, offsetWords } from './comparison';
import { allowedConnectivity, declaredConnectivity, maySee, tapMask } from './declared';
import { measuredConnectivity } from './measured';
import type { Network } from './network';

const graphOf = (...layers: Taps[]): TapGraph => ({
  nodes: layers.map((taps, index) => ({
    id: index === layers.length - 1 ? 'output' : `n${index}`,
    title: '',
    inputs: [{ from: index === 0 ? 'input' : `n${index - 1}`, taps }],
    parameters: 0,
  })),
});

const rowsOf = (matrix: BitMatrix): string[] =>
  Array.from({ length: matrix.rows }, (_, i) =>
    Array.from({ length: matrix.columns }, (_, j) => (matrix.get(i, j) ? '1' : '0')).join(''),
  );

describe('BitMatrix', () => {
  it('keeps every bit by itself, at the edges of words too', () => {
    for (const size of [1, 31, 32, 33, 65]) {
      const matrix = new BitMatrix(size, size);
      matrix.set(size - 1, size - 1);
      matrix.set(0, size - 1);
      const expected = new Set([size - 1, size * size - 1]);
      matrix.cells().forEach((cell, at) => expect(cell).toBe(expected.has(at) ? 1 : 0));
      expect(matrix.count()).toBe(expected.size);
      const copy = matrix.copy();
      copy.or(BitMatrix.identity(size));
      expect(copy.count()).toBe(size + (size > 1 ? 1 : 0));
      expect(matrix.count()).toBe(expected.size);
    }
  });
});

describe('declared connectivity', () => {
  it.each<[string, Taps, string[]]>([
    ['pointwise', { kind: 'pointwise' }, ['1000', '0100', '0010', '0001']],
    ['causal', { kind: 'causal' }, ['1000', '1100', '1110', '1111']],
    ['strict', { kind: 'causal', strict: true }, ['0000', '1000', '1100', '1110']],
    ['a window of 2', { kind: 'causal', window: 2 }, ['1000', '1100', '0110', '0011']],
    ['a strict window of 2', { kind: 'causal', window: 2, strict: true }, ['0000', '1000', '1100', '0110']],
  ])('of one layer: %s', (_, taps, rows) => {
    expect(rowsOf(tapMask(taps, 4))).toEqual(rows);
    expect(rowsOf(declaredConnectivity(graphOf(taps), 4))).toEqual(rows);
  });

  it('equals the plain closure for random graphs', () => {
    const random = new Rng(5);
    for (let trial = 0; trial < 200; trial++) {
      const layers = Array.from({ length: 1 + random.integer(4) }, (): Taps => {
        if (random.uniform() < 0.2) return { kind: 'pointwise' };
        const strict = random.uniform() < 0.3;
        return {
          kind: 'causal',
          strict,
          ...(random.uniform() < 0.7 ? { window: 1 + random.integer(9) } : {}),
        };
      });
      const length = 1 + random.integer(40);
      expect(rowsOf(declaredConnectivity(graphOf(...layers), length))).toEqual(plainClosure(layers, length));
    }
  });

  it('counts a receptive field: windows of 3, four deep, reach 9 positions', () => {
    const window: Taps = { kind: 'causal', window: 3 };
    const reach = declaredConnectivity(graphOf(window, window, window, window), 20);
    expect(Array.from({ length: 20 }, (_, j) => reach.get(19, j)).filter(Boolean)).toHaveLength(9);
  });

  it('allows no more than the named causality, whatever is declared', () => {
    const open = graphOf({ kind: 'causal' });
    expect(rowsOf(allowedConnectivity(open, 'shifted', 3))).toEqual(['100', '110', '111']);
    expect(rowsOf(allowedConnectivity(open, 'strict', 3))).toEqual(['000', '100', '110']);
    expect([maySee('strict', 2, 2), maySee('shifted', 2, 2), maySee('shifted', 2, 3)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('refuses a graph without an output, or one that reads ahead of its nodes', () => {
    expect(() => declaredConnectivity({ nodes: [] }, 3)).toThrow('expected a node called output');
    const graph = graphOf({ kind: 'causal' });
    const wrong = {
      nodes: graph.nodes.map((node) => ({
        ...node,
        inputs: [{ from: 'later', taps: { kind: 'causal' } as const }],
      })),
    };
    expect(() => declaredConnectivity(wrong, 3)).toThrow('reads later, which is not before it');
  });
});

describe('a comparison', () => {
  const allowed = allowedConnectivity(graphOf({ kind: 'causal' }), 'shifted', 128);

  it('says how many pairs agree', () => {
    const { verdict, agrees } = compareConnectivity(allowed, allowed.copy());
    expect([verdict, agrees]).toEqual(['declared = measured over 16,384 pairs', true]);
  });

  it('says where the first leak is, and groups leaks by distance', () => {
    const measured = allowed.copy();
    for (const [i, j] of [
      [14, 17],
      [20, 23],
      [30, 99],
    ] as const)
      measured.set(i, j);
    const { verdict, leaksByOffset } = compareConnectivity(allowed, measured);
    expect(verdict).toBe('3 leaks: output 14 depends on input 17');
    expect(leaksByOffset).toEqual([
      { offset: 3, count: 2, example: { output: 14, input: 17 } },
      { offset: 69, count: 1, example: { output: 30, input: 99 } },
    ]);
    expect(leaksByOffset.map((group) => offsetWords(group, 'shifted'))).toEqual([
      '2 pairs 3 ahead',
      '1 pair 69 ahead',
    ]);
  });

  it('tells what was declared and not seen from a leak', () => {
    const { verdict, agrees, leaks, unseen } = compareConnectivity(allowed, BitMatrix.identity(128));
    expect([agrees, leaks.length, unseen.length]).toEqual([false, 0, (128 * 127) / 2]);
    expect(verdict).toBe(
      'no leak, but 8,128 declared pairs were not measured: output 1 never changed with input 0',
    );
  });

  it('names a leak of its own position, and one behind the window', () => {
    const example = { output: 3, input: 3 };
    expect(offsetWords({ offset: 0, count: 7, example }, 'strict')).toBe(
      '7 pairs at its own position, which strict excludes',
    );
    expect(offsetWords({ offset: -4, count: 1, example }, 'shifted')).toBe(
      '1 pair 4 behind, which is not declared',
    );
  });
});

describe('measuring', () => {
  const network = (respond: (ids: Int32Array) => number[]): Network => ({
    vocabulary: 5,
    width: 1,
    respond: (ids) => Promise.resolve({ values: Float32Array.from(respond(ids)), noise: 0 }),
  });

  it('hears a change that is one bit, and takes NaN for NaN', async () => {
    const small = network((ids) => Array.from(ids, (id) => (id === 2 ? 1 + 2 ** -23 : 1)));
    expect(rowsOf(await measuredConnectivity(small, 1, { seed: 3 }))).toEqual(['1']);
    const lost = network((ids) => Array.from(ids, () => NaN));
    expect((await measuredConnectivity(lost, 3, { seed: 1 })).count()).toBe(0);
  });

  it('refuses a network that answers the same question differently', async () => {
    let calls = 0;
    const restless = network((ids) => Array.from(ids, () => calls++));
    await expect(measuredConnectivity(restless, 2, { seed: 1 })).rejects.toThrow('expected equal answers');
  });

  it('gives way between batches, and ends when told to', async () => {
    const still = network((ids) => Array.from(ids, () => 0));
    const pause = () => Promise.reject(new Error('cancelled'));
    await expect(measuredConnectivity(still, 2, { seed: 1, pause })).rejects.toThrow('cancelled');
  });
});

/** By lists of booleans, position by position. */
function plainClosure(layers: readonly Taps[], length: number): string[] {
  let reach = Array.from({ length }, (_, i) => Array.from({ length }, (_, j) => i === j));
  for (const taps of layers) {
    reach = reach.map((_, i) => {
      const last = taps.kind === 'causal' && taps.strict ? i - 1 : i;
      const window = taps.kind === 'causal' ? (taps.window ?? length) : 1;
      const read = reach.slice(Math.max(0, last - window + 1), last + 1);
      return Array.from({ length }, (_, j) => read.some((row) => row[j]));
    });
  }
  return reach.map((row) => row.map((seen) => (seen ? '1' : '0')).join(''));
}
