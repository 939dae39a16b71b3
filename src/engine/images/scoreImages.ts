// The `scoreImages` call: the likelihood of the images of a file, image by image and in all, in nats and bits/dim.
import { basename, dirname, join, resolve } from 'node:path';
import { openImages } from './openImages';
import type { ImageFamily } from '../../families/imageFamily';
import type { ImageSet } from '../../data/images';
import { quantize, type Quantizer } from '../../data/quantize';
import { bitsPerDimension } from '../../math/information';
import { CompensatedSum, standardError, sum } from '../../math/statistics';
import type { CallContext } from '../../protocol/calls';
import { ArLensError } from '../../protocol/errors';
import type { ScoredImagesProgress, ScoreImagesParams, ScoreImagesSummary } from '../../protocol/images';
import { RUN_FILES } from '../../protocol/run';
import { readBounded } from '../models/modelFiles';
import { imageSizeProblem } from '../spec/limits';
import { parseSpec } from '../spec/spec';
import { requireClasses } from './imageData';
import type { LoadedImageModel } from './imageFolder';
import { scoredBatches } from './imageLoss';

export async function scoreImages(
  loaded: LoadedImageModel,
  device: string,
  params: ScoreImagesParams,
  context: CallContext<ScoredImagesProgress>,
): Promise<ScoreImagesSummary> {
  const { facts, folder } = loaded;
  const set = await openFile(params, facts.channels);
  try {
    const quantizer = await quantizerOf(folder, facts.levels);
    return await scoreSet({ ...loaded, device, quantizer }, set, {
      file: params.file,
      signal: context.signal,
      report: ({ done, logProb }) => context.progress({ done, images: set.count, logProb }),
    });
  } finally {
    await set.close();
  }
}

export interface ScoringModel extends LoadedImageModel {
  readonly device: string;
  readonly quantizer: Quantizer;
}

export interface SetScoring {
  /** Names the images in sentences. */
  readonly file: string;
  readonly signal: AbortSignal;
  /** Told after each batch: how many images are done, and the nats of the batch's sub-pixels and images. */
  readonly report: (batch: {
    readonly done: number;
    readonly logProb: Float32Array;
    readonly nats: Float64Array;
  }) => Promise<void>;
}

/** The likelihood of every image of a set: the one evaluator behind the command and the view. */
export async function scoreSet(
  loaded: ScoringModel,
  set: ImageSet,
  { file, signal, report }: SetScoring,
): Promise<ScoreImagesSummary> {
  const { family, model, facts, folder, device, quantizer } = loaded;
  requireSize(set, loaded, file);
  requireClasses(set, model.classes, 'labels');
  const size = set.height * set.width * set.channels;
  const read = async (first: number, count: number) => {
    const indices = Int32Array.from({ length: count }, (_, at) => first + at);
    const levels = quantize(await set.pixels(indices), indices, quantizer, 0);
    return { levels, labels: set.labels?.slice(first, first + count) ?? null };
  };
  const total = new CompensatedSum();
  const bits: number[] = [];
  for await (const { first, logProb } of scoredBatches(model, set, read, signal)) {
    const nats = Float64Array.from(
      { length: logProb.length / size },
      (_, at) => -sum(logProb.subarray(at * size, (at + 1) * size)),
    );
    for (const nll of nats) {
      total.add(nll);
      bits.push(bitsPerDimension(nll, size));
    }
    await report({ done: first + nats.length, logProb, nats });
  }
  return {
    family: family.id,
    model: folder,
    device,
    unit: 'subpixel',
    likelihood: family.likelihood,
    images: set.count,
    height: set.height,
    width: set.width,
    channels: set.channels,
    levels: facts.levels,
    quantize: quantizer.how,
    nll: total.value,
    bitsPerDim: bitsPerDimension(total.value, set.count * size),
    standardError: bits.length < 2 ? null : standardError(bits),
  };
}

export async function openFile({ file, labels }: ScoreImagesParams, channels: number): Promise<ImageSet> {
  const path = resolve(file);
  const base = dirname(path);
  if (labels === undefined)
    return openImages({ source: basename(path), base, workspace: base, channels, place: 'file' });
  const other = resolve(labels);
  if (dirname(other) !== base) {
    throw new ArLensError('badInput', `labels: expected a file beside ${path}, got ${other}.`);
  }
  return openImages({
    source: basename(path),
    base,
    workspace: base,
    channels,
    labels: basename(other),
    place: 'file',
  });
}

/** @throws ArLensError in one sentence where the model does not take images of this size. */
export function requireSize(
  set: Pick<ImageSet, 'height' | 'width'>,
  { family, model, facts }: LoadedImageModel,
  file: string,
): void {
  if (set.height === facts.height && set.width === facts.width) return;
  if (family.takesAnySize) {
    const config = model.config as Parameters<ImageFamily['taps']>[0];
    const tooLarge = imageSizeProblem(
      { family, model: config },
      { ...facts, height: set.height, width: set.width },
    );
    if (tooLarge === undefined) return;
    throw new ArLensError('badInput', `${file}: ${tooLarge}.`);
  }
  throw new ArLensError(
    'badInput',
    `${file}: expected images of ${facts.width} × ${facts.height}, the only size that ${family.title} takes, got ${set.width} × ${set.height}.`,
  );
}

/** As the run's own spec says; by threshold or rounding where there is none. */
export async function quantizerOf(folder: string, levels: number): Promise<Quantizer> {
  const usual = { how: levels === 2 ? 'threshold' : 'round', levels, seed: 0 } as const;
  const text = await readBounded(join(folder, RUN_FILES.spec), 1_000_000, 'a spec').catch(() => undefined);
  if (!text) return usual;
  const { spec } = parseSpec(new TextDecoder().decode(text));
  return spec?.domain === 'image' ? { how: spec.data.quantize, levels, seed: spec.train.seed } : usual;
}
