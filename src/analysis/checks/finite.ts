// Counts what is not a number: in the weights, and in the logits of random inputs at the lengths asked for.
// −∞ is a proper logit (an element that cannot come); NaN and +∞ are not.
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Model } from '../../families/family';
import { Rng } from '../../math/rng';

export interface FiniteReport {
  /** Numbers that are NaN or infinite where they may not be. */
  readonly wrong: number;
  /** Numbers looked at. */
  readonly of: number;
  /** Where the first wrong one was. */
  readonly where?: string;
}

export async function finiteReport(
  model: Model,
  lengths: readonly number[],
  seed: number,
): Promise<FiniteReport> {
  const found: { wrong: number; of: number; where?: string } = { wrong: 0, of: 0 };
  const look = (values: ArrayLike<number>, isWrong: (value: number) => boolean, where: string): void => {
    found.of += values.length;
    for (let at = 0; at < values.length; at++) {
      if (!isWrong(values[at] ?? NaN)) continue;
      found.wrong++;
      found.where ??= where;
    }
  };
  for (const { name, variable } of model.variables) {
    look(await variable.data(), (value) => !Number.isFinite(value), `the weights ${name}`);
  }
  const rng = new Rng(seed);
  for (const length of lengths) {
    const ids = Int32Array.from({ length }, () => rng.integer(model.vocabulary));
    const logits = tidy(() => model.logits?.(tensor2d(ids, [1, length], 'int32')));
    if (!logits) break;
    const wrong = (value: number): boolean => Number.isNaN(value) || value === Infinity;
    look(await logits.data(), wrong, `the logits of ${length} ${length === 1 ? 'input' : 'inputs'}`);
    logits.dispose();
  }
  return found;
}
