// Which two distributions stand side by side, and in which order their rows do. Pure.
import type { SamplerDocument, SamplerStage, SamplerStep } from '../../../src/protocol/sampler';

export interface Comparison {
  /** The stage that lies between the two; 'all': the model's distribution and the one that is drawn from. */
  readonly by: SamplerDocument['compared'];
  readonly before: SamplerStage;
  readonly after: SamplerStage;
  /** Rows of the step's candidates: likeliest after first, then likeliest before. */
  readonly rows: readonly number[];
  /** How many rows stay; those below are cut. All of them when nothing listed is cut. */
  readonly kept: number;
  /** Both columns are drawn on this scale: the greatest probability in either. */
  readonly scale: number;
}

const NOTHING: SamplerStage = {
  by: 'model',
  probability: new Float64Array(0),
  tail: 0,
  kept: 0,
  cutCount: 0,
  cutMass: 0,
  moved: 0,
  entropy: 0,
};

/** A stage that is off compares nothing: then all of them are compared. */
export function comparisonOf(
  { stages, id }: Pick<SamplerStep, 'stages' | 'id'>,
  compared: SamplerDocument['compared'],
): Comparison {
  const at = stages.findIndex((stage, index) => index > 0 && stage.by === compared);
  const before = (at < 0 ? stages[0] : stages[at - 1]) ?? NOTHING;
  const after = (at < 0 ? stages.at(-1) : stages[at]) ?? NOTHING;
  const p = (stage: SamplerStage, row: number): number => stage.probability[row] ?? 0;
  const rows = Array.from(id.keys()).sort(
    (a, b) => p(after, b) - p(after, a) || p(before, b) - p(before, a) || a - b,
  );
  const first = rows.findIndex((row) => p(after, row) === 0);
  return {
    by: at < 0 ? 'all' : compared,
    before,
    after,
    rows,
    kept: first < 0 ? rows.length : first,
    scale: Math.max(1e-12, ...[before, after].flatMap(({ probability, tail }) => [...probability, tail])),
  };
}
