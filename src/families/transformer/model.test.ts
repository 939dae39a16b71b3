// The Transformer on the reference device: learns, is reproducible, continues from saved moments, leaks nothing.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdamW } from '../../nn/adamw';
import { lossAndGradients } from '../../nn/gradients';
import type { TextBatch } from '../family';
import { transformer } from './family';
import type { TransformerConfig } from './schema';

const config: TransformerConfig = { layers: 2, heads: 2, width: 10, contextLength: 8, dropout: 0 };
const facts = { vocabulary: 7, bos: 0 };

let before = 0;
beforeEach(async () => {
  await tf.setBackend('cpu');
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(before));

/** A text that repeats 1 2 3 4 5 6: fully predictable. */
function repeatingBatch(): TextBatch {
  const ids = Int32Array.from({ length: 27 }, (_, i) => 1 + (i % 6));
  const rows = [0, 1, 2].map((row) => ids.subarray(row * 9, row * 9 + 9));
  const join = (from: number) => rows.flatMap((row) => [...row.subarray(from, from + 8)]);
  return { inputs: tf.tensor2d(join(0), [3, 8], 'int32'), targets: tf.tensor2d(join(1), [3, 8], 'int32') };
}

async function train(seed: number, steps: number, dropout = 0): Promise<number[]> {
  const model = transformer.build({ ...config, dropout }, facts, seed);
  const optimizer = new AdamW(model.variables, { clipNorm: 1 });
  const batch = repeatingBatch();
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const { loss, gradients } = lossAndGradients(
      () => model.loss(batch, { training: { seed, step } }),
      model.variables.map(({ variable }) => variable),
    );
    losses.push((await loss.data())[0] as number);
    await optimizer.step(gradients, 0.01);
    tf.dispose([loss, gradients]);
  }
  optimizer.dispose();
  model.dispose();
  tf.dispose([batch.inputs, batch.targets]);
  return losses;
}

describe('Transformer', () => {
  it('learns a repeating text, the same way for the same seed', async () => {
    const losses = await train(1, 40);
    expect(losses[0]).toBeCloseTo(Math.log(7), 1);
    expect(losses[39]).toBeLessThan(0.2);
    expect(await train(1, 3)).toEqual(losses.slice(0, 3));
    expect(await train(2, 1)).not.toEqual(losses.slice(0, 1));
  });

  it('drops values while training only, differently at each step', async () => {
    const plain = await train(1, 2);
    const dropped = await train(1, 2, 0.3);
    expect(dropped[0]).not.toEqual(plain[0]);
    expect(await train(1, 2, 0.3)).toEqual(dropped);
  });

  it('continues exactly from saved moments', async () => {
    const model = transformer.build(config, facts, 5);
    const batch = repeatingBatch();
    const variables = model.variables.map(({ variable }) => variable);
    const stepOnce = async (optimizer: AdamW) => {
      const { loss, gradients } = lossAndGradients(() => model.loss(batch), variables);
      await optimizer.step(gradients, 0.01);
      tf.dispose([loss, gradients]);
    };
    const first = new AdamW(model.variables, {});
    await stepOnce(first);
    const state = await first.state();
    const second = new AdamW(model.variables, {});
    const kept = variables.map((variable) => variable.clone());
    await stepOnce(first);
    const expected = await Promise.all(variables.map((variable) => variable.data()));
    variables.forEach((variable, index) => variable.assign(kept[index] as tf.Tensor));
    second.restore(state);
    await stepOnce(second);
    expect(await Promise.all(variables.map((variable) => variable.data()))).toEqual(expected);
    expect(() => second.restore({ step: 1, buffers: state.buffers.slice(1) })).toThrow(/wte.*got none/);
    tf.dispose(kept);
    first.dispose();
    second.dispose();
    model.dispose();
    tf.dispose([batch.inputs, batch.targets]);
  });
});
