// The pixel families against PyTorch implementations written for the purpose: logits, loss, gates and every gradient.
// Values and the command that makes them: make.py. Tolerance 1e-5 of the largest value.
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conditionFeatures, type ImageFacts } from '../../../src/families/imageFamily';
import { IMAGE_FAMILIES } from '../../../src/families/registry';
import { lossAndGradients } from '../../../src/nn/gradients';
import { DEVICES, useDevice } from '../../contract/familyDevices';

interface Activations {
  readonly tanh: number[];
  readonly sigma: number[];
  readonly product: number[];
}
interface Case {
  /** Layer by layer, stack by stack; empty where nothing is gated. */
  readonly gates: ReadonlyArray<Readonly<Record<string, Activations>>>;
  readonly family: string;
  readonly config: Record<string, unknown>;
  readonly facts: ImageFacts;
  readonly labels: number[] | null;
  readonly pixels: number[];
  /** [2, H, W, features], of a model with a condition. */
  readonly condition?: number[];
  readonly logits: number[];
  readonly loss: number;
  readonly tensors: Record<string, { shape: number[]; values: number[]; gradient: number[] }>;
}
const { cases } = JSON.parse(readFileSync(new URL('../values/pixels.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

function apart(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  let [worst, scale] = [0, 1e-3];
  for (let i = 0; i < found.length; i++) {
    worst = Math.max(worst, Math.abs((found[i] as number) - (expected[i] as number)));
    scale = Math.max(scale, Math.abs(expected[i] as number));
  }
  return worst / scale;
}

describe.each(DEVICES)('on %s', (device) => {
  let before = 0;
  beforeEach(async () => {
    await useDevice(device);
    before = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors, 'tensors left behind').toBe(before));

  it.each(
    cases.map(
      (each) => [each.family, each.facts.channels, each.facts.condition?.kind ?? 'no', each] as const,
    ),
  )('%s with %i channels and %s condition computes what PyTorch computes', async (id, _, __, golden) => {
    const family = IMAGE_FAMILIES.find((each) => each.id === id);
    const { facts, tensors } = golden;
    const asked = new Set<string>();
    const model = family?.build(golden.config, facts, (name, shape) => {
      asked.add(name);
      expect(tensors[name]?.shape, name).toEqual(shape);
      return Float32Array.from(tensors[name]?.values ?? []);
    });
    if (!model) throw new Error(`no family ${id}`);
    expect([...asked].sort()).toEqual(Object.keys(tensors).sort());
    const pixels = tf.tensor4d(golden.pixels, [2, facts.height, facts.width, facts.channels], 'int32');
    const labels = golden.labels && tf.tensor1d(golden.labels, 'int32');
    const seen = [2, facts.height, facts.width, conditionFeatures(facts)] as const;
    const condition = golden.condition && tf.tensor4d(golden.condition, [...seen], 'float32');
    const batch = { pixels, ...(labels ? { labels } : {}), ...(condition ? { condition } : {}) };
    const logits = model.logits(batch);
    expect(apart(await logits.data(), golden.logits)).toBeLessThan(1e-5);
    for (const [layer, stacks] of golden.gates.entries()) {
      const traces = (await model.gates?.trace(batch, layer)) ?? [];
      expect(traces.map(({ stack }) => stack)).toEqual(Object.keys(stacks));
      for (const { stack, filter, gate } of traces) {
        const { tanh, sigma, product } = stacks[stack] as Activations;
        expect(apart(filter, tanh), `tanh of layer ${layer}`).toBeLessThan(1e-5);
        expect(apart(gate, sigma), `σ of layer ${layer}`).toBeLessThan(1e-5);
        expect(
          apart(
            filter.map((each, at) => each * (gate[at] ?? NaN)),
            product,
          ),
        ).toBeLessThan(1e-5);
      }
    }
    const variables = model.variables.map(({ variable }) => variable);
    const { loss, gradients } = lossAndGradients(() => model.loss(batch), variables);
    expect((await loss.data())[0]).toBeCloseTo(golden.loss, 5);
    for (const [index, { name }] of model.variables.entries()) {
      const found = await (gradients[index] as tf.Tensor).data();
      expect(apart(found, tensors[name]?.gradient ?? []), name).toBeLessThan(1e-5);
    }
    tf.dispose([batch, logits, loss, ...gradients]);
    model.dispose();
  });
});
