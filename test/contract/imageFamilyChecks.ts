// The contract of image families as functions that answer one problem or null, so that planted faults can be caught.
import * as tf from '@tensorflow/tfjs-core';
import { BitMatrix } from '../../src/analysis/bitMatrix';
import { compareConnectivity } from '../../src/analysis/causality/comparison';
import { measuredConnectivity } from '../../src/analysis/causality/measured';
import { allowedInImage, imageNetwork, randomizeImageWeights } from '../../src/analysis/reach/imageNetwork';
import type { GridShape } from '../../src/analysis/reach/subpixelSet';
import type { TapGraph } from '../../src/families/family';
import {
  subpixelsOf,
  type ImageBatch,
  type ImageDecoder,
  type ImageFacts,
  type ImageModel,
} from '../../src/families/imageFamily';
import { logSoftmaxRows, randomIds, type Problem } from './familyChecks';

export function randomImages(rows: number, facts: ImageFacts, seed: number, classes = 0): ImageBatch {
  const { height, width, channels, levels } = facts;
  const values = randomIds(rows * subpixelsOf(facts), levels, seed);
  const pixels = tf.tensor4d(values, [rows, height, width, channels], 'int32');
  if (classes === 0) return { pixels };
  return { pixels, labels: tf.tensor1d(randomIds(rows, classes, seed + 1), 'int32') };
}

/**
 * Perturbs every sub-pixel in turn and compares every output bit for bit with what the taps declare. Three sets of random
 * weights: where a ReLU is closed in one, it is open in another.
 */
export async function imageCausalityProblem(
  model: Pick<ImageModel, 'logits' | 'variables' | 'facts'>,
  graph: TapGraph,
  shape: GridShape,
  levels: number,
): Promise<Problem> {
  const size = shape.height * shape.width * shape.channels;
  const measured = new BitMatrix(size, size);
  const network = imageNetwork(model, shape, levels);
  // A condition holds a pixel's ReLUs closed, whatever pixel is changed: more sets of weights open them.
  for (const seed of model.facts.condition ? [1, 2, 3, 4, 5, 6] : [1, 2, 3]) {
    randomizeImageWeights(model, seed);
    measured.or(await measuredConnectivity(network, size, { seed }));
  }
  const { leaks, unseen } = compareConnectivity(allowedInImage(graph, shape), measured);
  const [leak, missed] = [leaks[0], unseen[0]];
  if (leak) return `output ${leak.output} of ${size} reads input ${leak.input}, which it may not`;
  if (missed) {
    return `${unseen.length} unseen: output ${missed.output} of ${size} ignores input ${missed.input}`;
  }
  return null;
}

/** The incremental sampler against the full forward, sub-pixel by sub-pixel, several images at once. */
export async function imageDecoderProblem(
  model: Pick<ImageModel, 'logits' | 'facts'> & { decoder(options: { rows: number }): ImageDecoder },
  batch: ImageBatch,
  tolerance: number,
  {
    labels,
    order,
    condition,
  }: { labels?: readonly number[]; order?: Int32Array | undefined; condition?: Float32Array } = {},
): Promise<Problem> {
  const { levels } = model.facts;
  const [rows] = batch.pixels.shape;
  const size = batch.pixels.size / rows;
  const values = await batch.pixels.data();
  const full = tf.tidy(() => model.logits(batch).dataSync() as Float32Array);
  const expected = logSoftmaxRows(Float32Array.from(full), levels);
  const given = { ...(labels && { labels }), ...(condition && { condition }) };
  const decoder = model.decoder({ rows, ...given });
  try {
    for (let step = 0; step < size; step++) {
      const position = order?.[step] ?? step;
      if (decoder.position !== position) return `at ${position}: the decoder says ${decoder.position}`;
      // Every third value is forced without asking for its distribution.
      if (step % 3 !== 1) {
        const found = logSoftmaxRows(Float32Array.from(await decoder.next()), levels);
        for (let row = 0; row < rows; row++) {
          for (let level = 0; level < levels; level++) {
            const wanted = expected[(row * size + position) * levels + level] as number;
            const off = Math.abs((found[row * levels + level] as number) - wanted);
            if (!(off <= tolerance))
              return `image ${row}, sub-pixel ${position}, level ${level}: off by ${off}`;
          }
        }
      }
      decoder.set(Array.from({ length: rows }, (_, row) => values[row * size + position] as number));
    }
    if (decoder.position !== size) return `at the end: the decoder says ${decoder.position}`;
  } finally {
    decoder.dispose();
  }
  return null;
}

/** Σ p over every image there is: 1 for a likelihood. */
export async function imageMass(model: ImageModel, label?: number): Promise<number> {
  const { facts } = model;
  const size = subpixelsOf(facts);
  const count = facts.levels ** size;
  const values = new Int32Array(count * size);
  for (let image = 0; image < count; image++) {
    for (let at = 0, rest = image; at < size; at++, rest = Math.floor(rest / facts.levels)) {
      values[image * size + at] = rest % facts.levels;
    }
  }
  const pixels = tf.tensor4d(values, [count, facts.height, facts.width, facts.channels], 'int32');
  const labels = label === undefined ? undefined : tf.fill<tf.Rank.R1>([count], label, 'int32');
  const logProb = (await model.logProb?.({ pixels, ...(labels && { labels }) })) ?? new Float32Array(0);
  tf.dispose([pixels, ...(labels ? [labels] : [])]);
  let mass = 0;
  for (let image = 0; image < count; image++) {
    mass += Math.exp(logProb.subarray(image * size, (image + 1) * size).reduce((sum, nats) => sum + nats, 0));
  }
  return mass;
}
