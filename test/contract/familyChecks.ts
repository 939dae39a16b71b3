// The family contract as functions that answer one problem or null, so that planted faults can be shown to be caught.
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { BitMatrix } from '../../src/analysis/bitMatrix';
import { compareConnectivity } from '../../src/analysis/causality/comparison';
import { allowedConnectivity } from '../../src/analysis/causality/declared';
import { measuredConnectivity } from '../../src/analysis/causality/measured';
import { predictingNetwork } from '../../src/analysis/causality/network';
import { massError as massErrorOf } from '../../src/analysis/checks/mass';
import { parityReport } from '../../src/analysis/checks/parity';
import { randomizeWeights } from '../../src/analysis/randomWeights';
import type { Causality, Family, Model, TapGraph, TextBatch } from '../../src/families/family';
import { Rng } from '../../src/math/rng';

export type Problem = string | null;

/** What a family may not claim: a log-probability where it says there is no likelihood, or none where it says there is. */
export function declarationProblem(
  family: Pick<Family, 'id' | 'likelihood'>,
  model: Pick<Model, 'logProb'>,
): Problem {
  if (family.likelihood === 'none' && model.logProb)
    return `${family.id}: likelihood none, but it has logProb`;
  if (family.likelihood !== 'none' && !model.logProb) return `${family.id}: a likelihood, but no logProb`;
  return null;
}

/** Every variable becomes random and large enough that no dependency drowns in rounding; a table is fitted instead. */
export function roughen(model: Model, seed: number): void {
  randomizeWeights(model, seed);
}

/** Perturbs every input in turn, up and down, and compares every output bit for bit with what the taps declare. */
export async function causalityProblem(
  model: Pick<Model, 'logits' | 'vocabulary'>,
  graph: TapGraph,
  length: number,
  causality: Causality = 'shifted',
): Promise<Problem> {
  const measured = new BitMatrix(length, length);
  for (const seed of [1, 2, 3]) {
    measured.or(await measuredConnectivity(predictingNetwork(model), length, { seed }));
  }
  const { leaks, unseen } = compareConnectivity(allowedConnectivity(graph, causality, length), measured);
  const [leak, missed] = [leaks[0], unseen[0]];
  if (leak) return `output ${leak.output} of ${length} reads input ${leak.input}, which it may not`;
  if (missed) {
    return `output ${missed.output} of ${length} ignores input ${missed.input}, which it declares to read`;
  }
  return null;
}

/** The cached sampler against the full forward, element by element and after prompts of several lengths. */
export async function decoderProblem(model: Model, length: number, tolerance: number): Promise<Problem> {
  const parity = await parityReport(model, length, 9);
  if (!parity || parity.worst <= tolerance) return null;
  return `after a prompt of ${parity.prompt}, element ${parity.step}: off by ${parity.worst}`;
}

/** Σ over all targets of exp(logProb), at every position. @returns the largest distance from 1 */
export async function massError(model: Model, length: number): Promise<number> {
  return (await massErrorOf(model, { length, seed: 4 })) ?? 0;
}

/**
 * Each variable's gradient against differences of the loss along the gradient and along a random direction. Takes a turn
 * of the event loop for each variable: on the reference device all of them take longer than the runner waits for a word.
 */
export async function gradientProblem(
  model: Model,
  gradients: readonly tf.Tensor[],
  loss: () => number,
  relative: number,
  steps: readonly number[] = [1e-2],
): Promise<Problem> {
  const rng = new Rng(31);
  const here = loss();
  for (const [index, { name, variable }] of model.variables.entries()) {
    await nextTurn();
    const gradient = Float64Array.from((gradients[index] as tf.Tensor).dataSync());
    const random = gradient.map(() => rng.normal());
    for (const direction of [gradient, random]) {
      const length = Math.hypot(...direction);
      if (length === 0) return `${name}: its gradient is zero everywhere`;
      const expected = direction.reduce((sum, d, i) => sum + (d / length) * (gradient[i] as number), 0);
      const original = Float32Array.from(variable.dataSync());
      const along = (step: number): number => {
        const moved = original.map((value, i) => value + (step * (direction[i] as number)) / length);
        tf.tidy(() => variable.assign(tf.tensor(moved, variable.shape)));
        return loss();
      };
      // A ReLU that opens or closes on the way bends the slope on one side, and less of them do in a shorter step.
      const slopes = steps.flatMap((step) => {
        const [ahead, behind] = [along(step), along(-step)];
        return [(ahead - behind) / (2 * step), (ahead - here) / step, (here - behind) / step];
      });
      const measured = slopes.reduce((a, b) => (Math.abs(b - expected) < Math.abs(a - expected) ? b : a));
      tf.tidy(() => variable.assign(tf.tensor(original, variable.shape)));
      const allowed = relative * Math.hypot(...gradient) + 1e-4;
      if (!(Math.abs(measured - expected) <= allowed)) {
        return `${name}: expected a slope of ${expected}, measured ${measured}`;
      }
    }
  }
  return null;
}

export function randomIds(count: number, vocabulary: number, seed: number): Int32Array {
  const rng = new Rng(seed);
  return Int32Array.from({ length: count }, () => rng.integer(vocabulary));
}

export function randomBatch(rows: number, length: number, vocabulary: number, seed: number): TextBatch {
  const ids = randomIds(2 * rows * length, vocabulary, seed);
  return {
    inputs: tf.tensor2d(ids.subarray(0, rows * length), [rows, length], 'int32'),
    targets: tf.tensor2d(ids.subarray(rows * length), [rows, length], 'int32'),
  };
}

/** In double precision. */
export function logSoftmaxRows(logits: Float32Array, V: number): Float64Array {
  const result = Float64Array.from(logits);
  for (let start = 0; start < result.length; start += V) {
    const row = result.subarray(start, start + V);
    const peak = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const logTotal = peak + Math.log(row.reduce((sum, value) => sum + Math.exp(value - peak), 0));
    row.forEach((value, v) => (row[v] = value - logTotal));
  }
  return result;
}
