// The `sampleImages` call: images from a model, each as levels with their log-probabilities and as a PNG.
import { subpixelsOf } from '../../families/imageFamily';
import type { CallContext } from '../../protocol/calls';
import { ArLensError } from '../../protocol/errors';
import type { SampleImagesParams, SampleImagesProgress, SampleImagesResult } from '../../protocol/images';
import { drawImages } from './drawImages';
import { drawnConditions } from './drawnConditions';
import type { LoadedImageModel } from './imageFolder';
import { keptPixels } from './keepRegion';
import { pictureGrid } from './pictureGrid';

const MOST_IMAGES = 1000;

export async function sampleImages(
  loaded: LoadedImageModel,
  params: SampleImagesParams,
  context: CallContext<SampleImagesProgress>,
): Promise<SampleImagesResult> {
  const { family, model, facts } = loaded;
  const { seed, count = 1, class: label, guidance, temperature, topK, topP, minP } = params;
  const whole = (name: string, value: number, least: number, most: number): void => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new ArLensError(
      'badInput',
      `${name}: expected a whole number from ${least} to ${most}, got ${value}.`,
    );
  };
  whole('count', count, 1, MOST_IMAGES);
  whole('seed', seed, 0, 4_294_967_295);
  if (label !== undefined && model.classes === 0) {
    throw new ArLensError('badInput', 'class: expected none, because this model knows no classes, got one.');
  }
  if (label !== undefined) whole('class', label, 0, model.classes - 1);
  if (guidance !== undefined && label === undefined) {
    throw new ArLensError('badInput', 'guidance: expected a class to be guided to, got none.');
  }
  const { keep, condition } = params;
  const kept = keep && (await keptPixels(loaded, keep));
  const drawn = await drawnConditions(loaded, {
    count,
    ...(condition ? { condition } : {}),
    ...(keep ? { keep } : {}),
  });
  const began = performance.now();
  const { levels, logProb } = await drawImages(model, {
    count,
    seed,
    signal: context.signal,
    onRow: (row, rows) => context.progress({ row, rows }),
    ...(kept ? { kept } : {}),
    ...(drawn ? { condition: drawn.values } : {}),
    ...(label === undefined ? {} : { label }),
    ...(guidance === undefined ? {} : { guidance }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topK === undefined ? {} : { topK }),
    ...(topP === undefined ? {} : { topP }),
    ...(minP === undefined ? {} : { minP }),
  });
  const seconds = (performance.now() - began) / 1000;
  const size = subpixelsOf(facts);
  const { order } = family.taps(model.config as typeof family.example, facts);
  const left = kept ? kept.where.reduce((most, each) => most - each, size) : size;
  return {
    family: family.id,
    height: facts.height,
    width: facts.width,
    channels: facts.channels,
    levels: facts.levels,
    count,
    seed,
    pixels: levels,
    logProb,
    ...(order ? { order } : {}),
    ...(kept ? { kept: kept.where } : {}),
    ...(drawn ? { given: drawn.given } : {}),
    under:
      guidance === undefined || guidance === 0 || guidance === 1 ? 'the model' : 'the guided distribution',
    likelihood: family.likelihood,
    elementsPerSecond: (left * count) / seconds,
    pictures: Array.from({ length: count }, (_, image) =>
      pictureGrid(levels.subarray(image * size, (image + 1) * size), facts),
    ),
  };
}
