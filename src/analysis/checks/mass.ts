// Whether a likelihood is one: the probabilities of everything that could come next sum to 1 at every position.
// Asks the model's own log-probabilities, target by target, and not the logits behind them.
import { tensor2d } from '@tensorflow/tfjs-core';
import type { Model } from '../../families/family';
import { Rng } from '../../math/rng';

/** Numbers of a batch that are held at once. */
const LARGEST_BATCH = 2_000_000;

export interface MassOptions {
  readonly length: number;
  readonly seed: number;
  readonly pause?: () => Promise<void>;
}

/** @returns the largest |Σ exp(logProb) − 1| over the positions; NaN counts as ∞. Null without log-probabilities. */
export async function massError(model: Model, options: MassOptions): Promise<number | null> {
  if (!model.logProb) return null;
  const { length, seed, pause } = options;
  const V = model.vocabulary;
  const rng = new Rng(seed);
  const row = Int32Array.from({ length }, () => rng.integer(V));
  const mass = new Float64Array(length);
  const together = Math.max(1, Math.floor(LARGEST_BATCH / (length * V)));
  for (let first = 0; first < V; first += together) {
    const rows = Math.min(together, V - first);
    const inputs = tensor2d(repeated(row, rows), [rows, length], 'int32');
    const chosen = Int32Array.from({ length: rows * length }, (_, at) => first + Math.floor(at / length));
    const targets = tensor2d(chosen, [rows, length], 'int32');
    const logProb = await model.logProb({ inputs, targets });
    inputs.dispose();
    targets.dispose();
    logProb.forEach((value, at) => (mass[at % length] = (mass[at % length] ?? 0) + Math.exp(value)));
    await pause?.();
  }
  let worst = 0;
  for (const sum of mass) worst = Math.max(worst, Number.isNaN(sum) ? Infinity : Math.abs(sum - 1));
  return worst;
}

function repeated(row: Int32Array, times: number): Int32Array {
  return Int32Array.from({ length: times * row.length }, (_, at) => row[at % row.length] ?? 0);
}
