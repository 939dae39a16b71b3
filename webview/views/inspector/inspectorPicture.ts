// What “Save picture” saves of the Inspector: what was expected as bars, of a token each head's strongest weight as a map.
import { NATS_PER_BIT } from '../../../src/protocol/figure';
import type { InspectedAttention, TokenInspection } from '../../../src/protocol/inspect';
import type { InspectedPixel, InspectedToken } from '../../../src/protocol/inspectorView';
import { barsPainting, type BarRow } from '../../plots/barsPainter';
import { fitText } from '../../ui/fitText';
import type { Brush } from '../../ui/brush';
import { formatCount, visibleToken } from '../../ui/format';
import type { Painting, Picture } from '../../ui/picture';
import { channelName } from '../../ui/pixelWords';
import type { LegendKey } from '../../ui/pictureLegend';
import { readTheme, type Theme } from '../../ui/theme';
import { attendedBy, shadeOf } from './heads';
import { distribution, formatProbability, levelDistribution, type Distribution } from './rows';

const SHADES = 16;

export function pictureOf(title: string, sentence: string, content: InspectedToken): Picture {
  const { inspection, file, line, column, model } = content;
  const { attention } = inspection;
  const theme = readTheme();
  const heads = 'none' in attention ? undefined : attention;
  return {
    title,
    subtitle: `${visibleToken(inspection.at.text)} · ${file} ${line}:${column} · ${model}${numbersOf(inspection)}`,
    description: sentence,
    legend: [...barKeys(theme, 'token in the text'), ...(heads === undefined ? [] : [scaleOf(theme)])],
    paintings: [
      ...(inspection.scored === null
        ? []
        : [expected(distribution(inspection), theme, 'Expected here, probability of 1')]),
      ...(heads === undefined ? [] : [headMap(heads, theme)]),
    ],
    theme,
  };
}

function numbersOf({ scored, likelihood, vocabulary }: TokenInspection): string {
  if (scored === null) return '';
  const bits = (nats: number) => Math.max(0, nats / NATS_PER_BIT).toFixed(2);
  const rank = `rank ${formatCount(scored.rank)} of ${formatCount(vocabulary)}`;
  return ` · ${bits(-scored.logProb)} bits over 1 token, ${likelihood} · ${rank} · per-context entropy ${bits(scored.entropy)} bits over 1 context, ${likelihood}`;
}

/** @param channel of the pixel, from 0 */
export function pixelPictureOf(
  title: string,
  sentence: string,
  content: InspectedPixel,
  channel: number,
): Picture {
  const { distribution: found, about, model } = content;
  const theme = readTheme();
  const caption = `Expected here, ${channelName(found, channel)}, probability of 1, ${about.likelihood}`;
  return {
    title,
    subtitle: `${sentence} · ${model}`,
    description: sentence,
    legend: barKeys(theme, 'level in the image'),
    paintings: [expected(levelDistribution(found, channel), theme, caption)],
    theme,
  };
}

const barKeys = (theme: Theme, what: string): LegendKey[] => [
  { kind: 'box', colour: theme.color('ar-seen'), label: 'probability' },
  { kind: 'box', colour: theme.color('ar-fg'), label: `of the ${what}` },
  { kind: 'outline', colour: theme.color('ar-quiet'), label: 'of all others' },
];

const scaleOf = (theme: Theme): LegendKey => ({
  kind: 'scale',
  colours: Array.from({ length: SHADES }, (_, shade) => theme.color(`ar-seq-${shade}`)),
  marks: [0, 0.25, 1].map((weight) => ({ at: Math.sqrt(weight), text: String(weight) })),
  label: 'strongest attention weight, square-root scale',
});

function expected({ rows, rest, scale }: Distribution, theme: Theme, caption: string): Painting {
  const bars = rows.map(({ text, probability, occurred }): BarRow => ({
    label: visibleToken(text),
    text: formatProbability(probability),
    share: probability / scale,
    look: occurred ? 'marked' : 'filled',
  }));
  const others: BarRow = {
    label: `${formatCount(rest.count)} ${rest.count === 1 ? 'other' : 'others'}`,
    text: formatProbability(rest.mass),
    share: rest.mass / scale,
    look: 'hollow',
  };
  return barsPainting(rest.count > 0 ? [...bars, others] : bars, theme, caption);
}

const ROW = 16;
const NAME = 28;
const MEAN = 130;
const WIDTH = 480;

function headMap(attention: InspectedAttention, theme: Theme): Painting {
  const { layers } = attention;
  const paint = (brush: Brush) => {
    for (let layer = 0; layer < layers; layer++) paintLayer(brush, attention, layer, theme);
  };
  const caption = 'Looked at: strongest weight of each head; right, of the layer’s mean';
  return { width: WIDTH, height: layers * ROW, caption, paint };
}

function paintLayer(brush: Brush, attention: InspectedAttention, layer: number, theme: Theme): void {
  const { heads } = attention;
  const top = layer * ROW;
  const pitch = (WIDTH - NAME - MEAN) / heads;
  brush.font = theme.font(11, 1);
  brush.textBaseline = 'middle';
  brush.textAlign = 'left';
  brush.fillStyle = theme.color('ar-quiet');
  brush.fillText(`L${layer + 1}`, 0, top + ROW / 2);
  for (let head = 0; head < heads; head++) {
    const weight = attendedBy(attention, { layer, head })[0]?.weight ?? 0;
    brush.fillStyle = theme.color(`ar-seq-${shadeOf(weight)}`);
    brush.fillRect(NAME + head * pitch, top, pitch - (pitch > 3 ? 1 : 0), ROW - 1);
  }
  const [strongest] = attendedBy(attention, { layer });
  brush.fillStyle = theme.color('ar-fg');
  brush.fillText(
    fitText(brush, visibleToken(strongest?.seen.text ?? ''), 76),
    WIDTH - MEAN + 8,
    top + ROW / 2,
  );
  brush.textAlign = 'right';
  brush.fillText(formatProbability(strongest?.weight ?? 0), WIDTH, top + ROW / 2);
}
