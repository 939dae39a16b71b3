// Our Transformer against PyTorch's, both ways: a folder that transformers wrote, and a folder that transformers read.
// Values and the command that makes them: make.py. Tolerance 1e-4 in nats; the real differences are printed.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Model, TextBatch } from '../../../src/families/family';
import { transformer } from '../../../src/families/transformer/family';
import { loadModelFolder } from '../../../src/engine/models/modelFolder';
import { readSafetensors } from '../../../src/formats/safetensors';
import { AdamW } from '../../../src/nn/adamw';
import { lossAndGradients } from '../../../src/nn/gradients';
import { DEVICES, useDevice } from '../../contract/familyDevices';

const path = (name: string) => fileURLToPath(new URL(`../values/transformer/${name}`, import.meta.url));
const json = <T>(name: string) => JSON.parse(readFileSync(path(name), 'utf8')) as T;

interface Sampled {
  readonly norm: number;
  readonly first: readonly number[];
}
interface Theirs {
  readonly inputs: number[][];
  readonly targets: number[][];
  readonly logits: number[];
  readonly logProb: number[];
  readonly attention: number[];
  readonly gradients: Record<string, Sampled>;
  readonly adamw: {
    readonly learningRate: number;
    readonly beta1: number;
    readonly beta2: number;
    readonly epsilon: number;
    readonly weightDecay: number;
    readonly clipNorm: number;
    readonly steps: ReadonlyArray<{ readonly loss: number; readonly norm: number }>;
    readonly weights: Record<string, Sampled>;
  };
}

const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs((a[i] as number) - (b[i] as number)));
  return worst;
};

/** Norm and first entries without the bias of the keys: make.py says why. */
async function sampled(name: string, tensor: tf.Tensor): Promise<{ norm: number; first: number[] }> {
  let values = [...(await tensor.data())];
  const third = values.length / 3;
  if (name.endsWith('c_attn.bias')) values = [...values.slice(0, third), ...values.slice(2 * third)];
  return { norm: Math.hypot(...values), first: values.slice(0, 6) };
}

async function theirModel(): Promise<Model> {
  const read = transformer.files.fromConfig(json('theirs/config.json'));
  if (!read) throw new Error('expected a GPT-2 config');
  expect(read.config).toEqual({
    layers: 2,
    heads: 3,
    width: 21,
    contextLength: 17,
    dropout: 0,
    layerNormEpsilon: 3e-4,
  });
  expect(read.facts).toEqual({ vocabulary: 35, bos: 34 });
  const { tensors } = await readSafetensors(path('theirs/model.safetensors'));
  const byName = new Map(
    [...tensors].map(([name, tensor]) => [transformer.files.canonicalName?.(name, read.config), tensor]),
  );
  const model = transformer.build(read.config, read.facts, (name, shape) => {
    const tensor = byName.get(name);
    expect(tensor?.shape, name).toEqual(shape);
    byName.delete(name);
    return tensor?.data as Float32Array;
  });
  expect([...byName.keys()]).toEqual([]);
  return model;
}

function batchOf(theirs: Theirs): TextBatch {
  return {
    inputs: tf.tensor2d(theirs.inputs, undefined, 'int32'),
    targets: tf.tensor2d(theirs.targets, undefined, 'int32'),
  };
}

/** Starts the device before each test and finds no tensor left after it. */
function onDevice(device: string): void {
  let before = 0;
  beforeEach(async () => {
    await useDevice(device);
    before = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(before));
}

describe.each(DEVICES)('a folder that transformers wrote, on %s', (device) => {
  onDevice(device);
  const theirs = json<Theirs>('theirs.json');

  it('gives its logits, log-probs and attention', async () => {
    const model = await theirModel();
    const batch = batchOf(theirs);
    const all = model.logits?.(batch.inputs) as tf.Tensor3D;
    const logits = apart((await all.data()).subarray(17 * 35), theirs.logits);
    const logProb = apart((await model.logProb?.(batch)) as Float32Array, theirs.logProb);
    const [trace] = (await model.trace?.(batch.inputs, ['attention'])) ?? [];
    const attention = apart(trace?.values ?? [], theirs.attention);
    console.log(
      `${device}: largest difference from PyTorch (double): logits ${logits}, log-prob ${logProb}, attention ${attention}`,
    );
    expect(Math.max(logits, logProb)).toBeLessThan(1e-5);
    expect(attention).toBeLessThan(1e-6);
    tf.dispose([batch.inputs, batch.targets, all]);
    model.dispose();
  });

  it('gives its gradients, and three of its AdamW steps', async () => {
    const model = await theirModel();
    const batch = batchOf(theirs);
    const { learningRate, steps, weights, ...options } = theirs.adamw;
    const optimizer = new AdamW(model.variables, options);
    const variables = model.variables.map(({ variable }) => variable);
    expect(Object.keys(theirs.gradients).sort()).toEqual(model.variables.map(({ name }) => name).sort());
    let worst = 0;
    for (const [index, expected] of steps.entries()) {
      const { loss, gradients } = lossAndGradients(() => model.loss(batch), variables);
      if (index === 0) {
        for (const [at, { name }] of model.variables.entries()) {
          const found = await sampled(name, gradients[at] as tf.Tensor);
          const wanted = theirs.gradients[name] as Sampled;
          expect(found.norm / wanted.norm, name).toBeCloseTo(1, 5);
          expect(apart(found.first, wanted.first), name).toBeLessThan(1e-6);
        }
      }
      const norm = await optimizer.step(gradients, learningRate);
      expect(norm / expected.norm).toBeCloseTo(1, 5);
      expect(Math.abs(((await loss.data())[0] as number) - expected.loss)).toBeLessThan(1e-5);
      tf.dispose([loss, gradients]);
    }
    for (const { name, variable } of model.variables) {
      const found = await sampled(name, variable);
      const wanted = weights[name] as Sampled;
      expect(found.norm / wanted.norm, name).toBeCloseTo(1, 5);
      worst = Math.max(worst, apart(found.first, wanted.first));
    }
    console.log(
      `${device}: largest difference of a weight from torch.optim.AdamW after three steps: ${worst}`,
    );
    expect(worst).toBeLessThan(1e-5);
    optimizer.dispose();
    tf.dispose([batch.inputs, batch.targets]);
    model.dispose();
  });
});

describe.each(DEVICES)('a folder written here, on %s', (device) => {
  onDevice(device);
  it('has the tokens and log-probs that transformers finds in it', async () => {
    const golden = json<{ text: string; ids: number[]; logProb: number[]; class: string }>('ours.json');
    expect(golden.class).toBe('GPT2LMHeadModel');
    const { model, tokenizer } = await loadModelFolder(path('ours'));
    const ids = [tokenizer.bos as number, ...tokenizer.encode(golden.text).ids].slice(0, golden.ids.length);
    expect(ids).toEqual(golden.ids);
    const batch = {
      inputs: tf.tensor2d([ids.slice(0, -1)], undefined, 'int32'),
      targets: tf.tensor2d([ids.slice(1)], undefined, 'int32'),
    };
    const difference = apart((await model.logProb?.(batch)) as Float32Array, golden.logProb);
    console.log(
      `${device}: largest difference of a log-prob from transformers: ${difference} nats over ${ids.length - 1} tokens`,
    );
    expect(difference).toBeLessThan(1e-5);
    tf.dispose([batch.inputs, batch.targets]);
    model.dispose();
  });
});
