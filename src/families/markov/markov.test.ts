// The Markov table: Witten–Bell by hand, exact mass, sparse and dense counting alike, files that lie.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Rng } from '../../math/rng';
import { BackOffTable } from './backOff';
import { fromEntries, toEntries } from './entries';
import { markov } from './family';
import { countGrams } from './gramCounts';

beforeAll(() => tf.setBackend('cpu').then(() => undefined));

const [A, B, BOS] = [0, 1, 3];
const facts = { vocabulary: 4, bos: BOS };

describe('Witten–Bell back-off', () => {
  it('equals the hand calculation for BOS a a b a', () => {
    const model = markov.build({ order: 1 }, facts, 0);
    model.fit?.(Int32Array.of(A, A, B, A));
    const inputs = tf.tensor2d([A, B, BOS, 2], [4, 1], 'int32');
    const rows = model.logits?.(inputs).arraySync() as number[][][];
    // Empty context: a 3 times, b once, N = 4, T = 2, uniform 1/4 below.
    const [a0, b0, other] = [(3 + 2 / 4) / 6, (1 + 2 / 4) / 6, 2 / 4 / 6];
    // After a: a once, b once, N = 2, T = 2. After b: a once. After BOS: a once. After 2: never seen.
    const expected = [
      [(1 + 2 * a0) / 4, (1 + 2 * b0) / 4, (2 * other) / 4, (2 * other) / 4],
      [(1 + a0) / 2, b0 / 2, other / 2, other / 2],
      [(1 + a0) / 2, b0 / 2, other / 2, other / 2],
      [a0, b0, other, other],
    ];
    expected.forEach((row, r) =>
      row.forEach((p, v) => expect(Math.exp(rows[r]?.[0]?.[v] as number)).toBeCloseTo(p, 6)),
    );
    model.dispose();
  });

  it('sums to one within 1e-12, also where nothing was ever counted', () => {
    const rng = new Rng(7);
    const elements = Int32Array.from({ length: 500 }, () => Math.floor(20 * rng.uniform() ** 3));
    const table = new BackOffTable(
      257,
      [1, 2, 3, 4].map((length) => countGrams(elements, length, 257)),
    );
    for (const history of [[], [256], [0, 0, 0], [0, 1, 256], [300 % 257, 1, 0, 0, 0]]) {
      const mass = table.distribution(history, new Float64Array(257)).reduce((sum, p) => sum + p, 0);
      expect(Math.abs(mass - 1)).toBeLessThan(1e-12);
    }
    const empty = new BackOffTable(
      5,
      [1, 2].map((length) => countGrams(new Int32Array(0), length, 5)),
    );
    expect([...empty.distribution([1], new Float64Array(5))]).toEqual([0.2, 0.2, 0.2, 0.2, 0.2]);
  });
});

describe('counting', () => {
  it('finds each gram in every order, by table and by sorting alike', () => {
    const elements = Int32Array.of(1, 2, 1, 2, 1);
    expect(countGrams(elements, 2, 3)).toEqual({
      keys: Float64Array.of(5, 7),
      counts: Float64Array.of(2, 2),
    });
    // A vocabulary this large is counted by sorting: keys are written in another base, counts stay.
    const sorted = countGrams(elements, 2, 90_000);
    expect([...sorted.keys]).toEqual([90_002, 180_001]);
    expect([...sorted.counts]).toEqual([2, 2]);
    expect(countGrams(Int32Array.of(1), 2, 90_000).keys).toHaveLength(0);
  });

  it('joins pieces longer than one sort', () => {
    const length = 2 ** 22 + 1000;
    const elements = Int32Array.from({ length }, (_, i) => i % 3);
    const { keys, counts } = countGrams(elements, 2, 10_000);
    expect([...keys]).toEqual([1, 10_002, 20_000]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(length - 1);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });
});

describe('files', () => {
  const grams = countGrams(Int32Array.of(3, 1, 2, 1, 2), 2, 4);

  it('come back as they were', () => {
    const entries = toEntries(grams, 2, 4);
    expect([...entries]).toEqual([1, 2, 2, 2, 1, 1, 3, 1, 1]);
    expect(fromEntries(entries, 2, 4)).toEqual(grams);
  });

  it('that lie are answered with what is wrong', () => {
    const bad =
      (...values: number[]) =>
      () =>
        fromEntries(Float32Array.from(values), 2, 4);
    expect(bad(1, 2)).toThrow(/multiple of 3 values, got 2/);
    expect(bad(1, 4, 1)).toThrow(/symbols in \[0, 4\), got 4 in row 0/);
    expect(bad(1, 2, 0)).toThrow(/positive counts, got 0/);
    expect(bad(1, 2, NaN)).toThrow(/positive counts, got NaN/);
    expect(bad(1, 2, 1, 1, 2, 1)).toThrow(/ascending/);
    expect(() => markov.files.fromConfig({ model_type: 'arlens_markov', smoothing: 'none' })).toThrow(
      'config.json: smoothing: expected "interpolated-witten-bell", got "none".',
    );
    expect(() => markov.build({ order: 3 }, { vocabulary: 20_000 }, 0)).toThrow(/at most 9741, got 20000/);
  });
});

describe('a fitted model', () => {
  it('learns a deterministic text almost perfectly, and a second fit forgets the first', async () => {
    const before = tf.memory().numTensors;
    const model = markov.build({ order: 2 }, facts, 0);
    model.fit?.(Int32Array.from({ length: 3000 }, (_, i) => i % 3));
    const inputs = tf.tensor2d([0, 1, 2, 0, 1], [1, 5], 'int32');
    const targets = tf.tensor2d([1, 2, 0, 1, 2], [1, 5], 'int32');
    expect(tf.tidy(() => model.loss({ inputs, targets }).dataSync()[0])).toBeLessThan(0.01);
    model.fit?.(Int32Array.from({ length: 3000 }, (_, i) => (3000 - i) % 3));
    expect(((await model.logProb?.({ inputs, targets })) as Float32Array)[4]).toBeLessThan(-5);
    expect(() => model.fit?.(Int32Array.of(0, 4))).toThrow(/in \[0, 4\), got 4/);
    model.dispose();
    tf.dispose([inputs, targets]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
