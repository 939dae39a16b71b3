// What each filter did, in words and numbers. Pure.
import type { SamplerSettings, SamplerStage } from '../../../src/protocol/sampler';
import type { Comparison } from './comparison';

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

/** The heads of the two columns. */
export function columnNames({ by }: Comparison, settings: SamplerSettings): readonly [string, string] {
  if (by === 'all') return ['model', 'drawn from'];
  const name = stageName(by, settings);
  return [`before ${name}`, `after ${name}`];
}

export function probabilityText(probability: number): string {
  if (probability === 0) return '0';
  return probability >= 0.0005 ? probability.toFixed(3) : probability.toExponential(1);
}

/** A share of the mass; what is too small for its digits is not called nothing. */
export function shareText(share: number): string {
  const percent = 100 * share;
  if (percent <= 1e-9) return '0';
  return percent < 0.05 ? '< 0.1' : percent.toFixed(1);
}
