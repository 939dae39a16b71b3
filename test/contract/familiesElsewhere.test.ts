// Every family of the registry on the devices that run its compositions instead of our kernels: what it computes on the
// reference, it computes there, within a stated tolerance. Knows no family by name.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomizeImageWeights } from '../../src/analysis/reach/imageNetwork';
import { makeReadable } from '../../src/engine/webgpu/readable';
import type { TextFacts } from '../../src/families/family';
import type { ImageFacts } from '../../src/families/imageFamily';
import { FAMILIES, IMAGE_FAMILIES } from '../../src/families/registry';
import { lossAndGradients } from '../../src/nn/gradients';
import { devices } from './deviceCasesDevices';
import { randomBatch, roughen } from './familyChecks';
import { randomImages } from './imageFamilyChecks';

/** Of each array's largest number: sums of some hundred terms, through some layers and back. */
const TOLERANCE = 2e-4;
const FACTS: TextFacts = { vocabulary: 11, bos: 10 };
const RGB: ImageFacts = { height: 3, width: 4, channels: 3, levels: 2 };

/** What a model says, by name, in host memory. */
type Said = Map<string, readonly number[]>;

interface Subject {
  readonly name: string;
  said(): Promise<Said>;
}

const texts: Subject[] = FAMILIES.flatMap((family) =>
  [family.example, ...(family.variants ?? [])].map((config, index) => ({
    name: index === 0 ? family.id : `${family.id}, variant ${index}`,
    said: async () => {
      const model = family.build(config, FACTS, 1);
      roughen(model, 2);
      const batch = randomBatch(2, 7, FACTS.vocabulary, 3);
      const said: Said = new Map();
      const logits = model.logits?.(batch.inputs);
      if (logits) said.set('logits', [...(await logits.data())]);
      if (model.logProb) said.set('logProb', [...(await model.logProb(batch))]);
      if (!model.fit) await learn(said, model.variables, () => model.loss(batch));
      const decoder = model.decoder?.();
      if (decoder) said.set('decoded', [...(await decoder.prefill([1, 4, 2]))]);
      decoder?.dispose();
      tf.dispose([batch.inputs, batch.targets, ...(logits ? [logits] : [])]);
      model.dispose();
      return said;
    },
  })),
);

const images: Subject[] = IMAGE_FAMILIES.map((family) => ({
  name: family.id,
  said: async () => {
    const model = family.build(family.example, RGB, 1);
    randomizeImageWeights(model, 2);
    const batch = randomImages(2, RGB, 3, model.classes);
    const said: Said = new Map();
    const logits = model.logits(batch);
    said.set('logits', [...(await logits.data())]);
    const logProb = await model.logProb?.(batch);
    if (logProb) said.set('logProb', [...logProb]);
    if (model.variables.length > 0 && !model.fit) await learn(said, model.variables, () => model.loss(batch));
    await makeReadable(model);
    const decoder = model.decoder({ rows: 2 });
    said.set('decoded', [...(await decoder.next())]);
    decoder.dispose();
    tf.dispose([batch.pixels, ...(batch.labels ? [batch.labels] : []), logits]);
    model.dispose();
    return said;
  },
}));

async function learn(
  said: Said,
  variables: readonly { readonly name: string; readonly variable: tf.Variable }[],
  lossOf: () => tf.Scalar,
): Promise<void> {
  const { loss, gradients } = lossAndGradients(
    lossOf,
    variables.map(({ variable }) => variable),
  );
  said.set('loss', [...(await loss.data())]);
  for (const [index, { name }] of variables.entries()) {
    said.set(`gradient of ${name}`, [...((await gradients[index]?.data()) ?? [])]);
  }
  tf.dispose([loss, gradients]);
}

const expected = new Map<Subject, Said>();
beforeAll(async () => {
  await tf.setBackend('cpu');
  for (const subject of [...texts, ...images]) expected.set(subject, await subject.said());
});

describe.each(devices.filter(({ name }) => !name.startsWith('simd')))('on $name', (device) => {
  let missing: string | undefined;
  beforeAll(async () => {
    missing = await device.start();
  });

  it.for([...texts, ...images])('$name computes what it computes on cpu', async (subject, context) => {
    const left = missing ?? device.without?.[subject.name];
    if (left !== undefined) context.skip(left);
    const before = tf.memory().numTensors;
    const said = await subject.said();
    expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
    const wanted = expected.get(subject) ?? new Map<string, readonly number[]>();
    expect([...said.keys()]).toEqual([...wanted.keys()]);
    for (const [name, values] of wanted) {
      const got = said.get(name) ?? [];
      const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
      const worst = values.reduce((most, value, at) => Math.max(most, Math.abs(value - (got[at] ?? NaN))), 0);
      expect(worst / scale, name).toBeLessThan(TOLERANCE);
    }
  });
});
