// Attention as it is shown against the family's own trace, rollout against plain matrices, and entropies against
// math/information; which window is looked at, and what is refused.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { characterTokenizer } from '../../data/tokenizer';
import type { Family } from '../../families/family';
import { familyById } from '../../families/registry';
import { entropy, natsToBits, softmax } from '../../math/information';
import type { AttentionParams, AttentionResult } from '../../protocol/engine';
import { describeModel, type LoadedModel } from '../models/modelFolder';
import { withBos } from '../scoring/sequenceScores';
import { attentionRow, showAttention } from './attention';
import { lowerTriangle, rowStart, smallMap } from './attentionMaps';
import { AttentionStore } from './attentionStore';

const LAYERS = 3;
const HEADS = 2;
const TEXT = 'abcd dcba abdc';
const tokenizer = characterTokenizer('abcd ');

function loadedModel(id: string, config: Record<string, unknown>): LoadedModel {
  const family = familyById(id) as Family;
  const facts = { vocabulary: tokenizer.vocabulary, bos: tokenizer.bos as number };
  const model = family.build(config, facts, 5);
  // Larger weights than the initial ones: heads should look at something.
  for (const { variable } of model.variables) tf.tidy(() => variable.assign(tf.mul(variable, 8)));
  const info = describeModel('/model', family, model, tokenizer);
  return { folder: '/model', family, facts, model, tokenizer, info };
}

let loaded: LoadedModel;
let tensors: number;
beforeAll(async () => {
  await tf.setBackend('cpu');
  const config = { layers: LAYERS, heads: HEADS, width: 8, contextLength: 8, dropout: 0 };
  loaded = loadedModel('transformer', config);
  tensors = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensors));
afterAll(() => loaded.model.dispose());

const look = (
  params: Omit<AttentionParams, 'model' | 'text'> & { text?: string },
  store = new AttentionStore(),
  signal = new AbortController().signal,
): Promise<AttentionResult> =>
  showAttention(loaded, '1', store, { model: '/model', text: TEXT, ...params }, signal);

/** [L][H][T][T] of positions [start, start + length) of the sequence, straight from the family. */
async function traced(start: number, length: number): Promise<number[][][][]> {
  const sequence = withBos(tokenizer.encode(TEXT).ids, tokenizer.bos);
  const inputs = tf.tensor2d(sequence.slice(start, start + length), [1, length], 'int32');
  const [trace] = (await loaded.model.trace?.(inputs, ['attention'])) ?? [];
  inputs.dispose();
  const values = [...(trace?.values ?? [])];
  return nest(values, [LAYERS, HEADS, length, length]) as number[][][][];
}

function nest(values: readonly number[], shape: readonly number[]): unknown {
  if (shape.length === 1) return [...values];
  const [count = 0, ...rest] = shape;
  const size = values.length / count;
  return Array.from({ length: count }, (_, i) => nest(values.slice(i * size, (i + 1) * size), rest));
}

const rowsOf = (values: Float32Array, length: number): number[][] =>
  Array.from({ length }, (_, i) => [...values.subarray(rowStart(i), rowStart(i + 1))]);

/** The definition, with whole matrices and no packing. */
function plainRollout(layers: ReadonlyArray<readonly number[][][]>, upTo: number): number[][] {
  let rolled: number[][] | undefined;
  for (const heads of layers.slice(0, upTo + 1)) {
    const T = heads[0]?.length ?? 0;
    const step = Array.from({ length: T }, (_, i) =>
      Array.from({ length: T }, (__, j) => {
        const mean = heads.reduce((sum, head) => sum + (head[i]?.[j] ?? NaN), 0) / heads.length;
        return 0.5 * (mean + (i === j ? 1 : 0));
      }),
    );
    const below: number[][] | undefined = rolled;
    rolled =
      below === undefined
        ? step
        : step.map((row) =>
            row.map((_, j) => row.reduce((sum, weight, k) => sum + weight * (below[k]?.[j] ?? NaN), 0)),
          );
  }
  return rolled ?? [];
}

describe('one map', () => {
  it('is the trace of the window, without what is masked', async () => {
    const all = await traced(0, 8);
    for (let layer = 0; layer < LAYERS; layer++) {
      for (let head = 0; head < HEADS; head++) {
        const { map, window } = await look({ token: 3, kind: 'heads', layer, head });
        expect(window).toMatchObject({ start: 0, length: 8, tokens: 14, context: 8, stride: 4, bos: true });
        expect(map?.values).toHaveLength(36);
        const rows = rowsOf(map?.values ?? new Float32Array(), 8);
        rows.forEach((row, i) => {
          expect(row).toEqual(all[layer]?.[head]?.[i]?.slice(0, i + 1));
          expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
          expect(all[layer]?.[head]?.[i]?.slice(i + 1)).toEqual(new Array(7 - i).fill(0));
        });
      }
    }
  });

  it('has the entropy of each row in bits, under its ceiling', async () => {
    const { map } = await look({ token: 3, kind: 'heads', layer: 1, head: 1 });
    const rows = rowsOf(map?.values ?? new Float32Array(), 8);
    rows.forEach((row, i) => {
      expect(map?.entropy[i]).toBeCloseTo(natsToBits(entropy(row)), 12);
      expect(map?.ceiling[i]).toBe(Math.log2(i + 1));
      expect(map?.entropy[i]).toBeLessThanOrEqual((map?.ceiling[i] ?? 0) + 1e-6);
    });
  });

  it('of the mean is the mean over the layer’s heads', async () => {
    const all = await traced(0, 8);
    const { map } = await look({ token: 0, kind: 'mean', layer: 2 });
    rowsOf(map?.values ?? new Float32Array(), 8).forEach((row, i) =>
      row.forEach((p, j) => {
        const heads = all[2]?.map((head) => head[i]?.[j] ?? NaN) ?? [];
        expect(p).toBeCloseTo(heads.reduce((sum, each) => sum + each, 0) / HEADS, 6);
      }),
    );
  });

  it.each([0, 1, 2])('of the rollout up to layer %i is the plain product', async (layer) => {
    const all = await traced(0, 8);
    const { map } = await look({ token: 0, kind: 'rollout', layer });
    const plain = plainRollout(all, layer);
    rowsOf(map?.values ?? new Float32Array(), 8).forEach((row, i) => {
      expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
      row.forEach((p, j) => expect(p).toBeCloseTo(plain[i]?.[j] ?? NaN, 6));
    });
  });
});

describe('a layer whose window slides', () => {
  const reachOf = (kind: AttentionParams['kind'], windows: readonly number[], layer: number) =>
    kind === 'rollout'
      ? windows.slice(0, layer + 1).reduce((reach, window) => reach + window - 1, 1)
      : (windows[layer] ?? NaN);

  it.each([
    ['heads', 'llama', { window: 3 }, [3, 3]],
    ['mean', 'llama', { window: 3 }, [3, 3]],
    ['rollout', 'llama', { window: 3 }, [3, 3]],
    ['heads', 'llama', { window: 3, windowLayers: [1] }, [Infinity, 3]],
    ['rollout', 'llama', { window: 3, windowLayers: [1] }, [Infinity, 3]],
  ] as const)('has no weight of its %s before what it can see: %s, %o', async (kind, id, extra, windows) => {
    const { example } = familyById(id) as Family;
    const sliding = loadedModel(id, { ...example, layers: 2, ...extra });
    const about = { model: '/model', text: TEXT, token: 3, kind };
    const signal = new AbortController().signal;
    const store = new AttentionStore();
    const { small, window } = await showAttention(sliding, '1', store, about, signal);
    const { length } = window;
    for (const layer of [0, 1]) {
      const reach = reachOf(kind, windows, layer);
      const { map } = await showAttention(sliding, '1', store, { ...about, layer, head: 0 }, signal);
      const rows = rowsOf(map?.values ?? new Float32Array(), length);
      rows.forEach((row, i) => {
        expect(row.map(Number.isNaN)).toEqual(row.map((_, j) => j <= i - reach));
        const seen = row.filter((p) => !Number.isNaN(p));
        expect(seen.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
        expect(map?.ceiling[i]).toBe(Math.log2(Math.min(i + 1, reach)));
        expect(map?.entropy[i]).toBeLessThanOrEqual((map?.ceiling[i] ?? 0) + 1e-6);
      });
      const ceilings = [...(map?.ceiling ?? [])];
      expect(small?.ceiling[layer]).toBeCloseTo(ceilings.reduce((sum, each) => sum + each, 0) / length, 12);
      expect(small?.size).toBe(length);
      const from = layer * (small?.columns ?? NaN) * length * length;
      const dots = small?.dots.subarray(from, from + length * length) ?? new Float32Array();
      expect(dots).toHaveLength(length * length);
      dots.forEach((dot, at) => {
        const [i, j] = [Math.floor(at / length), at % length];
        expect(Number.isNaN(dot)).toBe(j > i || j <= i - reach);
      });
    }
    sliding.model.dispose();
  });
});

describe('all maps, small', () => {
  it('of a short window are the maps themselves, masked cells apart from every weight', async () => {
    const all = await traced(0, 8);
    const { small, layers, heads } = await look({ token: 2, kind: 'heads' });
    expect({ layers, heads, columns: small?.columns, size: small?.size }).toEqual({
      layers: LAYERS,
      heads: HEADS,
      columns: HEADS,
      size: 8,
    });
    for (let map = 0; map < LAYERS * HEADS; map++) {
      for (let i = 0; i < 8; i++) {
        for (let j = 0; j < 8; j++) {
          const dot = small?.dots[map * 64 + i * 8 + j];
          const expected = j > i ? NaN : all[Math.floor(map / HEADS)]?.[map % HEADS]?.[i]?.[j];
          expect(dot).toBe(expected);
        }
      }
    }
  });

  it('carry the mean entropy of the map they stand for', async () => {
    const store = new AttentionStore();
    for (const kind of ['heads', 'mean', 'rollout'] as const) {
      const { small } = await look({ token: 2, kind }, store);
      const { map } = await look({ token: 2, kind, layer: 1, head: 0 }, store);
      const rows = [...(map?.entropy ?? [])];
      expect(small?.entropy[small.columns]).toBeCloseTo(rows.reduce((sum, each) => sum + each, 0) / 8, 12);
      expect(small?.ceiling).toHaveLength(LAYERS);
      expect(small?.ceiling[1]).toBeCloseTo([...(map?.ceiling ?? [])].reduce((a, b) => a + b, 0) / 8, 12);
    }
  });

  it('keep a thin line when positions share a dot', () => {
    const length = 100;
    const square = new Float32Array(length * length);
    for (let i = 1; i < length; i++) square[i * length + i - 1] = 1;
    const { values, above } = lowerTriangle(square, length);
    const small = smallMap(values, length, 10);
    expect(above).toBe(0);
    for (let dot = 0; dot < 10; dot++) expect(small[dot * 10 + dot]).toBe(1);
    expect(small[9]).toBeNaN();
  });
});

describe('the scores of a row', () => {
  it('have the row as their softmax, in every layer and head', async () => {
    for (let layer = 0; layer < LAYERS; layer++) {
      for (let head = 0; head < HEADS; head++) {
        for (const [token, position] of [
          [3, 0],
          [3, 7],
          [12, 5],
        ] as const) {
          const { map } = await look({ token, kind: 'heads', layer, head });
          const params = { model: '/model', text: TEXT, token, layer, head, position };
          const { scores, size } = await attentionRow(loaded, params);
          const row = map?.values.subarray(rowStart(position), rowStart(position + 1)) ?? [];
          expect(size).toBe(8 / HEADS);
          expect(scores).toHaveLength(position + 1);
          softmax(scores).forEach((weight, j) => expect(weight).toBeCloseTo(row[j] ?? NaN, 5));
        }
      }
    }
  });

  it('are asked for within the window and the model', async () => {
    const params = { model: '/model', text: TEXT, token: 3, layer: 0, head: 0, position: 8 };
    await expect(attentionRow(loaded, params)).rejects.toThrow(
      'position: expected a whole number from 0 to 7, got 8.',
    );
    await expect(attentionRow(loaded, { ...params, position: 0, head: 2 })).rejects.toThrow('head: expected');
  });
});

describe('the window', () => {
  it('is the one in which a later token is predicted', async () => {
    const { window, map } = await look({ token: 12, kind: 'heads', layer: 0, head: 0 });
    // Token 12 is position 13 of [BOS] + text: windows of 8 start at 0, 4, 8; the one from 8 is the first to hold 13.
    expect(window.start).toBe(8);
    expect([...window.token]).toEqual([7, 8, 9, 10, 11, 12, 13]);
    expect(window.texts.join('')).toBe(TEXT.slice(7));
    expect([...window.from]).toEqual([7, 8, 9, 10, 11, 12, 13]);
    const all = await traced(8, 7);
    expect(rowsOf(map?.values ?? new Float32Array(), 7)[6]).toEqual(all[0]?.[0]?.[6]);
  });

  it('says where BOS stands, which is no token of the text', async () => {
    const { window } = await look({ token: 0, kind: 'heads', layer: 0 });
    expect(window.token[0]).toBe(-1);
    expect(window.texts.slice(0, 2)).toEqual(['<bos>', 'a']);
  });

  it('that is kept gives the same maps as a fresh one, whatever was looked at between', async () => {
    const store = new AttentionStore();
    const ask = { kind: 'heads', layer: 1, head: 1 } as const;
    const [first, other] = await Promise.all([
      look({ token: 1, ...ask }, store),
      look({ token: 12, ...ask }, store),
    ]);
    const again = await look({ token: 1, ...ask }, store);
    expect(again.map).toEqual(first.map);
    expect(other.map).toEqual((await look({ token: 12, ...ask })).map);
  });
});

describe('what cannot be shown', () => {
  it('is said in one sentence', async () => {
    await expect(look({ token: 14, kind: 'heads' })).rejects.toThrow(
      'token: expected a whole number from 0 to 13, got 14.',
    );
    await expect(look({ token: 0, kind: 'heads', layer: 3 })).rejects.toThrow(
      'layer: expected a whole number from 0 to 2, got 3.',
    );
    await expect(look({ token: 0, kind: 'heads', text: '' })).rejects.toMatchObject({ reason: 'badInput' });
  });

  it('for a table: it has no attention', async () => {
    const markov = loadedModel('markov', { order: 2 });
    const params = { model: '/m', text: TEXT, token: 0, kind: 'heads' } as const;
    await expect(
      showAttention(markov, '1', new AttentionStore(), params, new AbortController().signal),
    ).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringContaining('Markov table') as string,
    });
    markov.model.dispose();
  });

  it('stops when nobody waits any more', async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(look({ token: 0, kind: 'heads' }, undefined, abort.signal)).rejects.toMatchObject({
      reason: 'cancelled',
    });
  });

  it('a map that looks ahead is never shown as one that does not', async () => {
    const square = Float32Array.from([1, 0.25, 0.5, 0.5]);
    expect(lowerTriangle(square, 2).above).toBe(0.25);
    const { model } = loaded;
    const leaking = {
      ...loaded,
      model: {
        config: { layers: 1, heads: 1 },
        contextLength: 2,
        trace: () =>
          Promise.resolve([{ kind: 'attention', layers: 1, heads: 1, length: 2, values: square } as const]),
        vocabulary: model.vocabulary,
        variables: [],
        loss: () => model.loss({ inputs: tf.zeros([1, 1]), targets: tf.zeros([1, 1]) }),
        dispose: () => undefined,
      },
    };
    const params = { model: '/m', text: 'a', token: 0, kind: 'heads' } as const;
    await expect(
      showAttention(leaking, '1', new AttentionStore(), params, new AbortController().signal),
    ).rejects.toThrow('expected 0 for every masked position, got 0.25');
  });
});
