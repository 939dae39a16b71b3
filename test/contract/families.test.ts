// Every family of the registry against the contract, on every device there is here. Knows no family by name.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Value } from '@sinclair/typebox/value';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Model, TextFacts } from '../../src/families/family';
import { FAMILIES } from '../../src/families/registry';
import { lossAndGradients } from '../../src/nn/gradients';
import { useDevice, DEVICES } from './familyDevices';
import {
  causalityProblem,
  decoderProblem,
  declarationProblem,
  gradientProblem,
  logSoftmaxRows,
  massError,
  randomBatch,
  roughen,
} from './familyChecks';

const FACTS: TextFacts = { vocabulary: 11, bos: 10 };
const LONGEST = 13;

const dataOf = (model: Model) =>
  Promise.all(model.variables.map(async ({ variable }) => [...(await variable.data())]));

/** Each family with each of its configurations: the example, and the variants that take its other branches. */
const SUBJECTS = FAMILIES.flatMap((family) =>
  [family.example, ...(family.variants ?? [])].map(
    (config, index) => [index === 0 ? family.id : `${family.id}, variant ${index}`, family, config] as const,
  ),
);

describe.each(SUBJECTS)('family %s', (_, family, config) => {
  it('describes itself', () => {
    expect(Value.Check(family.schema, config)).toBe(true);
    const defaults = Value.Default(family.schema, {});
    expect(Value.Check(family.schema, defaults)).toBe(true);
    expect(family.problem?.(defaults as never) ?? null).toBeNull();
    expect(family.problem?.(config as never) ?? null).toBeNull();
    for (const [key, property] of Object.entries(family.schema.properties)) {
      expect(property['description'], key).toMatch(/\.$/);
    }
    expect(family.references.length).toBeGreaterThan(0);
    expect(FAMILIES.filter(({ id }) => id === family.id)).toHaveLength(1);
    expect(family.taps(config).nodes.at(-1)?.id).toBe('output');
  });

  it('gives every variable to a node of its graph, and counts in each what it declares', () => {
    const declared = new Map(family.taps(config).nodes.map(({ id, parameters }) => [id, parameters]));
    const model = family.build(config, FACTS, 1);
    const held = new Map<string, number>();
    for (const { name, variable } of model.variables) {
      const id = family.nodeOf(name);
      expect(declared.has(id), `${name} in ${id}`).toBe(true);
      held.set(id, (held.get(id) ?? 0) + variable.size);
    }
    model.dispose();
    // What the data decides is not declared: rows of the vocabulary, or a table that is empty before its fit.
    for (const [id, parameters] of declared) expect(((held.get(id) ?? 0) - parameters) % 11, id).toBe(0);
  });

  it('reads back the config it wrote, and leaves the configs of others alone', () => {
    for (const facts of [FACTS, { vocabulary: 300 }]) {
      const written: unknown = JSON.parse(JSON.stringify(family.files.toConfig(config, facts)));
      const json = written as Record<string, unknown>;
      expect(family.files.fromConfig(json)).toEqual({ config: config, facts });
      const readers = FAMILIES.filter((other) => other.files.fromConfig(json) !== null);
      expect(readers).toEqual([family]);
    }
    expect(family.files.fromConfig({ model_type: 'another' })).toBeNull();
  });

  describe.each(DEVICES)('on %s', (device) => {
    let before = 0;
    beforeEach(async () => {
      await useDevice(device);
      before = tf.memory().numTensors;
    });
    afterEach(async () => {
      expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
      // The reference device answers without a turn of the event loop, and the runner wants to hear of each test.
      await nextTurn();
    });

    const withModel = async (work: (model: Model) => Promise<void> | void) => {
      const model = family.build(config, FACTS, 1);
      roughen(model, 2);
      try {
        await work(model);
      } finally {
        model.dispose();
      }
    };

    it('builds the same model from the same seed, another from another', async () => {
      const models = [1, 1, 2].map((seed) => family.build(config, FACTS, seed));
      const [first, second, other] = await Promise.all(models.map(dataOf));
      expect(second).toEqual(first);
      if (!models[0]?.fit) expect(other).not.toEqual(first);
      expect(new Set(models[0]?.variables.map(({ name }) => name)).size).toBe(models[0]?.variables.length);
      models.forEach((model) => model.dispose());
    });

    it('gives the same logits from its stored variables', () =>
      withModel(async (model) => {
        const stored = new Map<string, Float32Array>();
        for (const { name, variable } of model.variables) {
          stored.set(name, Float32Array.from(await variable.data()));
        }
        const copy = family.build(config, FACTS, (name, shape) => {
          const values = stored.get(name);
          if (!values) throw new Error(`no ${name} of shape ${shape.join('×')}`);
          return values;
        });
        const { inputs, targets } = randomBatch(2, 7, FACTS.vocabulary, 3);
        const [a, b] = [model.logits?.(inputs), copy.logits?.(inputs)];
        expect(await b?.data()).toEqual(await a?.data());
        const numTensors = tf.memory().numTensors;
        expect(() =>
          family.build(config, FACTS, () => {
            throw new Error('cut file');
          }),
        ).toThrow('cut file');
        expect(tf.memory().numTensors).toBe(numTensors);
        copy.dispose();
        tf.dispose([inputs, targets, a, b]);
      }));

    it('has finite logits of the right shape at every length', () =>
      withModel((model) => {
        for (const length of [1, 2, LONGEST]) {
          const { inputs, targets } = randomBatch(3, length, FACTS.vocabulary, length);
          const logits = model.logits?.(inputs);
          expect(logits?.shape).toEqual([3, length, FACTS.vocabulary]);
          expect(logits?.dataSync().every(Number.isFinite)).toBe(true);
          tf.dispose([inputs, targets, logits]);
        }
      }));

    it('reads what its taps declare and nothing else', () =>
      withModel(async (model) => {
        const graph = family.taps(config);
        for (const length of [1, 2, 6, LONGEST]) {
          expect(await causalityProblem(model, graph, length, family.causality)).toBeNull();
        }
      }));

    it('gives a row the same numbers bit for bit whatever else is in its batch', () =>
      withModel((model) => {
        const { inputs, targets } = randomBatch(5, LONGEST, FACTS.vocabulary, 14);
        const together = tf.tidy(() => model.logits?.(inputs).arraySync() ?? []);
        for (const row of [0, 3, 4]) {
          const alone = tf.tidy(() => model.logits?.(tf.slice(inputs, [row, 0], [1, LONGEST])).arraySync());
          expect(alone?.[0]).toEqual(together[row]);
        }
        tf.dispose([inputs, targets]);
      }));

    it('has a likelihood that is a distribution: mass 1, log-softmax of the logits, mean = loss', () =>
      withModel(async (model) => {
        expect(declarationProblem(family, model)).toBeNull();
        if (!model.logProb || !model.logits) return;
        expect(await massError(model, 6)).toBeLessThan(1e-6);
        const batch = randomBatch(2, 9, FACTS.vocabulary, 5);
        const logProb = await model.logProb(batch);
        const targets = await batch.targets.data();
        const logits = model.logits(batch.inputs);
        const expected = logSoftmaxRows((await logits.data()) as Float32Array, FACTS.vocabulary);
        logProb.forEach((value, at) => {
          const wanted = expected[at * FACTS.vocabulary + (targets[at] as number)] as number;
          expect(Math.abs(value - wanted)).toBeLessThan(1e-5);
        });
        const loss = model.loss(batch);
        const mean = -logProb.reduce((sum, value) => sum + value, 0) / logProb.length;
        expect(Math.abs((loss.dataSync()[0] as number) - mean)).toBeLessThan(1e-5);
        tf.dispose([batch.inputs, batch.targets, logits, loss]);
      }));

    it('samples from the numbers of the full forward', () =>
      withModel(async (model) => {
        for (const length of [1, 5, LONGEST]) expect(await decoderProblem(model, length, 1e-5)).toBeNull();
      }));

    it('has the gradient that finite differences measure', () =>
      withModel(async (model) => {
        if (model.fit) return;
        const batch = randomBatch(2, 6, FACTS.vocabulary, 8);
        const variables = model.variables.map(({ variable }) => variable);
        const { loss, gradients } = lossAndGradients(() => model.loss(batch), variables);
        const lossNow = () => tf.tidy(() => model.loss(batch).dataSync()[0] as number);
        expect(lossNow()).toBeCloseTo((await loss.data())[0] as number, 5);
        expect(await gradientProblem(model, gradients, lossNow, 0.02)).toBeNull();
        tf.dispose([batch.inputs, batch.targets, loss, gradients]);
      }));

    it('shows attention that sums to one and never looks ahead, where it has any', () =>
      withModel(async (model) => {
        if (!model.trace) return;
        const { inputs, targets } = randomBatch(2, 7, FACTS.vocabulary, 6);
        const traces = await model.trace(inputs, ['attention']);
        expect(traces).toHaveLength(2);
        for (const { values, layers, heads, length } of traces) {
          expect(values).toHaveLength(layers * heads * length * length);
          for (let row = 0; row < layers * heads * length; row++) {
            const entries = values.subarray(row * length, (row + 1) * length);
            expect(entries.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
            expect(entries.subarray((row % length) + 1).every((p) => p === 0)).toBe(true);
          }
        }
        expect(await model.trace(inputs, [])).toEqual([]);
        tf.dispose([inputs, targets]);
      }));
  });
});
