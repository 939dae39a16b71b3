// What “Save picture” saves of the Information view: its charts from top to bottom, and the shares of the classes.
import type { InformationContent } from '../../../src/protocol/informationView';
import { barsPainting } from '../../plots/barsPainter';
import type { LineChart } from '../../plots/lineChart';
import { formatValue } from '../../ui/format';
import type { Picture } from '../../ui/picture';
import type { LegendKey } from '../../ui/pictureLegend';
import { readTheme, type Theme } from '../../ui/theme';
import { distanceSentence, reportSentence } from './words';

const CAPTIONS = {
  positions: 'Entropy and surprisal by position, bits a token',
  contexts: 'The selected token by tokens of context, bits',
  information: 'Mutual information by distance in tokens, bits',
  residuals: '',
} as const;

export function informationPicture(
  title: string,
  { report, file, label }: InformationContent,
  charts: ReadonlyMap<string, LineChart>,
): Picture {
  const theme = readTheme();
  const classes = report.classes.map((each) => ({
    label: each.label,
    text: each.share === null ? 'none' : `${formatValue(100 * each.share, 1)} %`,
    share: each.share ?? 0,
    look: 'filled' as const,
  }));
  return {
    title,
    subtitle: `${label} · ${reportSentence(file, report)}`,
    description: `${reportSentence(file, report)}. ${distanceSentence(report)}`,
    legend: legendOf(theme),
    paintings: [
      ...Object.entries(CAPTIONS).flatMap(([name, caption]) => charts.get(name)?.painting(caption) ?? []),
      barsPainting(classes, theme, `Share of the ${formatValue(report.summary.nll / Math.LN2, 1)} bits`),
    ],
    theme,
  };
}

function legendOf(theme: Theme): LegendKey[] {
  const line = (colour: string, label: string, dash: readonly number[] = []): LegendKey => ({
    kind: 'line',
    colour: theme.color(colour),
    dash,
    label,
  });
  return [
    line('ar-line-4', 'per-context entropy', [4, 2]),
    line('ar-line-1', 'surprisal of the token that came'),
    { kind: 'dot', colour: theme.color('ar-line-1'), label: 'mutual information of this text' },
    { kind: 'ring', colour: theme.color('ar-quiet'), label: 'the same, shuffled' },
    line('ar-line-2', 'exponential fit'),
    line('ar-line-4', 'power law fit', [6, 3]),
    line('ar-floor', 'mean; most that chance gave; no residual', [2, 3]),
  ];
}
