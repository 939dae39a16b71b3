// Models that are given a picture: it lies outside the order of generation, changes every likelihood, and is held fixed
// where leaks are looked for. On every device there is here.
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixedCondition } from '../../src/analysis/reach/fixedCondition';
import { allowedInImage, imageNetwork, randomizeImageWeights } from '../../src/analysis/reach/imageNetwork';
import { compareConnectivity } from '../../src/analysis/causality/comparison';
import { measuredConnectivity } from '../../src/analysis/causality/measured';
import { subpixelsOf, type ImageFacts, type ImageModel } from '../../src/families/imageFamily';
import { IMAGE_FAMILIES } from '../../src/families/registry';
import { disposeBatch, imageBatch } from '../../src/engine/images/imageLoss';
import { drawImages } from '../../src/engine/images/drawImages';
import { DEVICES, useDevice } from './familyDevices';
import { imageCausalityProblem, imageDecoderProblem, randomImages } from './imageFamilyChecks';

const GREY: ImageFacts = {
  height: 6,
  width: 4,
  channels: 1,
  levels: 3,
  condition: { kind: 'shrunken', factor: 2 },
};
const RGB: ImageFacts = {
  height: 3,
  width: 4,
  channels: 3,
  levels: 2,
  condition: { kind: 'labels', labels: 4 },
};
const SUBJECTS = IMAGE_FAMILIES.filter(({ takesCondition }) => takesCondition);

it('is something that a family reads', () => expect(SUBJECTS.length).toBeGreaterThan(0));

describe.each(SUBJECTS.map((family) => [family.id, family] as const))('%s', (_, family) => {
  it('reads back its config, and says what is wrong with a condition', () => {
    for (const facts of [GREY, RGB]) {
      const json = JSON.parse(JSON.stringify(family.files.toConfig(family.example, facts))) as object;
      expect(family.files.fromConfig({ ...json })).toEqual({ config: family.example, facts });
    }
    for (const condition of [
      7,
      null,
      { kind: 'sound' },
      { kind: 'shrunken', factor: 5 },
      { kind: 'picture', channels: 2 },
      { kind: 'labels', labels: 1 },
    ]) {
      const json = { ...family.files.toConfig(family.example, GREY), image: { ...GREY, condition } };
      expect(() => family.files.fromConfig(json)).toThrow(/^config.json: image.condition/);
    }
  });

  it('declares as many parameters as it has, and no pixel more than without', async () => {
    await useDevice('cpu');
    for (const facts of [GREY, RGB]) {
      const model = family.build(family.example, facts, 1);
      const { nodes } = family.taps(family.example, facts);
      const has = model.variables.reduce((sum, { variable }) => sum + variable.size, 0);
      expect(Math.abs(nodes.reduce((sum, node) => sum + node.parameters, 0) / has - 1)).toBeLessThan(0.1);
      const ids = new Set(nodes.map(({ id }) => id));
      for (const { name } of model.variables) expect(ids).toContain(family.nodeOf(name, family.example));
      model.dispose();
      const { height, width, channels, levels } = facts;
      const plain = { height, width, channels, levels };
      const without = allowedInImage(family.taps(family.example, plain), facts);
      const within = allowedInImage(family.taps(family.example, facts), facts);
      for (let output = 0; output < subpixelsOf(facts); output++) {
        for (let input = 0; input < subpixelsOf(facts); input++) {
          expect(within.get(output, input)).toBe(without.get(output, input));
        }
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

    it('reads all of its condition at once, what lies ahead too, and asks for it', () =>
      withModel(GREY, async (model) => {
        const { pixels } = randomImages(1, GREY, 3);
        const logits = async (condition: Float32Array) => {
          const given = tf.tensor4d(condition, [1, GREY.height, GREY.width, 1]);
          const values = tf.tidy(() => model.logits({ pixels, condition: given }));
          const found = Float32Array.from(await values.data());
          tf.dispose([given, values]);
          return found;
        };
        const plain = fixedCondition(GREY, GREY, 1) ?? new Float32Array(0);
        const ahead = plain.slice();
        ahead[GREY.width + 1] = 0.5;
        const [one, other] = [await logits(plain), await logits(ahead)];
        expect(other.subarray(0, GREY.levels)).not.toEqual(one.subarray(0, GREY.levels));
        expect(() => tf.tidy(() => model.logits({ pixels }))).toThrow('expected the condition');
        expect(() => model.decoder({ rows: 1 })).toThrow('expected a condition of 24 numbers');
        pixels.dispose();
      }));

    it('has no leak by its condition, and one that is planted is found', async () => {
      for (const facts of device === 'cpu' ? [GREY] : [GREY, RGB]) {
        await withModel(facts, async (model) => {
          const graph = family.taps(family.example, facts);
          expect(await imageCausalityProblem(model, graph, facts, facts.levels)).toBeNull();
          const leaking = {
            facts,
            logits: (batch: Parameters<ImageModel['logits']>[0]) =>
              tf.tidy(() => {
                const reversed = tf.reverse(tf.cast(batch.pixels, 'float32'), 1);
                return tf.add<tf.Tensor5D>(model.logits(batch), tf.expandDims(reversed, 4));
              }),
          };
          const size = subpixelsOf(facts);
          const network = imageNetwork(leaking, facts, facts.levels);
          const found = compareConnectivity(
            allowedInImage(graph, facts),
            await measuredConnectivity(network, size, { seed: 1 }),
          );
          expect(found.leaks.length).toBeGreaterThan(0);
        });
      }
    });

    it('has mass 1 over all 81 images of 2 × 2 with 3 levels, given one picture and another', () => {
      const small: ImageFacts = { ...GREY, height: 2, width: 2 };
      return withModel(small, async (model) => {
        const images = Int32Array.from(
          { length: 81 * 4 },
          (_, at) => Math.floor(Math.floor(at / 4) / 3 ** (at % 4)) % 3,
        );
        const nats: number[] = [];
        for (const value of [0.25, 0.9]) {
          const condition = new Float32Array(81 * 4).fill(value);
          const batch = imageBatch(images, small, { labels: null, condition });
          const logProb = (await model.logProb?.(batch)) ?? new Float32Array(0);
          disposeBatch(batch);
          const each = Array.from({ length: 81 }, (_, image) =>
            logProb.subarray(4 * image, 4 * image + 4).reduce((sum, one) => sum + one, 0),
          );
          expect(Math.abs(each.reduce((sum, one) => sum + Math.exp(one), 0) - 1)).toBeLessThan(1e-5);
          nats.push(each[0] ?? 0);
        }
        expect(nats[0]).not.toBe(nats[1]);
      });
    });

    it('samples from the numbers of the full forward, each row given its own', async () => {
      for (const facts of [GREY, RGB]) {
        await withModel(facts, async (model) => {
          const { pixels } = randomImages(2, facts, 9);
          const one = fixedCondition(facts, facts, 1) ?? new Float32Array(0);
          const condition = Float32Array.from([...one, ...one.map((value) => 1 - value)]);
          const labels = [model.classes - 1, -1];
          const given = {
            condition: tf.tensor4d(condition, [
              2,
              facts.height,
              facts.width,
              one.length / (facts.height * facts.width),
            ]),
            labels: tf.tensor1d(labels, 'int32'),
          };
          expect(
            await imageDecoderProblem(model, { pixels, ...given }, 1e-5, { labels, condition }),
          ).toBeNull();
          tf.dispose([pixels, given]);
        });
      }
    });

    it('is guided to a class with the same picture on both sides', () =>
      withModel(GREY, async (model) => {
        const condition = fixedCondition(GREY, GREY, 2) ?? new Float32Array(0);
        const { signal } = new AbortController();
        const drawn = await drawImages(model, {
          count: 2,
          seed: 3,
          label: 1,
          guidance: 2,
          condition,
          signal,
        });
        const logits = async (label: number) => {
          const batch = imageBatch(drawn.levels, GREY, { labels: Int32Array.of(label, label), condition });
          const values = tf.tidy(() => model.logits(batch));
          const found = Float32Array.from(await values.data());
          disposeBatch(batch);
          values.dispose();
          return found;
        };
        const [u, c] = [await logits(-1), await logits(1)];
        for (let at = 0; at < drawn.levels.length; at++) {
          const row = Array.from({ length: 3 }, (_, k) => {
            const [without, within] = [u[3 * at + k] ?? NaN, c[3 * at + k] ?? NaN];
            return without + 2 * (within - without);
          });
          const total = Math.log(row.reduce((sum, one) => sum + Math.exp(one), 0));
          expect(drawn.logProb[at]).toBeCloseTo((row[drawn.levels[at] ?? 0] ?? NaN) - total, 4);
        }
      }));
  });
});
