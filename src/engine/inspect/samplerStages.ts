// The distribution after every stage that is on, from the model's own to the one that is drawn from, and what is told of
// each. Knows logits and settings, no model and no draw.
import { drawnFrom, type DrawnFromOptions } from '../../decoding/drawnFrom';
import type { LogitsLike } from '../../decoding/distribution';
import type { Cut } from '../../decoding/filter';
import { penalise } from '../../decoding/penalty';
import { entropy, logSumExp } from '../../math/information';
import type { SamplerLogits, SamplerSettings, SamplerStage, SamplerStageKind } from '../../protocol/sampler';

export interface Stage {
  readonly by: SamplerStageKind;
  readonly probability: Float64Array;
  readonly cut: Pick<Cut, 'count' | 'mass'>;
}

const NO_CUT = { count: 0, mass: 0 };

/** Each is `drawnFrom` with one option more: one definition of all of them. */
export function stagesOf(logits: LogitsLike, seen: ReadonlySet<number>, settings: SamplerSettings): Stage[] {
  const { repetitionPenalty, temperature, topK, topP, minP } = settings;
  let options: DrawnFromOptions = {};
  const stages: Stage[] = [];
  const add = (by: SamplerStageKind, more: DrawnFromOptions): void => {
    options = { ...options, ...more };
    const { probability, cuts } = drawnFrom(logits, seen, options);
    stages.push({ by, probability, cut: cuts.find((each) => each.by === by) ?? NO_CUT });
  };
  add('model', {});
  if (repetitionPenalty !== 1) add('penalty', { repetitionPenalty });
  add('temperature', { temperature });
  if (topK !== undefined) add('topK', { topK });
  if (topP !== undefined) add('topP', { topP });
  if (minP !== undefined) add('minP', { minP });
  return stages;
}

export function drawnFromOptions(settings: SamplerSettings): DrawnFromOptions {
  const { temperature, topK, topP, minP, repetitionPenalty } = settings;
  return {
    temperature,
    repetitionPenalty,
    ...(topK === undefined ? {} : { topK }),
    ...(topP === undefined ? {} : { topP }),
    ...(minP === undefined ? {} : { minP }),
  };
}

/** What the softmax with temperature starts from: after the penalty, before any cut. */
export function softmaxInputs(
  logits: LogitsLike,
  seen: ReadonlySet<number>,
  { repetitionPenalty, temperature }: SamplerSettings,
  ids: Int32Array,
): SamplerLogits {
  const penalised = penalise(logits, seen, repetitionPenalty);
  const divisor = temperature === 0 ? 1 : temperature;
  return {
    value: Float64Array.from(ids, (id) => penalised[id] ?? NaN),
    logSum: logSumExp(Float64Array.from(penalised, (logit) => logit / divisor)),
  };
}

/** @param ids the candidates that are told apart. */
export function stageSummary(
  { by, probability, cut }: Stage,
  before: Float64Array | undefined,
  ids: Int32Array,
  seen: ReadonlySet<number>,
): SamplerStage {
  const listed = new Set(ids);
  // Temperature 0 keeps one: a cut like any other, though no filter made it.
  const argmaxCut = by === 'temperature' && before !== undefined && cut === NO_CUT;
  const lost = (id: number): boolean => (before?.[id] ?? 0) > 0 && probability[id] === 0;
  const isSeen = (id: number): boolean => seen.has(id);
  return {
    by,
    probability: Float64Array.from(ids, (id) => probability[id] ?? 0),
    tail: massWhere(probability, (id) => !listed.has(id)),
    kept: countWhere(probability, (id) => (probability[id] ?? 0) > 0),
    cutCount: argmaxCut ? countWhere(probability, lost) : cut.count,
    cutMass: argmaxCut ? massWhere(before, lost) : cut.mass,
    moved: before === undefined ? 0 : distance(before, probability),
    ...(by === 'penalty' && before !== undefined
      ? {
          seen: {
            count: countWhere(probability, isSeen),
            before: massWhere(before, isSeen),
            after: massWhere(probability, isSeen),
          },
        }
      : {}),
    entropy: entropy(probability),
  };
}

export function massWhere(probability: Float64Array, holds: (id: number) => boolean): number {
  return probability.reduce((sum, value, id) => (holds(id) ? sum + value : sum), 0);
}

function countWhere(probability: Float64Array, holds: (id: number) => boolean): number {
  return probability.reduce((count, _, id) => (holds(id) ? count + 1 : count), 0);
}

/** Total variation: the mass that has to move to make one distribution the other. */
function distance(one: Float64Array, other: Float64Array): number {
  return one.reduce((sum, value, id) => sum + Math.abs(value - (other[id] ?? 0)), 0) / 2;
}
