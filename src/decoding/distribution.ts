// Logits as a distribution in double precision. Knows no filter, no generator, no model.
import { ArLensError } from '../protocol/errors';

export type LogitsLike = ArrayLike<number>;

/** @returns log-softmax in nats. @throws ArLensError for a NaN, a +∞, or nothing that is possible. */
export function logSoftmax(logits: LogitsLike): Float64Array {
  const greatest = checkedMaximum(logits);
  let sum = 0;
  for (let id = 0; id < logits.length; id++) sum += Math.exp((logits[id] ?? 0) - greatest);
  const logSum = Math.log(sum);
  const out = new Float64Array(logits.length);
  for (let id = 0; id < logits.length; id++) out[id] = (logits[id] ?? 0) - greatest - logSum;
  return out;
}

/** The most likely id; the lowest of equals. */
export function argmax(values: LogitsLike): number {
  let best = 0;
  for (let id = 1; id < values.length; id++) if ((values[id] ?? 0) > (values[best] ?? 0)) best = id;
  return best;
}

function checkedMaximum(logits: LogitsLike): number {
  let greatest = -Infinity;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] ?? NaN;
    if (Number.isNaN(logit) || logit === Infinity) {
      throw new ArLensError(
        'badInput',
        `The model's logits: expected a number below infinity for id ${id}, got ${logit}.`,
      );
    }
    if (logit > greatest) greatest = logit;
  }
  if (greatest === -Infinity) {
    throw new ArLensError(
      'badInput',
      `The model's logits: expected at least one possible element of ${logits.length}, got none.`,
    );
  }
  return greatest;
}
