// Repetition penalty: what stood before becomes less likely. Knows no model and no filter.
// Source: Keskar et al., "CTRL: A Conditional Transformer Language Model for Controllable Generation", arXiv 1909.05858;
// the treatment of negative logits is that of RepetitionPenaltyLogitsProcessor in Hugging Face's transformers.
import { ArLensError } from '../protocol/errors';
import type { LogitsLike } from './distribution';

/**
 * Divides the logit of each id in `seen` by `penalty` once, however often it stood there. The paper divides whatever the
 * sign, which makes an id with a negative logit likelier; here, as is usual since, a negative logit is multiplied.
 * Adding a constant to all logits changes no probability and does change this: it works on the logits as the model gives
 * them, never on log-probabilities, which are all negative. It is a habit, not a probability law.
 */
export function penalise(logits: LogitsLike, seen: Iterable<number>, penalty: number): LogitsLike {
  checkPenalty(penalty);
  if (penalty === 1) return logits;
  const out = Float64Array.from(logits);
  for (const id of new Set(seen)) {
    const logit = out[id];
    if (logit !== undefined) out[id] = logit > 0 ? logit / penalty : logit * penalty;
  }
  return out;
}

/** @throws ArLensError in one sentence that names the option. */
export function checkPenalty(penalty: number): void {
  if (Number.isFinite(penalty) && penalty >= 1) return;
  throw new ArLensError('badInput', `repetition penalty: expected a number of at least 1, got ${penalty}.`);
}
