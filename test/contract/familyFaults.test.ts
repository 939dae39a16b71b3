// Planted faults: each check of the family contract is shown to catch what it is there for, and to pass what is right.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Decoder, Logits, Model, TapGraph, Taps } from '../../src/families/family';
import { transformer } from '../../src/families/transformer/family';
import { lossAndGradients } from '../../src/nn/gradients';
import { Rng } from '../../src/math/rng';
import {
  causalityProblem,
  decoderProblem,
  declarationProblem,
  gradientProblem,
  massError,
  randomBatch,
  roughen,
} from './familyChecks';

const V = 6;
const C = 5;
const weights: tf.Tensor2D[] = [];

beforeAll(async () => {
  await tf.setBackend('cpu');
  const rng = new Rng(12);
  const shapes: Array<[number, number]> = [
    [V, C],
    [C, C],
    [C, C],
    [C, C],
    [C, V],
  ];
  for (const [rows, columns] of shapes) {
    const values = Array.from({ length: rows * columns }, () => 0.7 * rng.normal());
    weights.push(tf.tensor2d(values, [rows, columns]));
  }
});
afterAll(() => tf.dispose(weights));

/** One attention layer whose mask is given: `sees(i, j)`. */
function attentionNetwork(
  sees: (i: number, j: number) => boolean,
  mixed = false,
): Pick<Model, 'logits' | 'vocabulary'> {
  const [embed, query, key, value, head] = weights as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  return {
    vocabulary: V,
    logits: (inputs) =>
      tf.tidy(() => {
        const [B, T] = inputs.shape;
        let x: tf.Tensor3D = tf.reshape(tf.gather(embed, tf.reshape<tf.Rank.R1>(inputs, [B * T])), [B, T, C]);
        if (mixed) x = tf.sub(x, tf.mean(x, 1, true)); // a normalisation over the sequence
        const cells = Array.from({ length: T * T }, (_, at) =>
          sees(Math.floor(at / T), at % T) ? 0 : -Infinity,
        );
        const times = (y: tf.Tensor3D, w: tf.Tensor2D): tf.Tensor3D =>
          tf.reshape(tf.matMul(tf.reshape<tf.Rank.R2>(y, [B * T, C]), w), [B, T, w.shape[1]]);
        const scores = tf.add<tf.Tensor3D>(
          tf.matMul(times(x, query), times(x, key), false, true),
          tf.tensor2d(cells, [T, T]),
        );
        const seen = tf.matMul<tf.Tensor3D>(tf.softmax(scores), times(x, value));
        return times(tf.add<tf.Tensor3D>(x, seen), head);
      }),
  };
}

const graph = (taps: Taps): TapGraph => ({
  nodes: [{ id: 'output', title: '', inputs: [{ from: 'input', taps }], parameters: 0 }],
});
const causal = graph({ kind: 'causal' });

describe('the causality check', () => {
  it('passes a causal network', async () => {
    const network = attentionNetwork((i, j) => j <= i);
    for (const length of [1, 2, 7]) expect(await causalityProblem(network, causal, length)).toBeNull();
  });

  it('catches a mask that is off by one', async () => {
    const network = attentionNetwork((i, j) => j <= i + 1);
    expect(await causalityProblem(network, causal, 7)).toBe('output 0 of 7 reads input 1, which it may not');
  });

  it('catches one entry of the mask that is open', async () => {
    const network = attentionNetwork((i, j) => j <= i || (i === 3 && j === 5));
    expect(await causalityProblem(network, causal, 7)).toBe('output 3 of 7 reads input 5, which it may not');
  });

  it('catches a normalisation over the sequence', async () => {
    const network = attentionNetwork((i, j) => j <= i, true);
    expect(await causalityProblem(network, causal, 7)).toMatch(/which it may not/);
  });

  it('catches a window that is narrower than declared, and one that is wider', async () => {
    const window3 = attentionNetwork((i, j) => j <= i && j > i - 3);
    expect(await causalityProblem(window3, graph({ kind: 'causal', window: 3 }), 7)).toBeNull();
    expect(await causalityProblem(window3, causal, 7)).toMatch(/ignores input 0/);
    const narrow = graph({ kind: 'causal', window: 2 });
    expect(await causalityProblem(window3, narrow, 7)).toMatch(/reads input 0/);
    const strict = graph({ kind: 'causal', window: 3, strict: true });
    expect(await causalityProblem(window3, strict, 7)).toMatch(/reads input 0/);
  });
});

describe('the other checks', () => {
  const real = (seed: number) => {
    const model = transformer.build(transformer.example, { vocabulary: V }, seed);
    roughen(model, seed);
    return model;
  };

  it('refuse a log-probability where the likelihood is none, and its absence where there is one', () => {
    const logProb = () => Promise.resolve(new Float32Array(1));
    expect(declarationProblem({ id: 'bad', likelihood: 'none' }, { logProb })).toMatch(
      /none, but it has logProb/,
    );
    expect(declarationProblem({ id: 'good', likelihood: 'none' }, {})).toBeNull();
    expect(declarationProblem({ id: 'bad', likelihood: 'bound' }, {})).toMatch(/no logProb/);
  });

  it('catch a decoder that forgets its positions', async () => {
    const model = real(3);
    const proper = model.decoder?.() as Decoder;
    const forgetful: Decoder = {
      room: 13,
      prefill: (elements) => proper.prefill(elements),
      step: (element): Promise<Logits> => {
        proper.reset();
        return proper.prefill([element]);
      },
      reset: () => proper.reset(),
      dispose: () => proper.dispose(),
    };
    const wrong = {
      logits: model.logits?.bind(model),
      vocabulary: V,
      decoder: () => forgetful,
    } as unknown as Model;
    expect(await decoderProblem(wrong, 5, 1e-5)).toMatch(/element [1-4]: off by/);
    model.dispose();
  });

  it('catch a gradient that is 5 % too long', async () => {
    const model = real(4);
    const batch = randomBatch(2, 6, V, 8);
    const { loss, gradients } = lossAndGradients(
      () => model.loss(batch),
      model.variables.map(({ variable }) => variable),
    );
    const now = () => tf.tidy(() => model.loss(batch).dataSync()[0] as number);
    const stretched = gradients.map((gradient) => tf.mul(gradient, 1.05));
    expect(await gradientProblem(model, stretched, now, 0.02)).toMatch(/expected a slope/);
    expect(await gradientProblem(model, gradients, now, 0.02)).toBeNull();
    tf.dispose([loss, gradients, stretched, batch.inputs, batch.targets]);
    model.dispose();
  });

  it('catch a likelihood that does not sum to one', async () => {
    const model = real(5);
    const proper = model.logProb?.bind(model);
    const bad = {
      vocabulary: V,
      logProb: async (batch: Parameters<NonNullable<Model['logProb']>>[0]) =>
        ((await proper?.(batch)) ?? new Float32Array(0)).map((value) => value + 1e-5),
    } as unknown as Model;
    expect(await massError(bad, 4)).toBeGreaterThan(5e-6);
    expect(await massError(model, 4)).toBeLessThan(1e-6);
    model.dispose();
  });
});
