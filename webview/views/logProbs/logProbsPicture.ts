// What “Save picture” saves of the Log-probs view: the strip at its zoom, the curves, and the histogram of its colours.
import type { LogProbsContent } from '../../../src/protocol/logProbs';
import { histogramPainting } from '../../plots/histogramPainter';
import type { LineChart } from '../../plots/lineChart';
import type { Picture } from '../../ui/picture';
import type { LegendKey } from '../../ui/pictureLegend';
import { readTheme, type Theme } from '../../ui/theme';
import type { Analysis } from './analysis';
import type { Colours } from './settings';
import type { StripPainter, Zoom } from './stripPainter';
import { binCount, colorOf, rangeOf, SURPRISAL_BINS, type StripSource } from './stripSource';

/** What is on the screen; null while it is not. */
export interface Drawn {
  strip: StripPainter | null;
  cumulative: LineChart | null;
  rolling: LineChart | null;
}

const STRIPS: Readonly<Record<Zoom, string>> = {
  file: 'Tokens of the whole file',
  paragraph: 'Tokens on the page around the focus',
  token: 'Tokens around the focus, with their bits',
};

export function pictureOf(
  title: string,
  sentence: string,
  shown: {
    readonly content: LogProbsContent;
    readonly analysis: Analysis;
    readonly drawn: Drawn;
    readonly colours: Colours;
    readonly zoom: Zoom;
  },
): Picture {
  const { content, analysis, drawn, colours, zoom } = shown;
  const theme = readTheme();
  const { kind } = analysis.source(colours);
  const { first, second } = analysis;
  const line = (colour: string, label: string, dash: readonly number[]): LegendKey => ({
    kind: 'line',
    colour: theme.color(colour),
    dash,
    label,
  });
  const lines =
    second === undefined
      ? []
      : [line('ar-line-1', first.run.label, []), line('ar-line-4', second.run.label, [5, 3])];
  return {
    title,
    subtitle: `${content.file} · ${content.first.label} · ${sentence}`,
    description: `${STRIPS[zoom]}; bits so far and rolling bits/byte over the bytes of the file; histogram.`,
    legend: [scaleOf(kind, theme), ...lines],
    paintings: [
      drawn.strip?.painting(STRIPS[zoom]),
      drawn.cumulative?.painting('Bits so far, by byte of the file'),
      drawn.rolling?.painting('Rolling bits/byte, by byte of the file'),
      histogram(kind, analysis.histogram(colours), theme),
    ].filter((one) => one !== undefined),
    theme,
  };
}

function scaleOf(kind: StripSource['kind'], theme: Theme): LegendKey {
  const bins = binCount(kind);
  const colours = Array.from({ length: bins }, (_, bin) => theme.color(colorOf(kind, bin)));
  if (kind === 'surprisal') {
    const marks = [0, 4, 8, SURPRISAL_BINS - 1].map((bits) => ({
      at: bits / bins,
      text: bits === SURPRISAL_BINS - 1 ? `${bits}+` : String(bits),
    }));
    return { kind: 'scale', colours, marks, label: 'surprisal, bits a token' };
  }
  const marks = [-4, 0, 4].map((bits) => ({ at: (bits + 5.5) / bins, text: String(bits).replace('-', '−') }));
  return { kind: 'scale', colours, marks, label: 'difference, first − second, bits a stretch' };
}

function histogram(kind: StripSource['kind'], counts: readonly number[], theme: Theme) {
  const bins = counts.map((count, bin) => ({
    label: labelOf(kind, bin),
    range: rangeOf(kind, bin),
    count,
    colour: colorOf(kind, bin),
    hollow: false,
  }));
  const caption = kind === 'surprisal' ? 'Tokens by surprisal, bits' : 'Stretches by first − second, bits';
  return histogramPainting(bins, theme, caption);
}

function labelOf(kind: StripSource['kind'], bin: number): string {
  if (kind === 'surprisal') return bin === SURPRISAL_BINS - 1 ? `${bin}+` : String(bin);
  const middle = bin - 5;
  return middle === 0 ? '0' : `${middle < 0 ? '−' : '+'}${Math.abs(middle)}`;
}
