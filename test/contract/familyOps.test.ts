// Every fused op of nn against the plain composition beside it: values and gradients, at odd shapes, on the simd device,
// and the plain composition on the reference device as a third witness.
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gated, gatedPlain } from '../../src/nn/activation';
import { AdamW, adamWPlain } from '../../src/nn/adamw';
import { attentionProbabilities, causalAttention, causalAttentionPlain } from '../../src/nn/causalAttention';
import { crossEntropy, crossEntropyPlain } from '../../src/nn/crossEntropy';
import {
  createKeyValueCache,
  decodeAttention,
  decodeAttentionPlain,
  disposeKeyValueCache,
  fillKeyValueCache,
} from '../../src/nn/decodeAttention';
import { dropout, dropoutPlain } from '../../src/nn/dropout';
import { embedding, embeddingPlain } from '../../src/nn/embedding';
import { isFused } from '../../src/nn/fused';
import { globalNorm, globalNormPlain } from '../../src/nn/globalNorm';
import { layerNorm, layerNormPlain } from '../../src/nn/layerNorm';
import { linear, linearPlain } from '../../src/nn/linear';
import { rmsNorm, rmsNormPlain } from '../../src/nn/rmsNorm';
import { rope, ropePlain } from '../../src/nn/rope';
import { scoreRows, scoreRowsPlain } from '../../src/nn/scoreRows';
import { FusedKernel } from '../../src/kernels/fusedKernels';
import { useDevice } from './familyDevices';
import { as1, as2, expectEqual, noise, type Shape } from './fusedEqualsPlain';

beforeEach(() => useDevice('simd'));

describe('the simd device', () => {
  it('has every fused kernel, the reference device none', async () => {
    for (const name of Object.values(FusedKernel)) expect(isFused(name), name).toBe(true);
    await useDevice('cpu');
    for (const name of Object.values(FusedKernel)) expect(isFused(name), name).toBe(false);
  });
});

describe('fused equals plain', () => {
  it.each([
    [1, 1, 1],
    [3, 5, 7],
    [17, 33, 65],
  ])('linear %i×%i×%i', async (M, K, N) => {
    for (const activation of ['none', 'geluNew'] as const) {
      for (const transposeW of [false, true]) {
        const w: Shape = transposeW ? [N, K] : [K, N];
        const options = { activation, transposeW };
        await expectEqual(
          (x, weight, b) => linear(as2(x), as2(weight), as1(b), options),
          (x, weight, b) => linearPlain(as2(x), as2(weight), as1(b), options),
          [[M, K], w, [N]],
        );
        await expectEqual(
          (x, weight) => linear(as2(x), as2(weight), null, options),
          (x, weight) => linearPlain(as2(x), as2(weight), null, options),
          [[M, K], w],
        );
      }
    }
  });

  it.each([
    [1, 2],
    [5, 21],
    [7, 130],
  ])('layerNorm %i×%i', (M, C) =>
    expectEqual(
      (x, gain, bias) => layerNorm(as2(x), as1(gain), as1(bias), 1e-5),
      (x, gain, bias) => layerNormPlain(as2(x), as1(gain), as1(bias), 1e-5),
      [[M, C], [C], [C]],
      1e-4, // [1, 2]: two values differ by their own noise only, divided by it
    ),
  );

  it.each([
    [1, 1, 1, 1],
    [2, 5, 3, 7],
    [1, 33, 2, 9],
  ])('causalAttention B %i, T %i, H %i, D %i', async (B, T, H, D) => {
    for (const rate of [0, 0.3]) {
      const options = { batch: B, heads: H, dropout: { rate, seed: 4, stream: 6 } };
      await expectEqual(
        (qkv) => causalAttention(as2(qkv), options),
        (qkv) => causalAttentionPlain(as2(qkv), options),
        [[B * T, 3 * H * D]],
      );
    }
  });

  it.each([
    [1, 1, 2, 1, 2, 1],
    [2, 7, 4, 2, 5, 3],
    [1, 33, 6, 1, 4, 9],
    [2, 70, 3, 3, 17, 20],
  ])('causalAttention B %i, T %i, %i heads share %i, D %i, window %i', async (B, T, H, G, D, window) => {
    for (const rate of [0, 0.3]) {
      const options = {
        ...{ batch: B, heads: H, keyHeads: G, window, scale: 0.4 },
        dropout: { rate, seed: 4, stream: 6 },
      };
      await expectEqual(
        (qkv) => causalAttention(as2(qkv), options),
        (qkv) => causalAttentionPlain(as2(qkv), options),
        [[B * T, (H + 2 * G) * D]],
      );
    }
  });

  it.each([
    [1, 2],
    [5, 21],
    [7, 130],
  ])('rmsNorm %i×%i', (M, C) =>
    expectEqual(
      (x, gain) => rmsNorm(as2(x), as1(gain), 1e-5),
      (x, gain) => rmsNormPlain(as2(x), as1(gain), 1e-5),
      [[M, C], [C]],
    ),
  );

  it.each([
    [1, 1, 1, 1, 2, 2],
    [2, 5, 3, 2, 10, 6],
    [3, 7, 4, 4, 66, 66],
  ])('rope B %i, T %i, %i heads of which %i turn, D %i, R %i', async (B, T, heads, turned, D, R) => {
    const start = 3;
    const tables = () => {
      const angles = noise([T + start, R / 2], 7);
      const table = (of: (angle: number) => number) => tf.tensor2d(angles.map(of), [T + start, R / 2]);
      return { cos: table(Math.cos), sin: table(Math.sin) };
    };
    const options = { batch: B, heads, turned, start };
    await expectEqual(
      (x) => tf.tidy(() => rope(as2(x), tables(), options)),
      (x) => tf.tidy(() => ropePlain(as2(x), tables(), options)),
      [[B * T, heads * D]],
    );
  });

  it.each([
    [1, 1],
    [5, 23],
    [40, 1000],
  ])('gated %i×%i', (M, N) =>
    expectEqual(
      (gate, up) => gated(as2(gate), as2(up)),
      (gate, up) => gatedPlain(as2(gate), as2(up)),
      [
        [M, N],
        [M, N],
      ],
    ),
  );

  it('crossEntropy', () => {
    const targets = (M: number) =>
      tf.tensor1d(
        Int32Array.from({ length: M }, (_, m) => (3 * m) % 11),
        'int32',
      );
    return expectEqual(
      (logits) => crossEntropy(as2(logits), targets(6)),
      (logits) => crossEntropyPlain(as2(logits), targets(6)),
      [[6, 11]],
    );
  });

  it('embedding', () => {
    const ids = () =>
      tf.tensor2d(
        [
          [1, 0, 1],
          [4, 1, 2],
        ],
        undefined,
        'int32',
      );
    return expectEqual(
      (wte, wpe) => embedding(as2(wte), as2(wpe), ids(), 2),
      (wte, wpe) => embeddingPlain(as2(wte), as2(wpe), ids(), 2),
      [
        [5, 6],
        [7, 6],
      ],
    );
  });

  it('dropout, bit for bit', async () => {
    const choice = { rate: 0.35, seed: 77, stream: 9 };
    await expectEqual(
      (x) => dropout(x, choice),
      (x) => dropoutPlain(x, choice),
      [[3, 41]],
      1e-9,
    );
  });
});

describe('what has no gradient', () => {
  let before = 0;
  beforeEach(() => (before = tf.memory().numTensors));
  afterEach(() => expect(tf.memory().numTensors, 'tensors left behind').toBe(before));

  it('attention probabilities are exactly 0 above the diagonal', () =>
    tf.tidy(() => {
      const qkv = tf.tensor2d(noise([10, 18], 5), [10, 18]);
      const values = attentionProbabilities(qkv, { batch: 2, heads: 3 }).dataSync();
      values.forEach((p, at) => at % 5 > Math.floor(at / 5) % 5 && expect(p).toBe(0));
    }));

  it('decodeAttention writes its row and equals the plain one', () => {
    const caches = [createKeyValueCache(2, 5, 6), createKeyValueCache(2, 5, 6)] as const;
    for (let position = 0; position < 5; position++) {
      tf.tidy(() => {
        const qkv = tf.tensor2d(noise([2, 18], position + 1), [2, 18]);
        const found = decodeAttention(qkv, caches[0], { heads: 3, position }).dataSync();
        const expected = decodeAttentionPlain(qkv, caches[1], { heads: 3, position }).dataSync();
        found.forEach((value, at) => expect(value).toBeCloseTo(expected[at] as number, 5));
      });
    }
    expect(caches[0].keys.dataSync()).toEqual(caches[1].keys.dataSync());
    expect(caches[0].values.dataSync()).toEqual(caches[1].values.dataSync());
    caches.forEach(disposeKeyValueCache);
  });

  it('decodeAttention in a ring equals attention in a window, with shared keys', () => {
    const [B, T, H, G, D, window] = [2, 11, 4, 2, 5, 4];
    const columns = (H + 2 * G) * D;
    const heads = { heads: H, keyHeads: G, scale: 0.3 };
    for (const decode of [decodeAttention, decodeAttentionPlain]) {
      const all = noise([B, T, columns], 8);
      const row = (position: number): tf.Tensor2D =>
        tf.reshape(tf.slice(tf.tensor3d(all, [B, T, columns]), [0, position, 0], [B, 1, columns]), [
          B,
          columns,
        ]);
      const whole = tf.tidy(() => {
        const qkv = tf.tensor2d(all, [B * T, columns]);
        return causalAttentionPlain(qkv, { batch: B, window, ...heads }).dataSync();
      });
      for (const filled of [0, 3, 4, 5, 9]) {
        const cache = createKeyValueCache(B, window, G * D);
        tf.tidy(() => {
          if (filled > 0) {
            const rows = tf.slice(tf.tensor3d(all, [B, T, columns]), [0, 0, 0], [B, filled, columns]);
            fillKeyValueCache(cache, tf.reshape<tf.Rank.R2>(rows, [B * filled, columns]), B);
          }
          for (let position = filled; position < T; position++) {
            const found = decode(row(position), cache, { ...heads, position }).dataSync();
            found.forEach((value, at) => {
              const [b, c] = [Math.floor(at / (H * D)), at % (H * D)];
              expect(value).toBeCloseTo(whole[(b * T + position) * H * D + c] as number, 5);
            });
          }
        });
        disposeKeyValueCache(cache);
      }
    }
  });

  it('globalNorm', () =>
    tf.tidy(() => {
      const tensors = [[7], [3, 5], [2, 2, 9]].map((shape, index) => tf.tensor(noise(shape, index), shape));
      expect(globalNorm(tensors).dataSync()[0]).toBeCloseTo(
        globalNormPlain(tensors).dataSync()[0] as number,
        5,
      );
    }));

  it('scoreRows, with ties, −∞ and NaN', async () => {
    const values = noise([5, 9], 3);
    values.set([1, 2, 2, -Infinity, 0, 1, 2, -1, 0], 9);
    values[4 * 9] = NaN;
    const targets = Int32Array.of(3, 2, 0, 8, 1);
    const [logits, ids] = [tf.tensor2d(values, [5, 9]), tf.tensor1d(targets, 'int32')];
    for (const top of [0, 4, 9]) {
      const found = await scoreRows(logits, ids, top);
      const expected = scoreRowsPlain(values, targets, 9, top);
      expect(found.rank).toEqual(expected.rank);
      expect(found.topId).toEqual(expected.topId);
      for (const key of ['logProb', 'entropy', 'topLogProb'] as const) {
        expect(found[key].length).toBe(expected[key].length);
        found[key].forEach((value, at) => {
          const wanted = expected[key][at] as number;
          if (Number.isFinite(wanted)) expect(value).toBeCloseTo(wanted, 5);
          else expect(value).toBe(wanted);
        });
      }
    }
    tf.dispose([logits, ids]);
  });

  it('AdamW, five steps with clipping and decay', async () => {
    const shapes: Shape[] = [[3, 4], [5], [70, 130]];
    const make = () =>
      shapes.map((shape, index) => tf.tidy(() => tf.variable(tf.tensor(noise(shape, index), [...shape]))));
    const [fused, plain] = [make(), make()];
    const zeros = () => shapes.map((shape) => tf.tidy(() => tf.variable(tf.zeros([...shape]))));
    const [first, second] = [zeros(), zeros()];
    const optimizer = new AdamW(
      fused.map((variable, index) => ({ name: `v${index}`, variable, decays: index !== 1 })),
      { weightDecay: 0.1, clipNorm: 1, beta2: 0.95 },
    );
    for (let step = 1; step <= 5; step++) {
      const gradients = shapes.map((shape, index) => tf.tensor(noise(shape, 10 * step + index), [...shape]));
      const norm = await optimizer.step(gradients, 0.01);
      adamWPlain(plain, gradients, first, second, {
        learningRate: 0.01,
        beta1: 0.9,
        beta2: 0.95,
        epsilon: 1e-8,
        step,
        decay: [0.1, 0, 0.1],
        gradientScale: Math.min(1, 1 / (norm + 1e-6)),
      });
      tf.dispose(gradients);
    }
    for (const [index, variable] of fused.entries()) {
      const expected = plain[index]?.dataSync() as Float32Array;
      variable
        .dataSync()
        .forEach((value, at) => expect(Math.abs(value - (expected[at] as number))).toBeLessThan(1e-6));
    }
    optimizer.dispose();
    for (const variable of [...fused, ...plain, ...first, ...second]) variable.dispose();
  });
});
