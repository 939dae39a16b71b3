// `ar-lens sample` of images: PNG files, or a picture of blocks in the terminal where no file is named.
import { resolve } from 'node:path';
import { savePictures } from '../../engine/images/savePictures';
import type { KeepRegion, SampleImagesProgress, SampleImagesResult } from '../../protocol/images';
import { given, type CommonOptions } from '../options';
import { count } from '../output';
import { callContext, type Session } from '../session';
import { classNumber } from './imageClass';

export interface SampleImagesOptions extends CommonOptions {
  readonly model: string;
  readonly seed: number;
  readonly count?: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  /** A number or a name. */
  readonly class?: string;
  readonly guidance?: number;
  readonly inpaint?: string;
  readonly keep?: readonly number[];
  readonly image?: number;
  readonly condition?: string;
  readonly conditionImage?: number;
  readonly out?: string;
}

const SHADES = ' ░▒▓█';

export async function sampleImages(session: Session, options: SampleImagesOptions): Promise<void> {
  const { seed, temperature, topK, topP, minP, guidance, inpaint, keep: region, image, out } = options;
  const { condition, conditionImage } = options;
  const keep =
    inpaint === undefined
      ? undefined
      : { file: resolve(inpaint), region: region as KeepRegion['region'], ...given({ image }) };
  const label = options.class === undefined ? undefined : await classNumber(session, options, options.class);
  const live = process.stderr.isTTY && !options.json;
  const result = await session.engine(options).sampleImages(
    {
      model: resolve(options.model),
      seed,
      ...given({ temperature, topK, topP, minP, guidance, keep, count: options.count, class: label }),
      ...(condition === undefined && conditionImage === undefined
        ? {}
        : { condition: given({ file: condition && resolve(condition), image: conditionImage }) }),
    },
    callContext<SampleImagesProgress>(session, ({ row, rows }) => {
      if (live) process.stderr.write(`\r\x1b[Krow ${row} of ${rows}`);
    }),
  );
  if (live) process.stderr.write('\r\x1b[K');
  const files = out === undefined ? [] : await savePictures(resolve(out), result.pictures);
  if (options.json) return session.out.json(asJson(result, files));
  if (out === undefined) {
    for (let image = 0; image < result.count; image++) await session.out.line(blocks(result, image));
  }
  for (const file of files) await session.out.line(file);
  const nats = -result.logProb.reduce((sum, value) => sum + value, 0) / result.count;
  const left = result.kept?.reduce((sum, each) => sum - each, result.kept.length);
  if (left !== undefined) {
    session.say(
      `Causal-order inpainting: ${count(left)} of ${count(result.pixels.length / result.count)} sub-pixels of each image were drawn; ` +
        'those before the kept ones in the order of generation know nothing of them.',
    );
  }
  session.say(
    `${count(result.pixels.length)} sub-pixels, ${count(Math.round(result.elementsPerSecond))} sub-pixels/s, seed ${seed}; ` +
      `${nats.toFixed(4)} nats/image over ${result.count} under ${result.under} (${result.likelihood})` +
      (result.given ? `, given ${result.given.words} of ${result.given.source}` : ''),
  );
}

/** `elements` are the first image's; every image's stand in `samples`. */
function asJson(result: SampleImagesResult, files: readonly string[]): object {
  const size = result.pixels.length / result.count;
  const elements = (image: number): object[] =>
    Array.from({ length: size }, (_, at) => ({
      id: result.pixels[image * size + at],
      logProb: result.logProb[image * size + at],
    }));
  const { height, width, channels, levels, seed, likelihood, under, elementsPerSecond, order, kept } = result;
  const { given: drawnGiven } = result;
  return {
    ...(files.length > 0 ? { files } : {}),
    seed,
    unit: 'subpixel',
    likelihood,
    under,
    height,
    width,
    channels,
    levels,
    count: size,
    ...(order ? { order } : {}),
    ...(kept ? { inpainting: 'causal-order', kept } : {}),
    ...(drawnGiven ? { given: { ...drawnGiven, pixels: undefined } } : {}),
    elements: elements(0),
    elementsPerSecond,
    ...(result.count > 1
      ? { samples: Array.from({ length: result.count }, (_, image) => ({ elements: elements(image) })) }
      : {}),
  };
}

function blocks({ height, width, channels, levels, pixels }: SampleImagesResult, image: number): string {
  const size = height * width * channels;
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => {
      const at = image * size + (row * width + column) * channels;
      const mean = pixels.subarray(at, at + channels).reduce((sum, level) => sum + level, 0) / channels;
      const shade = SHADES[Math.round((mean / (levels - 1)) * (SHADES.length - 1))] ?? ' ';
      return shade + shade;
    }).join(''),
  ).join('\n');
}
