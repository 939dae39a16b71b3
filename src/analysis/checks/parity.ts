// The cached sampler against the full forward: the same distribution at every step, whatever the prompt's length.
// Knows no family; says how much of a difference is rounding.
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Model } from '../../families/family';
import { logSumExp } from '../../math/information';
import { Rng } from '../../math/rng';

export interface ParityReport {
  /** Nats: the largest |Δ log p| over all elements of the vocabulary, steps and prompts. NaN counts as ∞. */
  readonly worst: number;
  /** Where that was: the position, and the length of the prompt that was fed at once. */
  readonly step: number;
  readonly prompt: number;
  /** Nats: the largest difference at each position [length]. */
  readonly byStep: Float64Array;
  /** The largest finite |logit| of the full forward, and the most that two logits of a position are apart. */
  readonly magnitude: number;
  readonly spread: number;
}

/** Single precision keeps about 1e-7 of a number; sums over a network's layers lose some fifty times that. */
const SHARE_OF_MAGNITUDE = 1e-5;
/** What is 1 % of all that the logits say is no rounding, however large they are. */
const SHARE_OF_SPREAD = 0.01;

/**
 * Nats that rounding may cost: a logit of 1,000 has no fifth decimal in single precision, so that a fixed tolerance would
 * accuse a faultless model. Never so much that a fault could hide in it: a wrong cache moves logits by their own spread.
 */
export function parityTolerance({ magnitude, spread }: Pick<ParityReport, 'magnitude' | 'spread'>): number {
  const rounding = Math.min(SHARE_OF_MAGNITUDE * magnitude, SHARE_OF_SPREAD * spread);
  return Math.max(SHARE_OF_MAGNITUDE, rounding);
}

/** @returns null where the model has no sequential sampler, or no full forward to compare with. */
export async function parityReport(
  model: Model,
  length: number,
  seed: number,
  pause?: () => Promise<void>,
): Promise<ParityReport | null> {
  if (!model.logits || !model.decoder) return null;
  const V = model.vocabulary;
  const rng = new Rng(seed);
  const ids = Int32Array.from({ length }, () => rng.integer(V));
  const full = await fullLogits(model, ids);
  const decoder = model.decoder();
  const byStep = new Float64Array(length);
  let at = { worst: 0, step: 0, prompt: 0 };
  try {
    for (const prompt of new Set([0, 1, Math.floor(length / 2), length])) {
      decoder.reset();
      for (let step = Math.max(0, prompt - 1); step < length; step++) {
        const logits =
          step === prompt - 1
            ? await decoder.prefill([...ids.subarray(0, prompt)])
            : await decoder.step(ids[step] ?? 0);
        const difference = largestDifference(logits, full.subarray(step * V, (step + 1) * V));
        byStep[step] = Math.max(byStep[step] ?? 0, difference);
        if (difference > at.worst) at = { worst: difference, step, prompt };
        await pause?.();
      }
    }
  } finally {
    decoder.dispose();
  }
  return { ...at, byStep, ...logitSize(full, V) };
}

/** @param logits [T, V] */
export function logitSize(logits: Float32Array, V: number): Pick<ParityReport, 'magnitude' | 'spread'> {
  let [magnitude, spread] = [0, 0];
  for (let row = 0; row < logits.length; row += V) {
    let [least, most] = [Infinity, -Infinity];
    for (let v = row; v < row + V; v++) {
      const logit = logits[v] ?? NaN;
      if (!Number.isFinite(logit)) continue;
      [least, most] = [Math.min(least, logit), Math.max(most, logit)];
    }
    if (least > most) continue;
    magnitude = Math.max(magnitude, Math.abs(least), Math.abs(most));
    spread = Math.max(spread, most - least);
  }
  return { magnitude, spread };
}

/** Row by row what the model gives at the end of each beginning of `ids` [length, V]. */
async function fullLogits(model: Model, ids: Int32Array): Promise<Float32Array> {
  if (!model.dependsOnLength) return logitsOf(model, ids);
  const V = model.vocabulary;
  const rows = new Float32Array(ids.length * V);
  for (let step = 0; step < ids.length; step++) {
    const logits = await logitsOf(model, ids.subarray(0, step + 1));
    rows.set(logits.subarray(step * V), step * V);
  }
  return rows;
}

async function logitsOf(model: Model, ids: Int32Array): Promise<Float32Array> {
  const logits = tidy(() => model.logits?.(tensor2d(ids, [1, ids.length], 'int32')));
  const values = Float32Array.from((await logits?.data()) ?? []);
  logits?.dispose();
  return values;
}

/** Of two rows of logits as log-probabilities, in double precision. Where both are −∞ they agree. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  const [totalA, totalB] = [logSumExp(a), logSumExp(b)];
  let largest = a.length === b.length ? 0 : Infinity;
  for (let v = 0; v < a.length; v++) {
    const [x, y] = [(a[v] ?? NaN) - totalA, (b[v] ?? NaN) - totalB];
    const difference = x === y ? 0 : Math.abs(x - y);
    largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
  }
  return largest;
}
