// What the Likelihood view shows for one document, built from the summary and the statistics. Pure.
import type { Figure } from '../../protocol/figure';
import { NATS_PER_BIT } from '../../protocol/figure';
import type { ScoreSummary } from '../../protocol/engine';
import type { LikelihoodContent } from '../../protocol/views';
import type { Metric } from './metric';

export interface LikelihoodInput {
  readonly file: string;
  readonly model: string;
  readonly device: string;
  readonly summary: ScoreSummary;
  readonly stale: boolean;
  readonly metric: Metric;
  readonly threshold: number;
  readonly histogram: readonly number[];
  readonly worst: LikelihoodContent['worst'];
}

export function likelihoodContent(input: LikelihoodInput): LikelihoodContent {
  const { summary, file, model, device, histogram, threshold, worst } = input;
  const text = note(input);
  return {
    file,
    model,
    device,
    figures: figures(summary),
    histogram,
    threshold,
    worst,
    ...(text === '' ? {} : { note: text }),
    window: { context: summary.context, stride: summary.stride },
  };
}

export function figures(summary: ScoreSummary): Figure[] {
  const badge = summary.likelihood;
  const perToken = { count: summary.scored, of: 'tokens', badge };
  return [
    { value: summary.bitsPerByte, unit: 'bits/byte', count: summary.bytes, of: 'bytes', badge },
    { value: summary.perplexity, unit: 'perplexity', ...perToken },
    { value: summary.nll / NATS_PER_BIT / summary.scored, unit: 'bits/token', ...perToken },
  ];
}

function note({ summary, stale, metric }: LikelihoodInput): string {
  const sentences: string[] = [];
  if (stale) sentences.push('Of the text before the last edit; new numbers are on their way.');
  if (metric !== 'surprisal') {
    sentences.push(
      `The editor’s colours and their threshold are of ${metric}, in bits; this view is of surprisal.`,
    );
  }
  if (summary.unknown > 0) {
    sentences.push(
      `Not comparable: ${summary.unknown} of ${summary.tokens} tokens were never seen in training.`,
    );
  }
  return sentences.join(' ');
}
