// The image sampler's saved picture, and the images alone, a pixel a pixel, side by side as a PNG.
import type { GivenConditions } from '../../../src/protocol/imageCondition';
import type { ImageSamplerContent } from '../../../src/protocol/imageSamplerView';
import { paintLevels } from '../../plots/levelsPainter';
import { treePainting } from '../../plots/tree';
import type { Painting, Picture } from '../../ui/picture';
import type { LegendKey } from '../../ui/pictureLegend';
import { paintPictures, picturesSize } from '../../ui/pixelPicture';
import type { Theme } from '../../ui/theme';
import { isPlain } from './distributions';
import type { DrawnImages } from './drawing';
import { branchTreeWords, treeOf } from './imageBranches';
import { paintImages, type ImagesPicture } from './imagesPainter';
import { GIVEN_SIDE } from './givenBar';
import { settingsWords } from './settingsWords';
import { channelWord, givenFrom, imageWords, nextWords } from './words';

const LEVELS = { width: 400, height: 140 };

export function samplerPicture(
  title: string,
  content: ImageSamplerContent,
  { drawn, given }: { readonly drawn: DrawnImages; readonly given: GivenConditions | null },
  images: ImagesPicture,
  theme: Theme,
): Picture {
  const { next, model, label, choice } = content;
  const paintings: Painting[] = [
    {
      width: images.layout.width,
      height: images.layout.height,
      caption: `${drawn.stepsOf(choice.image)} of ${content.steps} sub-pixels`,
      paint: (brush) => paintImages(brush, images, theme),
    },
  ];
  if (given !== null) {
    const size = picturesSize(given, Math.max(images.layout.width, GIVEN_SIDE), GIVEN_SIDE);
    paintings.push({
      width: size.width,
      height: size.height,
      caption: `given ${given.words}, of ${givenFrom(given)}`,
      paint: (brush) => paintPictures(brush, given, size),
    });
  }
  if (next !== null) {
    paintings.push({
      ...LEVELS,
      caption: `${nextWords(content)}: probability of each level`,
      paint: (brush) =>
        paintLevels(
          brush,
          {
            ...LEVELS,
            probability: Float64Array.from(next.probability),
            level: next.level,
            word: next.isKept ? 'kept' : 'the seed draws',
            ...(isPlain(choice.settings) ? {} : { before: Float64Array.from(next.logProb, Math.exp) }),
          },
          theme,
        ),
    });
  }
  if (content.stretches.length > 0)
    paintings.push(treePainting(treeOf(content), branchTreeWords(content), theme));
  return {
    title,
    subtitle: `${label} · ${settingsWords(choice.settings)} · ${channelWord(model.channels, 0) === 'grey' ? 'grey' : 'RGB'}`,
    description: imageWords(content, drawn),
    legend: legendKeys(content, theme),
    paintings,
    theme,
  };
}

export function legendKeys(
  { keeping, next, stretches, choice }: ImageSamplerContent,
  theme: Theme,
): LegendKey[] {
  return [
    ...(stretches.length === 0
      ? []
      : [
          { kind: 'line' as const, colour: theme.color('ar-link'), label: 'path to where it stands' },
          {
            kind: 'line' as const,
            colour: theme.color('ar-quiet'),
            label: 'other branches; thicker is likelier',
          },
        ]),
    { kind: 'hatched', colour: theme.color('ar-bar-rim'), label: 'not drawn yet' },
    ...(next === null || isPlain(choice.settings)
      ? []
      : [{ kind: 'line' as const, colour: theme.color('ar-fg'), label: 'before temperature and cuts' }]),
    ...(next === null
      ? []
      : [{ kind: 'outline' as const, colour: theme.color('ar-fg'), label: 'the pixel that comes next' }]),
    ...(keeping === null
      ? []
      : [{ kind: 'line' as const, colour: theme.color('ar-blind'), dash: [4, 3], label: 'kept' }]),
  ];
}

const GAP = 1;

/** Side by side with a pixel between; what is not drawn is transparent. */
export async function imagesPng(drawn: DrawnImages): Promise<Uint8Array> {
  const columns = Math.ceil(Math.sqrt(drawn.count));
  const rows = Math.ceil(drawn.count / columns);
  const canvas = new OffscreenCanvas(columns * (drawn.width + GAP) - GAP, rows * (drawn.height + GAP) - GAP);
  const context = canvas.getContext('2d');
  for (let image = 0; image < drawn.count; image++) {
    const x = (image % columns) * (drawn.width + GAP);
    context?.drawImage(drawn.picture(image), x, Math.floor(image / columns) * (drawn.height + GAP));
  }
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return new Uint8Array(await blob.arrayBuffer());
}
