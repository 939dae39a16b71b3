// The `scoreImages` call: the likelihood of the images of a file, image by image and in all, in nats and bits/dim.
import { basename, dirname, join, resolve } from 'node:path';
import { openImages } from './openImages';
import type { ImageFamily } from '../../families/imageFamily';
import type { ImageSet, ImageSource } from '../../data/images';
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
import { conditionOf, type Conditions } from './conditions';
import { conditionRule, withConditions, type ConditionRule } from './foundConditions';
import { foundLabels, labelRule, type LabelRule } from './foundLabels';
import type { LoadedImageModel } from './imageFolder';
import { FOLDERS, requireClasses } from './imageLabels';
import { scoredBatches } from './imageLoss';

export async function scoreImages(
  loaded: LoadedImageModel,
  device: string,
  params: ScoreImagesParams,
  context: CallContext<ScoredImagesProgress>,
): Promise<ScoreImagesSummary> {
  const { facts, folder, model } = loaded;
  const ways = await runWays(folder, facts.levels);
  const labels = await labelsFor(params, model.classes, ways.labelRule);
  const set = await openFile({ file: params.file, ...labels }, facts.channels);
  try {
    requireNamed(set, params);
    const { file, condition: named } = params;
    const scored = { facts, rule: ways.conditionRule };
    return await withConditions(scored, { file, set, named }, usePictures, (conditions) =>
      scoreSet({ ...loaded, device, ...ways }, set, {
        file,
        conditions,
        signal: context.signal,
        report: ({ done, logProb, labels }) => context.progress({ done, images: set.count, logProb, labels }),
      }),
    );
  } finally {
    await set.close();
  }
}

/** Those that are named, none at all, or those that are found. */
async function labelsFor(
  { file, labels, withoutLabels = false }: ScoreImagesParams,
  classes: number,
  rule: LabelRule,
): Promise<Pick<ImageSource, 'labels' | 'classNames'>> {
  if (classes === 0 && labels !== undefined) {
    throw new ArLensError(
      'badInput',
      'labels: expected none, because this model knows no classes, got some.',
    );
  }
  if (classes === 0 || withoutLabels) return {};
  if (labels === undefined) return foundLabels(resolve(file), rule);
  const { classNames } = rule;
  return labels === FOLDERS && classNames.length > 0 ? { labels, classNames } : { labels };
}

function requireNamed({ labels }: ImageSet, params: ScoreImagesParams): void {
  if (params.labels !== FOLDERS || labels !== null) return;
  throw new ArLensError(
    'badInput',
    `labels: expected pictures in folders named as the model's classes, got none in ${params.file}.`,
  );
}

export interface ScoringModel extends LoadedImageModel {
  readonly device: string;
  readonly quantizer: Quantizer;
  readonly labelRule: LabelRule;
  readonly conditionRule: ConditionRule;
}

export interface SetScoring {
  /** Names the images in sentences. */
  readonly file: string;
  /** Of the set's images; null of a model that reads none. */
  readonly conditions: Conditions | null;
  readonly signal: AbortSignal;
  /** Told after each batch: how many images are done, and the nats of the batch's sub-pixels and images, and its classes. */
  readonly report: (batch: {
    readonly done: number;
    readonly logProb: Float32Array;
    readonly nats: Float64Array;
    readonly labels: Int32Array | null;
  }) => Promise<void>;
}

/** The likelihood of every image of a set: the one evaluator behind the command and the view. */
export async function scoreSet(
  loaded: ScoringModel,
  set: ImageSet,
  { file, conditions, signal, report }: SetScoring,
): Promise<ScoreImagesSummary> {
  const { family, model, facts, folder, device, quantizer } = loaded;
  if (family.likelihood === 'none') {
    const sentence = `${family.title} has no likelihood, so its images cannot be scored.`;
    throw new ArLensError('unsupported', sentence);
  }
  requireSize(set, loaded, file);
  requireClasses(set, model.classes, 'labels');
  const size = set.height * set.width * set.channels;
  const read = async (first: number, count: number) => {
    const indices = Int32Array.from({ length: count }, (_, at) => first + at);
    const levels = quantize(await set.pixels(indices), indices, quantizer, 0);
    const condition = (await conditions?.of(indices, levels)) ?? null;
    return { levels, labels: given?.slice(first, first + count) ?? null, condition };
  };
  const given = model.classes > 0 ? set.labels : null;
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
    const done = first + nats.length;
    await report({ done, logProb, nats, labels: given?.slice(first, done) ?? null });
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
    given: model.classes === 0 ? null : given ? 'class' : 'no class',
    condition: conditionOf(facts),
    labelSource: given ? set.labelSource : null,
    nll: total.value,
    bitsPerDim: bitsPerDimension(total.value, set.count * size),
    standardError: bits.length < 2 ? null : standardError(bits),
  };
}

/** Pictures of any folder, opened for this one use. */
export async function usePictures<T>(
  path: string,
  wanted: Pick<ImageSource, 'channels'>,
  work: (set: ImageSet) => Promise<T>,
): Promise<T> {
  const base = dirname(path);
  const set = await openImages({ source: basename(path), base, workspace: base, place: path, ...wanted });
  return work(set).finally(() => set.close());
}

export async function openFile(
  { file, labels, classNames }: Pick<ScoreImagesParams, 'file' | 'labels'> & Pick<ImageSource, 'classNames'>,
  channels?: number,
): Promise<ImageSet> {
  const path = resolve(file);
  const base = dirname(path);
  const wanted = channels === undefined ? {} : { channels };
  const images = { source: basename(path), base, workspace: base, ...wanted, place: 'file' };
  if (labels === undefined) return openImages(images);
  if (labels === FOLDERS) return openImages({ ...images, labels, ...(classNames ? { classNames } : {}) });
  const other = resolve(base, labels);
  if (dirname(other) !== base) {
    throw new ArLensError('badInput', `labels: expected a file beside ${path}, got ${other}.`);
  }
  return openImages({ ...images, labels: basename(other) });
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
    `${file}: expected images of ${facts.width} × ${facts.height}, the only size that ${family.title} takes, because it has one learnt place for each sub-pixel, got ${set.width} × ${set.height}.`,
  );
}

export async function quantizerOf(folder: string, levels: number): Promise<Quantizer> {
  return (await runWays(folder, levels)).quantizer;
}

/**
 * How 8-bit values become levels and images get their classes, as the run's own spec says; levels by threshold or
 * rounding where there is none.
 */
export async function runWays(
  folder: string,
  levels: number,
): Promise<Pick<ScoringModel, 'quantizer' | 'labelRule' | 'conditionRule'>> {
  const text = await readBounded(join(folder, RUN_FILES.spec), 1_000_000, 'a spec').catch(() => undefined);
  const read = text && parseSpec(new TextDecoder().decode(text)).spec;
  const spec = read?.domain === 'image' ? read : undefined;
  const quantizer: Quantizer = spec
    ? { how: spec.data.quantize, levels, seed: spec.train.seed }
    : { how: levels === 2 ? 'threshold' : 'round', levels, seed: 0 };
  return { quantizer, labelRule: await labelRule(folder, spec), conditionRule: conditionRule(spec) };
}
