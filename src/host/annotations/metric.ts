// What the colour of a token stands for. All three metrics are in bits, so that one scale and one threshold serve them.
import { NATS_PER_BIT } from '../../protocol/figure';

export const METRICS = ['surprisal', 'rank', 'entropy'] as const;
export type Metric = (typeof METRICS)[number];

export const METRIC_LABELS: Readonly<Record<Metric, string>> = {
  surprisal: 'Surprisal: −log₂ p of the token, bits',
  rank: 'Rank: log₂ of the token’s rank among the vocabulary, bits',
  entropy: 'Per-context entropy: how open the model was before the token, bits',
};

/**
 * @param logProb nats; NaN where the token has no context
 * @param entropy nats
 * @param rank 1 = the most likely token
 * @returns bits; NaN where there is no value
 */
export function metricBits(metric: Metric, logProb: number, entropy: number, rank: number): number {
  if (Number.isNaN(logProb)) return NaN;
  switch (metric) {
    case 'surprisal':
      return Math.max(0, -logProb / NATS_PER_BIT);
    case 'entropy':
      return Math.max(0, entropy / NATS_PER_BIT);
    case 'rank':
      return Math.log2(Math.max(1, rank));
    default:
      return metric satisfies never;
  }
}

export function isMetric(value: unknown): value is Metric {
  return METRICS.some((metric) => metric === value);
}
