// The saved picture of the Images view: the large image with its bits, the pixel's distribution, the images in sight and
// the histogram, by the painters that draw them on the screen.
import type { ImagesContent, ImagesPoint } from '../../../src/protocol/imagesView';
import { histogramPainting } from '../../plots/histogramPainter';
import { paintLevels } from '../../plots/levelsPainter';
import type { Painting, Picture } from '../../ui/picture';
import { css, type Rgb } from '../../ui/shades';
import type { Theme } from '../../ui/theme';
import type { Gallery } from './gallery';
import { classWords, givenWords } from './given';
import { captionOf } from './grid';
import { paintGrid, type GridPicture } from './gridPainter';
import { channelName, channelsOf } from './heat';
import { bitsBins } from './ledger';
import { legendKeys } from './legend';
import { placeWords, probabilities, type Drawn } from './look';
import type { Settings } from './settings';
import { paintStage, stageSize, type Stage } from './stagePainter';

export interface PictureParts {
  readonly title: string;
  readonly subtitle: string;
  readonly description: string;
  readonly content: ImagesContent;
  readonly gallery: Gallery;
  readonly drawn: Drawn | undefined;
  readonly stage: Stage | undefined;
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
      : legendKeys(shades, drawn.end, uniform);
  const paintings = [stagePainting(parts), ...levelPaintings(parts), gridPainting(parts)];
  if (parts.gallery.scored > 1) {
    const caption = `Images by bits/dim, ${parts.gallery.scored} images, ${content.model?.likelihood ?? 'none'}`;
    paintings.push(histogramPainting(bitsBins(parts.gallery), theme, caption));
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
