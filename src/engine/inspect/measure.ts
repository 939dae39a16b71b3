// The causality of a subject, as `mask` and `check` measure it: which lengths, which weights, and what was done so far.
import {
  causalityReport,
  type CausalityProgress,
  type CausalityReport,
} from '../../analysis/causality/causality';
import { drawsOf } from '../../analysis/causality/draws';
import type { InspectProgress } from '../../protocol/engine';
import { LONGEST_MASK } from '../../protocol/mask';
import { ArLensError } from '../../protocol/errors';
import { pauseOf, type Subject } from './subject';

export const USUAL_LENGTH = 32;
/** Odd and even, one and two, and what is asked for: leaks at an edge show at some length only. */
const SHORT_LENGTHS = [1, 2, 7];
/** Milliseconds between two reports of how far the work is. */
const REPORT_EVERY = 100;

export interface Measuring {
  readonly length?: number | undefined;
  readonly signal: AbortSignal;
  readonly progress?: (value: InspectProgress) => Promise<void>;
}

export function measureCausality(subject: Subject, measuring: Measuring): Promise<CausalityReport> {
  const { family, config, facts, model, weights } = subject;
  if (!model.logits) {
    throw new ArLensError(
      'unsupported',
      `The family "${family.id}" gives no logits, so what its outputs depend on cannot be measured.`,
    );
  }
  const longest = checkedLength(measuring.length, model.contextLength);
  const lengths = [...SHORT_LENGTHS.filter((length) => length < longest), longest];
  const { signal } = measuring;
  const context = Math.min(model.contextLength, LONGEST_MASK);
  return causalityReport(
    {
      graph: family.taps(config),
      causality: family.causality,
      draws: drawsOf(family, config, facts, weights === 'own' ? model : undefined),
    },
    {
      lengths,
      sampledLength: context > longest ? context : undefined,
      pause: pauseOf(signal),
      onProgress: reporter(measuring.progress),
    },
  );
}

/** Each set of weights is told; what lies between them, not more often than a person can read. */
function reporter(progress: Measuring['progress']): (now: CausalityProgress) => Promise<void> {
  let [last, next] = [-1, 0];
  return async ({ draw, draws, title, share }) => {
    const now = performance.now();
    if (draw === last && now < next) return;
    [last, next] = [draw, now + REPORT_EVERY];
    await progress?.({ done: draw, of: draws, doing: title, share });
  };
}

function checkedLength(length: number | undefined, context: number): number {
  const most = Math.min(context, LONGEST_MASK);
  if (length === undefined) return Math.min(most, USUAL_LENGTH);
  if (Number.isInteger(length) && length >= 1 && length <= most) return length;
  throw new ArLensError('badInput', `length: expected a whole number from 1 to ${most}, got ${length}.`);
}
