// Every image family of the registry against the contract, on every device there is here. Knows no family by name.
import { Value } from '@sinclair/typebox/value';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { movedOutside } from '../../src/analysis/effective/effectiveField';
import { inputGradients } from '../../src/analysis/effective/inputGradients';
import { Closure } from '../../src/analysis/reach/closure';
import { randomizeImageWeights } from '../../src/analysis/reach/imageNetwork';
import { ReachFinder } from '../../src/analysis/reach/reach';
import { subpixelsOf, type ImageFacts, type ImageModel } from '../../src/families/imageFamily';
import { ALL_FAMILIES, IMAGE_FAMILIES } from '../../src/families/registry';
import { lossAndGradients } from '../../src/nn/gradients';
import { declarationProblem, gradientProblem, logSoftmaxRows, randomIds } from './familyChecks';
import { DEVICES, useDevice } from './familyDevices';
import { imageCausalityProblem, imageDecoderProblem, imageMass, randomImages } from './imageFamilyChecks';

const GREY: ImageFacts = { height: 6, width: 5, channels: 1, levels: 3 };
const RGB: ImageFacts = { height: 3, width: 4, channels: 3, levels: 2 };

/** Each family by its example, and again by each of its variants. */
const SUBJECTS = IMAGE_FAMILIES.flatMap((family) => [
  [family.id, family] as const,
  ...(family.variants ?? []).map(
    (example, index) => [`${family.id}, variant ${index + 1}`, { ...family, example }] as const,
  ),
]);

describe.each(SUBJECTS)('image family %s', (_, family) => {
  it('describes itself', () => {
    expect(Value.Check(family.schema, family.example)).toBe(true);
    const defaults = Value.Default(family.schema, {});
    expect(Value.Check(family.schema, defaults)).toBe(true);
    expect(family.problem?.(defaults as never) ?? null).toBeNull();
    expect(family.problem?.(family.example as never) ?? null).toBeNull();
    for (const facts of [GREY, RGB]) {
      expect(family.factsProblem?.(family.example as never, facts) ?? null).toBeNull();
      expect(family.taps(family.example, facts).nodes.at(-1)?.id).toBe('output');
      expect(family.deepestTaps(family.example, facts).nodes.at(-1)?.id).toBe('output');
    }
    for (const [key, property] of Object.entries(family.schema.properties)) {
      expect(property['description'], key).toMatch(/\.$/);
    }
    expect(family.references.length).toBeGreaterThan(0);
    expect(ALL_FAMILIES.filter(({ id }) => id === family.id)).toHaveLength(1);
  });

  it('reads back the config it wrote, leaves those of others alone, and says what is wrong with its own', () => {
    for (const facts of [GREY, RGB]) {
      const json = JSON.parse(JSON.stringify(family.files.toConfig(family.example, facts))) as Record<
        string,
        unknown
      >;
      expect(family.files.fromConfig(json)).toEqual({ config: family.example, facts });
      const readers = ALL_FAMILIES.filter((other) => other.files.fromConfig(json) !== null);
      expect(readers.map(({ id }) => id)).toEqual([family.id]);
      for (const image of [
        undefined,
        7,
        { ...facts, channels: 2 },
        { ...facts, levels: 257 },
        { ...facts, height: 0 },
      ]) {
        expect(() => family.files.fromConfig({ ...json, image })).toThrow(/^config.json: image/);
      }
    }
    expect(family.files.fromConfig({ model_type: 'another' })).toBeNull();
  });

  it('declares as many parameters as it has', async () => {
    await useDevice('cpu');
    for (const facts of [GREY, RGB]) {
      const model = family.build(family.example, facts, 1);
      const declared = family
        .taps(family.example, facts)
        .nodes.reduce((sum, node) => sum + node.parameters, 0);
      const has = model.variables.reduce((sum, { variable }) => sum + variable.size, 0);
      // A centre that only some channel groups read has weights that stay closed, or none at all.
      expect(Math.abs(declared - has) / Math.max(1, has)).toBeLessThan(0.1);
      model.dispose();
    }
  });

  it('leaks nothing by declaration, wherever it is asked', () => {
    for (const shape of [GREY, RGB]) {
      const [graph, deepest] = [
        family.taps(family.example, shape),
        family.deepestTaps(family.example, shape),
      ];
      const finder = new ReachFinder({ graph, deepest, causality: family.causality, shape });
      for (let output = 0; output < shape.height * shape.width * shape.channels; output++) {
        expect(finder.of(output).leaks).toHaveLength(0);
      }
    }
  });

  describe.each(DEVICES)('on %s', (device) => {
    let before = 0;
    beforeEach(async () => {
      await useDevice(device);
      before = tf.memory().numTensors;
    });
    afterEach(() => expect(tf.memory().numTensors, 'tensors left behind').toBe(before));

    const withModel = async (facts: ImageFacts, work: (model: ImageModel) => Promise<void> | void) => {
      const model = family.build(family.example, facts, 1);
      randomizeImageWeights(model, 2);
      try {
        await work(model);
      } finally {
        model.dispose();
      }
    };

    it('builds the same model from the same seed, another from another', async () => {
      const models = [1, 1, 2].map((seed) => family.build(family.example, GREY, seed));
      const values = await Promise.all(
        models.map((model) =>
          Promise.all(model.variables.map(async ({ variable }) => [...(await variable.data())])),
        ),
      );
      expect(values[1]).toEqual(values[0]);
      if (models[0]?.variables.length) expect(values[2]).not.toEqual(values[0]);
      expect(new Set(models[0]?.variables.map(({ name }) => name)).size).toBe(models[0]?.variables.length);
      models.forEach((model) => model.dispose());
    });

    it('gives the same logits from its stored variables, and leaves nothing behind when they are cut', () =>
      withModel(RGB, async (model) => {
        const stored = new Map<string, Float32Array>();
        for (const { name, variable } of model.variables)
          stored.set(name, Float32Array.from(await variable.data()));
        const copy = family.build(family.example, RGB, (name) => stored.get(name) ?? new Float32Array(0));
        const batch = randomImages(2, RGB, 3, model.classes);
        const [a, b] = [model.logits(batch), copy.logits(batch)];
        expect(await b.data()).toEqual(await a.data());
        const numTensors = tf.memory().numTensors;
        if (model.variables.length > 1) {
          let left = 1;
          const cut = (name: string): Float32Array => {
            if (left-- > 0) return stored.get(name) ?? new Float32Array(0);
            throw new Error('cut file');
          };
          expect(() => family.build(family.example, RGB, cut)).toThrow('cut file');
        }
        expect(tf.memory().numTensors).toBe(numTensors);
        copy.dispose();
        tf.dispose([batch.pixels, ...(batch.labels ? [batch.labels] : []), a, b]);
      }));

    it('has finite logits of the right shape, down to one pixel and one row', async () => {
      for (const facts of [
        GREY,
        RGB,
        { ...GREY, height: 1, width: 1 },
        { ...GREY, height: 1, levels: 256 },
      ]) {
        await withModel(facts, (model) => {
          const batch = randomImages(2, facts, 5);
          const logits = model.logits(batch);
          expect(logits.shape).toEqual([2, facts.height, facts.width, facts.channels, facts.levels]);
          expect(logits.dataSync().every(Number.isFinite)).toBe(true);
          tf.dispose([batch.pixels, logits]);
        });
      }
    });

    it('runs on images of another size, where it says so', () =>
      withModel(GREY, (model) => {
        if (!family.takesAnySize) return;
        const batch = randomImages(1, { ...GREY, height: 2, width: 9 }, 5);
        const logits = model.logits(batch);
        expect(logits.shape).toEqual([1, 2, 9, 1, 3]);
        tf.dispose([batch.pixels, logits]);
      }));

    it('has gates where it says so: two halves alike, one value for each feature of each pixel', () =>
      withModel(GREY, async (model) => {
        expect(model.gates !== undefined).toBe(family.gated === true);
        if (!model.gates) return;
        const batch = randomImages(2, GREY, 3, model.classes);
        for (let layer = 0; layer < model.gates.layers; layer++) {
          const traces = await model.gates.trace(batch, layer);
          expect(traces.length).toBeGreaterThan(0);
          for (const { filter, gate } of traces) {
            expect(gate).toHaveLength(filter.length);
            expect(filter.length % (2 * GREY.height * GREY.width)).toBe(0);
            expect(filter.every((value) => Math.abs(value) <= 1)).toBe(true);
            expect(gate.every((value) => value >= 0 && value <= 1)).toBe(true);
          }
        }
        tf.dispose([batch.pixels, ...(batch.labels ? [batch.labels] : [])]);
      }));

    it('reads what its taps declare and nothing else', async () => {
      for (const facts of [GREY, RGB]) {
        await withModel(facts, async (model) => {
          const graph = family.taps(family.example, facts);
          expect(await imageCausalityProblem(model, graph, facts, facts.levels)).toBeNull();
        });
      }
    });

    it('moves no output by what its taps do not declare: the effective field is exactly 0 there', async () => {
      const { sensitivity } = family;
      if (sensitivity === undefined) return;
      for (const facts of [
        { ...GREY, height: 4 },
        { ...RGB, height: 2 },
      ]) {
        await withModel(facts, async (model) => {
          const size = subpixelsOf(facts);
          const pixels = randomIds(size * size, facts.levels, 4);
          const outputs = Int32Array.from({ length: size }, (_, output) => output);
          const batch = { shape: facts, levels: facts.levels, pixels, outputs };
          const moved = await inputGradients(model, sensitivity, batch);
          const closure = new Closure(family.taps(family.example, facts), facts);
          for (const output of outputs) {
            const own = moved.subarray(output * size, (output + 1) * size);
            expect(movedOutside(own, closure.of(output)), `output ${output}`).toBe(0);
          }
          expect(Math.max(...moved)).toBeGreaterThan(0.01);
        });
      }
    });

    it('gives an image the same numbers bit for bit whatever else is in its batch', () =>
      withModel(RGB, (model) => {
        const batch = randomImages(5, RGB, 14, model.classes);
        const together = tf.tidy(() => model.logits(batch).arraySync());
        for (const row of [0, 3, 4]) {
          const alone = tf.tidy(() => {
            const pixels = tf.slice(batch.pixels, row, 1);
            return model
              .logits({ pixels, ...(batch.labels && { labels: tf.slice(batch.labels, row, 1) }) })
              .arraySync();
          });
          expect(alone[0]).toEqual(together[row]);
        }
        tf.dispose([batch.pixels, ...(batch.labels ? [batch.labels] : [])]);
      }));

    it('has a likelihood that is a distribution: log-softmax of the logits, mean = loss', async () => {
      for (const facts of [GREY, RGB]) {
        await withModel(facts, async (model) => {
          expect(declarationProblem(family, model as never)).toBeNull();
          const batch = randomImages(3, facts, 6, model.classes);
          const logits = model.logits(batch);
          const expected = logSoftmaxRows((await logits.data()) as Float32Array, facts.levels);
          const pixels = await batch.pixels.data();
          const logProb = (await model.logProb?.(batch)) as Float32Array;
          expect(logProb).toHaveLength(pixels.length);
          logProb.forEach((value, at) => {
            const wanted = expected[at * facts.levels + (pixels[at] as number)] as number;
            expect(Math.abs(value - wanted)).toBeLessThan(1e-5 * Math.max(1, Math.abs(wanted)));
          });
          const loss = model.loss(batch);
          const mean = -logProb.reduce((sum, value) => sum + value, 0) / logProb.length;
          expect((loss.dataSync()[0] as number) / mean).toBeCloseTo(1, 5);
          tf.dispose([batch.pixels, ...(batch.labels ? [batch.labels] : []), logits, loss]);
        });
      }
    });

    it('has mass 1 over all 81 images of 2 × 2 with 3 levels, and all 64 of RGB 1 × 2 with 2', async () => {
      const small = { height: 2, width: 2, channels: 1, levels: 3 };
      const colour = { height: 1, width: 2, channels: 3, levels: 2 };
      for (const facts of [small, colour]) {
        await withModel(facts, async (model) => {
          for (const label of model.classes > 0 ? [undefined, 0, model.classes - 1] : [undefined]) {
            expect(Math.abs((await imageMass(model, label)) - 1)).toBeLessThan(1e-5);
          }
        });
      }
    });

    it('samples from the numbers of the full forward, class by class', async () => {
      for (const facts of [GREY, RGB, { ...GREY, height: 1, width: 1 }]) {
        await withModel(facts, async (model) => {
          const plain = randomImages(2, facts, 9);
          const { order } = family.taps(family.example, facts);
          expect(await imageDecoderProblem(model, plain, 1e-5, { order })).toBeNull();
          if (model.classes > 0) {
            const labels = [model.classes - 1, -1];
            const tensor = tf.tensor1d(labels, 'int32');
            expect(
              await imageDecoderProblem(model, { ...plain, labels: tensor }, 1e-5, {
                labels,
                order,
              }),
            ).toBeNull();
            tensor.dispose();
          }
          plain.pixels.dispose();
        });
      }
    });

    it('depends on its class, and takes −1 as none', () =>
      withModel(GREY, async (model) => {
        if (model.classes === 0) return;
        const { pixels } = randomImages(1, GREY, 9);
        const of = async (label?: number) => {
          const labels = label === undefined ? undefined : tf.tensor1d([label], 'int32');
          const logits = model.logits({ pixels, ...(labels && { labels }) });
          const values = Float32Array.from(await logits.data());
          tf.dispose([logits, ...(labels ? [labels] : [])]);
          return values;
        };
        expect(await of(-1)).toEqual(await of());
        expect(await of(0)).not.toEqual(await of());
        expect(await of(0)).not.toEqual(await of(1));
        pixels.dispose();
      }));

    it('has the gradient that finite differences measure', async () => {
      for (const facts of [{ ...GREY, height: 4, width: 4 }, RGB]) {
        await withModel(facts, async (model) => {
          if (model.fit) return;
          const batch = randomImages(2, facts, 8, model.classes);
          const variables = model.variables.map(({ variable }) => variable);
          const { loss, gradients } = lossAndGradients(() => model.loss(batch), variables);
          const lossNow = () => tf.tidy(() => model.loss(batch).dataSync()[0] as number);
          expect(lossNow()).toBeCloseTo((await loss.data())[0] as number, 5);
          // Each step is three losses for each of two directions of each variable.
          const steps = model.variables.length > 60 ? [3e-3] : [1e-2, 1e-3, 1e-4];
          expect(await gradientProblem(model as never, gradients, lossNow, 0.02, steps)).toBeNull();
          tf.dispose([batch.pixels, ...(batch.labels ? [batch.labels] : []), loss, gradients]);
        });
      }
    });
  });
});
