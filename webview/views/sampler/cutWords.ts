// What each filter did, in words and numbers. Pure.
import type { SamplerStage, SamplerStep } from '../../../src/protocol/sampler';
import type { SamplerSettings } from '../../../src/protocol/sampler';

/** The filter as it is set: 'top-k 40'. */
export function stageName(by: SamplerStage['by'], settings: SamplerSettings): string {
  switch (by) {
    case 'model':
      return 'model';
    case 'penalty':
      return `repetition penalty ${settings.repetitionPenalty}`;
    case 'temperature':
      return `temperature ${settings.temperature}`;
    case 'topK':
      return `top-k ${settings.topK ?? ''}`;
    case 'topP':
      return `top-p ${settings.topP ?? ''}`;
    case 'minP':
      return `min-p ${settings.minP ?? ''}`;
    default:
      return by satisfies never;
  }
}

/** The last row that may be drawn; rows below are cut. The whole length when nothing listed is cut. */
export function keptRows({ stages }: Pick<SamplerStep, 'stages'>): number {
  const last = stages.at(-1)?.probability ?? new Float64Array(0);
  const first = last.indexOf(0);
  return first < 0 ? last.length : first;
}

/** Both columns are drawn on this scale: the greatest probability in either. */
export function scaleOf({ stages }: Pick<SamplerStep, 'stages'>): number {
  const ends = [stages[0], stages.at(-1)];
  return Math.max(1e-12, ...ends.flatMap((stage) => [...(stage?.probability ?? []), stage?.tail ?? 0]));
}

export function probabilityText(probability: number): string {
  if (probability === 0) return '0';
  return probability >= 0.0005 ? probability.toFixed(3) : probability.toExponential(1);
}
