// The saved picture of the Images view: the large image with its bits, the bits so far, regions and pixels by bits, the
// pixel's distribution, the images in sight and their histogram, by the painters that draw them on the screen.
import type { ImagesContent, ImagesPoint } from '../../../src/protocol/imagesView';
import { barsPainting } from '../../plots/barsPainter';
import { histogramPainting } from '../../plots/histogramPainter';
import { paintLevels } from '../../plots/levelsPainter';
import type { LineChart } from '../../plots/lineChart';
import type { Painting, Picture } from '../../ui/picture';
import type { LegendKey } from '../../ui/pictureLegend';
import { css, type Rgb } from '../../ui/shades';
import type { Theme } from '../../ui/theme';
import { channelName, classWords, placeWords } from '../../ui/pixelWords';
import { orderWords } from './along';
import { pixelBars, subpixelsIn, type ImageAnalysis } from './analysis';
import type { Gallery } from './gallery';
import { givenWords } from './given';
import { captionOf } from './grid';
import { paintGrid, type GridPicture } from './gridPainter';
import { channelsOf } from './heat';
import { bitsBins } from './ledger';
import { legendKeys } from './legend';
import { probabilities, type Drawn } from './look';
import { regionWords, type Region } from './regions';
import type { Settings } from './settings';
import { paintStage, stageSize, type Stage } from './stagePainter';

export interface PictureParts {
  readonly title: string;
  readonly subtitle: string;
  readonly description: string;
  readonly content: ImagesContent;
  readonly gallery: Gallery;
  readonly drawn: Drawn | undefined;
  readonly analysis: ImageAnalysis | undefined;
  readonly stage: Stage | undefined;
  /** The curve of the bits so far. */
  readonly along: LineChart | null;
  readonly grid: GridPicture | undefined;
  readonly point: ImagesPoint | undefined;
  readonly settings: Settings;
  readonly shades: readonly Rgb[];
  readonly theme: Theme;
}

const LEVELS = { width: 400, height: 140 };

export function imagesPicture(parts: PictureParts): Picture {
  const { title, description, drawn, shades, theme, content } = parts;
  const given = givenWords(content, parts.gallery);
  const subtitle = given === '' ? parts.subtitle : `${parts.subtitle} · ${given}`;
  const nats = drawn?.look.nats ?? null;
  const uniform =
    nats === null ? 0 : Math.log2(nats.levels) * channelsOf(nats, parts.settings.channel).length;
  const legend =
    drawn === undefined || nats === null
      ? [
          {
            kind: 'outline' as const,
            colour: css(shades[128] ?? [0, 0, 0]),
            label: 'no run scores these images',
          },
        ]
      : [...legendKeys(shades, drawn.end, uniform), ...outlineKeys(parts)];
  const paintings = [
    stagePainting(parts),
    ...analysisPaintings(parts),
    ...levelPaintings(parts),
    gridPainting(parts),
  ];
  if (parts.gallery.scored > 1) {
    const outlined = drawn === undefined ? '' : `; outlined: image ${drawn.look.image + 1}`;
    const caption = `Images by bits/dim, ${parts.gallery.scored} images, ${content.model?.likelihood ?? 'none'}${outlined}`;
    paintings.push(histogramPainting(bitsBins(parts.gallery, drawn?.look.image ?? -1), theme, caption));
  }
  return {
    title,
    subtitle,
    description,
    legend,
    paintings: paintings.filter((one) => one !== undefined),
    theme,
  };
}

function stagePainting({ stage, drawn, theme, settings, content }: PictureParts): Painting | undefined {
  if (stage === undefined || drawn === undefined) return undefined;
  const given = classWords(content.model, drawn.look.nats?.label ?? null);
  const beside = drawn.heat !== undefined && settings.mode === 'beside';
  return {
    ...stageSize(stage.layout),
    caption: `Image ${drawn.look.image + 1}${given === '' ? '' : `, ${given}`}${drawn.heat === undefined ? '' : beside ? ': pixels, and their bits' : ': bits over the pixels'}`,
    paint: (brush) => paintStage(brush, stage, theme),
  };
}

function outlineKeys({ stage, theme }: PictureParts): LegendKey[] {
  if (stage === undefined || stage.outlines.length === 0) return [];
  const colour = theme.color('ar-fg');
  return [
    { kind: 'outline', colour, label: 'least likely regions, numbered' },
    { kind: 'outline', colour, dash: [5, 4], label: 'most likely regions, numbered' },
  ];
}

function analysisPaintings({
  analysis,
  along,
  stage,
  theme,
  content,
}: PictureParts): Array<Painting | undefined> {
  if (analysis === undefined) return [];
  const badge = content.model?.likelihood ?? 'none';
  const at = stage === undefined ? 0 : stage.row * analysis.nats.width + stage.column;
  const regions = (title: string, found: readonly Region[]) =>
    regionPainting(
      `${title} of ${analysis.side} × ${analysis.side} pixels, bits/dim, ${badge}`,
      found,
      analysis,
      theme,
    );
  return [
    along?.painting(`Bits so far, ${badge}, ${orderWords(analysis.generation)}`),
    regions('Least likely regions', analysis.least),
    regions('Most likely regions', analysis.most),
    histogramPainting(
      pixelBars(analysis, at),
      theme,
      `Pixels of this image by bits, ${badge}; outlined: the pixel at the crosshair`,
    ),
  ];
}

/** Room for the widest of 'rows 1021–1024, columns 1021–1024' with its number. */
const REGION_LABEL = 230;

function regionPainting(
  caption: string,
  regions: readonly Region[],
  analysis: ImageAnalysis,
  theme: Theme,
): Painting {
  const rate = (region: Region) => region.bits / subpixelsIn(region, analysis);
  // One scale for both kinds: what is likely has short bars.
  const longest = Math.max(Number.MIN_VALUE, ...[...analysis.least, ...analysis.most].map(rate));
  const rows = regions.map((region, index) => ({
    label: `${index + 1}  ${regionWords(region)}`,
    text: rate(region).toFixed(2),
    share: rate(region) / longest,
    look: 'filled' as const,
  }));
  return barsPainting(rows, theme, caption, REGION_LABEL);
}

function levelPaintings({ drawn, point, settings, theme }: PictureParts): Painting[] {
  const nats = drawn?.look.nats ?? null;
  if (nats === null || point === undefined) return [];
  const { row, column } = point;
  return channelsOf(nats, settings.channel).map((c) => ({
    ...LEVELS,
    caption: `${placeWords(row, column)}, ${channelName(nats, c)}: probability of each level`,
    paint: (brush) =>
      paintLevels(
        brush,
        {
          ...LEVELS,
          probability: probabilities(point, c),
          level: nats.level[(row * nats.width + column) * nats.channels + c] ?? -1,
        },
        theme,
      ),
  }));
}

function gridPainting({ grid, gallery, theme }: PictureParts): Painting | undefined {
  if (grid === undefined) return undefined;
  return {
    width: grid.layout.columns * 64,
    height: grid.height,
    caption: gallery.scored === 0 ? 'Images' : `Images, ${captionOf(gallery)}`,
    paint: (brush) => paintGrid(brush, grid, theme),
  };
}
