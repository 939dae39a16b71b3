// The `check` call: does the model do what is said of it? Five checks, each with its value, its tolerance and a sentence.
import { finiteReport } from '../../analysis/checks/finite';
import { massError } from '../../analysis/checks/mass';
import { parityReport, parityTolerance } from '../../analysis/checks/parity';
import type { CallContext } from '../../protocol/calls';
import type { CheckId, CheckOutcome, CheckReport } from '../../protocol/mask';
import { ArLensError } from '../../protocol/errors';
import { measureCausality } from './measure';
import { pauseOf, type Subject } from './subject';
import { unitsReport } from './units';

/** What a check is held to; parity to more where the logits are large. */
export const TOLERANCES = {
  causality: { tolerance: 0, unit: 'leaks' },
  parity: { tolerance: 1e-5, unit: 'nats' },
  mass: { tolerance: 1e-5, unit: 'probability' },
  finite: { tolerance: 0, unit: 'numbers' },
  units: { tolerance: 1e-5, unit: 'share' },
} as const;

const LONGEST_PARITY = 64;
const MASS_POSITIONS = 4;
/** Beyond it every target in turn is too much work. */
const LARGEST_VOCABULARY = 16_384;

type Found = Pick<CheckOutcome, 'value' | 'detail'> & { readonly tolerance?: number };

export async function checkReport(
  subject: Subject,
  context: CallContext<CheckOutcome>,
): Promise<CheckReport> {
  const { signal } = context;
  const checks: CheckOutcome[] = [];
  const pause = pauseOf(signal);
  for (const [id, check] of Object.entries(CHECKS) as Array<[CheckId, (typeof CHECKS)[CheckId]]>) {
    const { value, detail, tolerance = TOLERANCES[id].tolerance } = await check(subject, signal);
    const pass = value === null || value <= tolerance;
    const outcome = { id, pass, value, tolerance, unit: TOLERANCES[id].unit, detail };
    checks.push(outcome);
    await context.progress(outcome);
    await pause();
  }
  return {
    family: subject.family.id,
    device: subject.device,
    weights: subject.weights,
    verdict: checks.every(({ pass }) => pass) ? 'pass' : 'fail',
    checks,
  };
}

const CHECKS: Readonly<Record<CheckId, (subject: Subject, signal: AbortSignal) => Promise<Found>>> = {
  causality: async (subject, signal) => {
    const { causality, leaks, verdict, lengths, draws } = await measureCausality(subject, { signal });
    const how = `${draws.length} sets of weights, lengths ${lengths.join(', ')}`;
    return { value: leaks, detail: `${causality} causality: ${verdict} (${how}).` };
  },
  parity: async ({ model }, signal) => {
    const length = Math.min(model.contextLength, LONGEST_PARITY);
    const parity = await parityReport(model, length, 9, pauseOf(signal));
    if (!parity) return { value: null, detail: 'Not measured: the family has no sequential sampler.' };
    const where = `largest at step ${parity.step + 1} of ${length}, after a prompt of ${parity.prompt}`;
    const why = `the largest logit is ${parity.magnitude.toPrecision(3)}, to which single precision is held`;
    return {
      value: parity.worst,
      tolerance: parityTolerance(parity),
      detail: `Cached sampler against the full forward, ${where}; ${why}.`,
    };
  },
  mass: async ({ model }, signal) => {
    const V = model.vocabulary;
    if (V > LARGEST_VOCABULARY) {
      const detail = `Not measured: ${V} targets are more than the ${LARGEST_VOCABULARY} that are tried one by one.`;
      return { value: null, detail };
    }
    const length = Math.min(MASS_POSITIONS, model.contextLength);
    const value = await massError(model, { length, seed: 4, pause: pauseOf(signal) });
    if (value === null) return { value, detail: 'Not measured: the family has no likelihood.' };
    return {
      value,
      detail: `Distance from 1 of the probabilities of all ${V} targets, at ${length} positions.`,
    };
  },
  finite: async ({ model }) => {
    const context = Math.min(model.contextLength, 1024);
    const lengths = [...new Set([1, Math.ceil(context / 2), context])];
    const { wrong, of, where } = await finiteReport(model, lengths, 6);
    const first = where === undefined ? '' : `, the first in ${where}`;
    return { value: wrong, detail: `${wrong} of ${of} weights and logits are not numbers${first}.` };
  },
  units: async (subject, signal) => {
    const { family, model } = subject;
    if (family.likelihood === 'none' || !model.logProb || model.contextLength < 2) {
      return { value: null, detail: 'Not measured: the family has no likelihood.' };
    }
    const report = await unitsReport(subject, signal).catch(notANumber);
    if (typeof report === 'string') return { value: Infinity, detail: report };
    const { worst, figure, tokens, bytes } = report;
    const most = worst === 0 ? '' : `; largest for ${figure}`;
    return {
      value: worst,
      detail: `Each figure of ${tokens} tokens in ${bytes} bytes against its definition${most}.`,
    };
  },
};

/** A model whose scores are no numbers has failed this check; anything else that goes wrong is not the check's to judge. */
function notANumber(error: unknown): string {
  if (error instanceof ArLensError && error.reason === 'badInput') return error.message;
  throw error;
}
