// The document's figures in words: CodeLens titles and the status bar. Pure text.
import type { ScoreSummary } from '../../protocol/engine';
import { grouped, perplexity } from './numbers';

export type Lens = 'likelihood' | 'perplexity' | 'model' | 'device' | 'unknown' | 'logProbs' | 'next';

export interface LensText {
  readonly lens: Lens;
  readonly title: string;
  readonly tooltip: string;
}

export interface SummaryInput {
  readonly summary: ScoreSummary;
  /** What people call the model: its run's name. */
  readonly model: string;
  readonly stale: boolean;
}

export function lensTexts({ summary, model, stale }: SummaryInput): LensText[] {
  const mark = stale ? '… ' : '';
  const lenses: LensText[] = [
    {
      lens: 'likelihood',
      title: `${mark}${bitsPerByte(summary)}`,
      tooltip: `NLL ÷ (ln 2 × ${grouped(summary.bytes)} bytes); NLL ${summary.nll.toFixed(2)} nats over ${grouped(summary.scored)} scored tokens`,
    },
    {
      lens: 'perplexity',
      title: `PPL ${perplexity(summary.perplexity)} over ${grouped(summary.scored)} tokens, stride ${grouped(summary.stride)}`,
      tooltip: `exp(NLL ÷ ${grouped(summary.scored)} tokens), windows of ${grouped(summary.context)} tokens every ${grouped(summary.stride)}`,
    },
    {
      lens: 'model',
      title: `${model}, ${summary.likelihood}`,
      tooltip: `${summary.family} with ${grouped(summary.vocabulary)} tokens; its likelihood is ${badgeWords(summary)}. Choose another model`,
    },
    { lens: 'device', title: summary.device, tooltip: 'Where the model runs. Show all devices' },
  ];
  if (summary.unknown > 0) {
    lenses.push({
      lens: 'unknown',
      title: `not comparable: ${grouped(summary.unknown)} of ${grouped(summary.tokens)} tokens unknown to the model`,
      tooltip:
        'Training never saw these; the model scores a stand-in, so the figure does not compare with other models’',
    });
  }
  lenses.push({
    lens: 'logProbs',
    title: 'Log-probs',
    tooltip: 'Where the likelihood goes: the whole file as a strip, curves, passages, ledger',
  });
  lenses.push({ lens: 'next', title: 'Next surprising token', tooltip: 'Go to the next underlined token' });
  return lenses;
}

export const bitsPerByte = (summary: ScoreSummary): string => `${summary.bitsPerByte.toFixed(2)} bits/byte`;

export const statusText = (summary: ScoreSummary): string =>
  `${bitsPerByte(summary)} · PPL ${perplexity(summary.perplexity)}, ${grouped(summary.scored)} tokens, stride ${grouped(summary.stride)} · ${summary.likelihood}`;

function badgeWords(summary: ScoreSummary): string {
  switch (summary.likelihood) {
    case 'exact':
      return 'exact';
    case 'bound':
      return 'an upper bound on the true NLL';
    case 'none':
      return 'not defined';
    default:
      return summary.likelihood satisfies never;
  }
}
