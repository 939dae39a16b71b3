// The fused kernels on every device: equal to their plain composition on cpu, bit for bit the same on every run and
// every number of threads, a row the same alone and in a batch, and no tensor or byte left behind.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { disposeSimd, simdMemory, type SimdOptions } from '../../src/kernels/simdDevice';
import { AdamW } from '../../src/nn/adamw';
import { causalAttention } from '../../src/nn/causalAttention';
import { crossEntropy } from '../../src/nn/crossEntropy';
import { createKeyValueCache, decodeAttention, disposeKeyValueCache } from '../../src/nn/decodeAttention';
import { dropout } from '../../src/nn/dropout';
import { embedding } from '../../src/nn/embedding';
import { lossAndGradients } from '../../src/nn/gradients';
import { layerNorm } from '../../src/nn/layerNorm';
import { linear } from '../../src/nn/linear';
import { scoreRows, scoreRowsPlain } from '../../src/nn/scoreRows';
import { devices, expectClose, startSimd, valuesOf, type Values } from './deviceCasesDevices';
import { Draw } from './deviceCasesDraw';
import { fusedCases } from './deviceCasesFused';

const SEEDS = Number(process.env['DEVICE_SEEDS'] ?? 8);
const expected = new Map<string, Values[]>();
const curve = { steps: 20, expected: [] as number[] };

async function valuesFor(index: number, seed: number): Promise<Values[]> {
  const made = tf.tidy(() => [fusedCases[index]?.run(new Draw(1000 * seed + index)) ?? []].flat());
  const values = await Promise.all(made.map(valuesOf));
  tf.dispose(made);
  return values;
}

/** A two-layer model small enough for cpu, trained with everything a GPT is trained with. */
async function trainTiny(steps: number): Promise<{ losses: number[]; weights: number[] }> {
  const draw = new Draw(5);
  const { batch, time, width, heads, vocabulary } = {
    batch: 3,
    time: 9,
    width: 20,
    heads: 2,
    vocabulary: 13,
  };
  const make = (...shape: number[]) => tf.tidy(() => tf.variable(draw.tensor(shape, 'float32', -0.3, 0.3)));
  const [wte, wpe, gain, bias] = [make(vocabulary, width), make(time, width), make(width), make(width)];
  const layers = [0, 1].map(
    () => [make(width, 3 * width), make(3 * width), make(width, width), make(width)] as const,
  );
  const variables = [wte, wpe, gain, bias, ...layers.flat()];
  const ids = draw.ids([batch, time], vocabulary) as Tensor2D;
  const targets = draw.ids([batch * time], vocabulary) as Tensor1D;
  const as2 = (v: Variable) => v as unknown as Tensor2D;
  const as1 = (v: Variable) => v as unknown as Tensor1D;
  const optimizer = new AdamW(
    variables.map((variable, i) => ({ name: `v${i}`, variable, decays: variable.rank > 1 })),
    { clipNorm: 1 },
  );
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const { loss, gradients } = lossAndGradients(() => {
      let x = tf.reshape<tf.Rank.R2>(embedding(as2(wte), as2(wpe), ids), [batch * time, width]);
      for (const [stream, [w, b, wo, bo]] of layers.entries()) {
        const choice = { rate: 0.1, seed: step, stream };
        const h = layerNorm(x, as1(gain), as1(bias), 1e-5);
        const y = causalAttention(linear(h, as2(w), as1(b)), { batch, heads, dropout: choice });
        x = tf.add(x, dropout(linear(y, as2(wo), as1(bo), { activation: 'geluNew' }), choice));
      }
      return tf.mean(crossEntropy(linear(x, as2(wte), null, { transposeW: true }), targets));
    }, variables);
    losses.push((await loss.data())[0] ?? NaN);
    await optimizer.step(gradients, 3e-2);
    tf.dispose([loss, gradients]);
  }
  const weights = (await Promise.all(variables.map((v) => v.data()))).flatMap((values) => Array.from(values));
  optimizer.dispose();
  tf.dispose([variables, ids, targets]);
  return { losses, weights };
}

beforeAll(async () => {
  await tf.setBackend('cpu');
  for (const index of fusedCases.keys()) {
    for (let seed = 0; seed < SEEDS; seed++) {
      expected.set(`${index} ${seed}`, await valuesFor(index, seed));
    }
  }
  curve.expected = (await trainTiny(curve.steps)).losses;
});
afterAll(disposeSimd);

describe.each(devices)('$name', (device) => {
  let missing: string | undefined;
  const seeds = Math.min(SEEDS, device.seeds ?? SEEDS);
  beforeAll(async () => {
    missing = await device.start();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await device.start();
  });

  it.for(fusedCases.map((fused, index) => ({ ...fused, index })))(
    '$name',
    async ({ index, name, tolerance }, context) => {
      const left = missing ?? device.without?.[name];
      if (left !== undefined) context.skip(left);
      const before = { tensors: tf.memory().numTensors, bytes: simdMemory().tensorBytes };
      for (let seed = 0; seed < seeds; seed++) {
        const got = await valuesFor(index, seed);
        const wanted = expected.get(`${index} ${seed}`) ?? [];
        wanted.forEach((values, i) => {
          const one = got[i];
          if (one) expectClose(one, values, tolerance, `${name}, seed ${seed}, output ${i}`);
        });
      }
      expect({ tensors: tf.memory().numTensors, bytes: simdMemory().tensorBytes }).toEqual(before);
    },
  );

  it('trains along the curve of cpu, and twice to the same weights', async (context) => {
    if (missing !== undefined) context.skip(missing);
    const before = { tensors: tf.memory().numTensors, bytes: simdMemory().tensorBytes };
    const first = await trainTiny(curve.steps);
    curve.expected.forEach((loss, step) => {
      expect(Math.abs((first.losses[step] ?? NaN) - loss), `step ${step}`).toBeLessThan(2e-4);
    });
    const second = await trainTiny(curve.steps);
    // A card adds up an embedding's gradient in the order in which it gets there, and AdamW takes a whole step by the
    // sign of a gradient near 0: single weights part by a few of the rate's hundredths, all of them by next to nothing.
    const squares = first.weights.map((weight, i) => (weight - (second.weights[i] ?? NaN)) ** 2);
    const apart = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
    expect(apart).toBeLessThanOrEqual(device.again ?? 0);
    expect({ tensors: tf.memory().numTensors, bytes: simdMemory().tensorBytes }).toEqual(before);
  });

  it('gives a row the same bits alone and in a batch', async (context) => {
    if (missing !== undefined) context.skip(missing);
    const draw = new Draw(11);
    for (const [k, n] of [
      [128, 65],
      [300, 96],
      [33, 7],
      [512, 384],
    ] as const) {
      for (const transposeW of [false, true]) {
        const w = draw.tensor<tf.Rank.R2>(transposeW ? [n, k] : [k, n]);
        const x = draw.tensor<tf.Rank.R2>([150, k]);
        const b = draw.tensor<tf.Rank.R1>([n]);
        const all = await linear(x, w, b, { transposeW, activation: 'geluNew' }).data();
        for (const [row, count] of [
          [0, 1],
          [149, 1],
          [3, 2],
          [20, 40],
          [7, 13],
        ] as const) {
          const part = linear(tf.slice(x, [row, 0], [count, k]), w, b, { transposeW, activation: 'geluNew' });
          const pack = (data: ArrayLike<number>): Values => ({
            shape: [count, n],
            dtype: 'float32',
            data: Array.from(data),
          });
          const wanted = pack(all.subarray(row * n, (row + count) * n));
          expectClose(pack(await part.data()), wanted, device.rows ?? 0, `rows ${row} to ${row + count}`);
        }
        tf.dispose([w, x, b]);
      }
    }
  });

  it('decodes as it attends', async (context) => {
    if (missing !== undefined) context.skip(missing);
    const [batch, time, heads, width] = [2, 37, 3, 21];
    const qkv = new Draw(3).tensor<tf.Rank.R2>([batch * time, 3 * width]);
    const whole = tf.reshape(causalAttention(qkv, { batch, heads }), [batch, time, width]);
    const cache = createKeyValueCache(batch, time + 3, width);
    const rows = tf.reshape(qkv, [batch, time, 3 * width]);
    for (let position = 0; position < time; position++) {
      const row = tf.slice(rows, [0, position, 0], [batch, 1, 3 * width]);
      const step = tf.reshape<tf.Rank.R2>(row, [batch, 3 * width]);
      const y = decodeAttention(step, cache, { heads, position });
      const wanted = tf.reshape(tf.slice(whole, [0, position, 0], [batch, 1, width]), [batch, width]);
      expectClose(await valuesOf(y), await valuesOf(wanted), 1e-5, `position ${position}`);
    }
    disposeKeyValueCache(cache);
  });

  it('scores rows as the definition does, NaN, infinities and ties included', async (context) => {
    if (missing !== undefined) context.skip(missing);
    const draw = new Draw(8);
    for (const [rows, vocabulary, top] of [
      [5, 65, 5],
      [3, 1, 1],
      [40, 300, 20],
      [2, 7, 0],
      [4, 6, 6],
    ] as const) {
      const drawn = await draw.tensor([rows, vocabulary], 'float32', -9, 9).data();
      const logits = drawn.map((v) => Math.round(v * 4) / 4);
      if (vocabulary > 6) logits[vocabulary + 3] = NaN;
      if (vocabulary > 6) logits[2] = -Infinity;
      const targets = draw.ids([rows], vocabulary) as Tensor1D;
      const wanted = scoreRowsPlain(
        logits as Float32Array,
        (await targets.data()) as Int32Array,
        vocabulary,
        top,
      );
      const got = await scoreRows(tf.tensor2d(logits as Float32Array, [rows, vocabulary]), targets, top);
      for (const key of ['logProb', 'entropy', 'topLogProb'] as const) {
        const pack = (data: Float32Array): Values => ({
          shape: [data.length],
          dtype: key,
          data: Array.from(data),
        });
        expectClose(pack(got[key]), pack(wanted[key]), 2e-6, key);
      }
      expect([got.rank, got.topId]).toEqual([wanted.rank, wanted.topId]);
    }
  });

  it('keeps NaN and names an id that is out of range', async (context) => {
    const left = missing ?? device.without?.[context.task.name];
    if (left !== undefined) context.skip(left);
    const logits = tf.tensor2d([NaN, 1, 2, 3, 4, 5], [2, 3]);
    const loss = await crossEntropy(logits, tf.tensor1d([1, 2], 'int32')).data();
    expect(loss[0]).toBeNaN();
    expect(loss[1]).toBeCloseTo(0.4076, 4);
    expect(() => crossEntropy(logits, tf.tensor1d([1, 3], 'int32'))).toThrow(
      /ids from 0 to 2, got 3 at position 1/,
    );
    expect(() => tf.gather(tf.tensor1d([1, 2]), tf.tensor1d([0, -1], 'int32'))).toThrow(
      /-1 is not in \[0, 1\]/,
    );
    const w = tf.zeros<tf.Rank.R2>([2, 3]);
    expect(() => embedding(w, w, tf.tensor2d([[5]], [1, 1], 'int32'))).toThrow(/got 5 at position 0/);
  });

  it('shows that it is alive', (context) => {
    if (missing !== undefined) context.skip(missing);
    const cell = device.progress();
    const before = cell[0] ?? 0;
    tf.dispose(tf.matMul(tf.ones([200, 200]), tf.ones([200, 200])));
    expect(cell[0]).not.toBe(before);
  });
});

describe('threads', () => {
  const sets: NonNullable<SimdOptions['instructionSet']>[] = ['native', 'wasm-relaxed', 'wasm'];
  it.for(sets)('do not change a bit of %s', async (instructionSet, context) => {
    const runs: { losses: number[]; weights: number[]; product: number[] }[] = [];
    for (const threads of [1, 2, 3]) {
      const missing = await startSimd({ instructionSet, threads });
      if (missing !== undefined) return context.skip(missing);
      const draw = new Draw(4);
      const big = tf.matMul(draw.tensor([203, 517]), draw.tensor([301, 517]), false, true);
      const made = [big, tf.sum(big), tf.sum(big, 0), tf.mean(big, 1)];
      const product = (await Promise.all(made.map((t) => t.data()))).flatMap((values) => Array.from(values));
      runs.push({ ...(await trainTiny(8)), product });
    }
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
  });
});
