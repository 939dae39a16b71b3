// The layers' definitions at real edges, on the reference device: masks, ranks and ties, dropout, schedules, clipping.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Rng } from '../math/rng';
import { AdamW } from './adamw';
import { attentionProbabilities, causalAttention } from './causalAttention';
import {
  createKeyValueCache,
  decodeAttention,
  disposeKeyValueCache,
  fillKeyValueCache,
} from './decodeAttention';
import { dropout, dropoutFactors, dropoutSeed } from './dropout';
import { embedding } from './embedding';
import { clippingFactor, globalNorm } from './globalNorm';
import { learningRateAt } from './learningRate';
import { residual } from './residual';
import { scoreRows } from './scoreRows';

let before = 0;
beforeEach(async () => {
  await tf.setBackend('cpu');
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors, 'tensors left behind').toBe(before));

function random(shape: [number, number], seed: number): tf.Tensor2D {
  const rng = new Rng(seed);
  return tf.tensor2d(
    Float32Array.from({ length: shape[0] * shape[1] }, () => rng.normal()),
    shape,
  );
}

describe('causal attention', () => {
  it('renormalises what the mask leaves: (.3,.4,.3), (.2,.5,.3), (.1,.3,.6)', () =>
    tf.tidy(() => {
      const rows = [
        [0.3, 0.4, 0.3],
        [0.2, 0.5, 0.3],
        [0.1, 0.3, 0.6],
      ];
      // Keys √3·I and queries ln p: scaled scores are ln p.
      const qkv = rows.map((row, i) => [
        ...row.map(Math.log),
        ...[0, 1, 2].map((j) => (i === j ? Math.sqrt(3) : 0)),
        0,
        0,
        0,
      ]);
      const found = attentionProbabilities(tf.tensor2d(qkv), { batch: 1, heads: 1 }).dataSync();
      const expected = [1, 0, 0, 0.285714, 0.714286, 0, 0.1, 0.3, 0.6];
      expected.forEach((p, at) => expect(found[at]).toBeCloseTo(p, 6));
      expect([found[1], found[2], found[5]]).toEqual([0, 0, 0]);
    }));

  it('lets 8 positions see 36 entries', () =>
    tf.tidy(() => {
      const found = attentionProbabilities(random([8, 9], 1), { batch: 1, heads: 1 }).dataSync();
      expect(found.filter((p) => p > 0)).toHaveLength(36);
    }));

  it('keeps batch rows and heads apart', () =>
    tf.tidy(() => {
      const qkv = random([10, 18], 2); // B 2, T 5, H 3, D 2
      const both = causalAttention(qkv, { batch: 2, heads: 3 });
      const second = causalAttention(tf.slice(qkv, [5, 0], [5, 18]), { batch: 1, heads: 3 });
      expect([...tf.slice(both, [5, 0], [5, 6]).dataSync()]).toEqual([...second.dataSync()]);
      expect(() => causalAttention(qkv, { batch: 3, heads: 3 })).toThrow(
        /expected \[3·T, 9·D\] and heads that share keys evenly, got \[10, 18\]/,
      );
    }));

  it('is the same one step at a time, from an empty and from a filled cache', () => {
    const qkv = random([6, 12], 3); // T 6, H 2, D 2
    const full = causalAttention(qkv, { batch: 1, heads: 2 });
    const rows = full.arraySync();
    for (const filled of [0, 3, 5]) {
      const cache = createKeyValueCache(1, 6, 4);
      if (filled > 0) tf.tidy(() => fillKeyValueCache(cache, tf.slice(qkv, [0, 0], [filled, 12]), 1));
      for (let position = filled; position < 6; position++) {
        const row = tf.tidy(
          () =>
            decodeAttention(tf.slice(qkv, [position, 0], [1, 12]), cache, {
              heads: 2,
              position,
            }).arraySync()[0],
        );
        row?.forEach((value, c) => expect(value).toBeCloseTo(rows[position]?.[c] as number, 6));
      }
      disposeKeyValueCache(cache);
    }
    tf.dispose([qkv, full]);
  });
});

describe('embedding', () => {
  it('starts where it is told and refuses positions beyond the table', () =>
    tf.tidy(() => {
      const wte = tf.tensor2d([[1], [2], [3]]);
      const wpe = tf.tensor2d([[10], [20], [30]]);
      const ids = tf.tensor2d(
        [
          [2, 0],
          [1, 1],
        ],
        undefined,
        'int32',
      );
      expect([...embedding(wte, wpe, ids, 1).dataSync()]).toEqual([23, 31, 22, 32]);
      expect(() => embedding(wte, wpe, ids, 2)).toThrow(/at most 3 positions, got 4/);
    }));
});

describe('residual', () => {
  it('passes the gradient to both sides, also when a side is used again', () => {
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.square(residual(residual(x, x), tf.mul(x, 3)))));
    const x = tf.tensor1d([1, 2]);
    const found = gradient(x);
    expect([...found.dataSync()]).toEqual([50, 100]);
    tf.dispose([x, found]);
  });
});

describe('dropout', () => {
  const choice = { rate: 0.25, seed: 5, stream: 2 };

  it('keeps the expectation, repeats itself, and differs by seed, stream and step', () => {
    const factors = dropoutFactors(100_000, choice);
    expect(factors.reduce((sum, factor) => sum + factor, 0) / factors.length).toBeCloseTo(1, 2);
    expect(new Set(factors)).toEqual(new Set([0, Math.fround(4 / 3)]));
    expect(dropoutFactors(64, choice)).toEqual(factors.slice(0, 64));
    expect(dropoutFactors(64, { ...choice, stream: 3 })).not.toEqual(factors.slice(0, 64));
    expect(dropoutFactors(64, { ...choice, seed: 6 })).not.toEqual(factors.slice(0, 64));
    expect(new Set([dropoutSeed(1, 1), dropoutSeed(1, 2), dropoutSeed(2, 1)]).size).toBe(3);
  });

  it('has the mask as its gradient and is nothing at rate 0', () => {
    const x = tf.ones([50]);
    const [y, gradient] = [dropout(x, choice), tf.grad((t: tf.Tensor) => tf.sum(dropout(t, choice)))(x)];
    expect([...gradient.dataSync()]).toEqual([...y.dataSync()]);
    expect(dropout(x, { ...choice, rate: 0 })).toBe(x);
    tf.dispose([x, y, gradient]);
  });
});

describe('scoreRows', () => {
  it('ranks with ties, orders equal alternatives by id, and marks NaN rows', async () => {
    const logits = tf.tensor2d([
      [1, 3, 3, -Infinity],
      [0, 0, 0, 0],
      [NaN, 0, 0, 0],
    ]);
    const targets = tf.tensor1d([1, 2, 1], 'int32');
    const scores = await scoreRows(logits, targets, 3);
    tf.dispose([logits, targets]);
    const total = Math.log(Math.exp(1) + 2 * Math.exp(3));
    expect(scores.logProb[0]).toBeCloseTo(3 - total, 6);
    expect([...scores.rank]).toEqual([1, 1, 0]);
    expect([...scores.topId]).toEqual([1, 2, 0, 0, 1, 2, 0, 0, 0]);
    expect(scores.topLogProb[2]).toBeCloseTo(1 - total, 6);
    expect(scores.entropy[1]).toBeCloseTo(Math.log(4), 6);
    expect(Number.isFinite(scores.entropy[0])).toBe(true);
    expect([scores.logProb[2], scores.entropy[2], scores.topLogProb[6]]).toEqual([NaN, NaN, NaN]);
  });

  it('gives entropy .947537 nats for logits 2, 1, 0, −1', async () => {
    const logits = tf.tensor2d([[2, 1, 0, -1]]);
    const targets = tf.tensor1d([3], 'int32');
    const scores = await scoreRows(logits, targets, 0);
    tf.dispose([logits, targets]);
    expect(scores.entropy[0]).toBeCloseTo(0.947537, 6);
    expect(Math.exp(scores.logProb[0] as number)).toBeCloseTo(0.032059, 6);
    expect(scores.topId).toHaveLength(0);
  });
});

describe('learning rate', () => {
  const schedule = { peak: 1, warmupSteps: 4, steps: 24 };

  it('warms up in a line, peaks after it, and ends at a tenth', () => {
    expect([1, 2, 4, 5].map((step) => learningRateAt(step, schedule))).toEqual([0.2, 0.4, 0.8, 1]);
    expect(learningRateAt(15, schedule)).toBeCloseTo(0.55, 12); // halfway down the cosine
    expect(learningRateAt(25, schedule)).toBe(0.1);
    expect(learningRateAt(1000, schedule)).toBe(0.1);
    const rates = Array.from({ length: 20 }, (_, i) => learningRateAt(5 + i, schedule));
    expect(rates).toEqual([...rates].sort((a, b) => b - a));
  });

  it('is finite without warm-up, and when the warm-up is longer than the run', () => {
    expect(learningRateAt(1, { peak: 2, warmupSteps: 0, steps: 1 })).toBe(2);
    expect(learningRateAt(3, { peak: 2, warmupSteps: 9, steps: 3 })).toBeCloseTo(0.6, 12);
  });
});

describe('clipping and AdamW', () => {
  it('measures all gradients together', () =>
    tf.tidy(() => {
      expect(globalNorm([tf.tensor1d([3]), tf.tensor2d([[0, 4]])]).dataSync()[0]).toBe(5);
      expect(globalNorm([]).dataSync()[0]).toBe(0);
      expect(clippingFactor(5, 1)).toBeCloseTo(0.2, 6);
      expect(clippingFactor(0.5, 1)).toBe(1);
    }));

  it('decays only what decays, and does nothing when a gradient is not finite', async () => {
    const variables = ['matrix', 'vector'].map((name) => ({
      name,
      variable: tf.tidy(() => tf.variable(tf.tensor1d([1]))),
      decays: name === 'matrix',
    }));
    const optimizer = new AdamW(variables, { weightDecay: 0.5 });
    const zeros = [tf.tensor1d([0]), tf.tensor1d([0])];
    expect(await optimizer.step(zeros, 0.1)).toBe(0);
    expect(variables.map(({ variable }) => variable.dataSync()[0])).toEqual([Math.fround(0.95), 1]);
    const broken = [tf.tensor1d([NaN]), tf.tensor1d([1])];
    expect(await optimizer.step(broken, 0.1)).toBeNaN();
    expect((await optimizer.state()).step).toBe(1);
    expect(variables.map(({ variable }) => variable.dataSync()[0])).toEqual([Math.fround(0.95), 1]);
    await expect(optimizer.step([], 0.1)).rejects.toThrow(/expected 2 gradients, got 0/);
    optimizer.dispose();
    variables.forEach(({ variable }) => variable.dispose());
    tf.dispose([zeros, broken]);
  });
});
