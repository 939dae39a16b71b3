// The `scoreImages` call: the likelihood of the images of a file, image by image and in all, in nats and bits/dim.
import { basename, dirname, join, resolve } from 'node:path';
import { openImages } from './openImages';
import type { ImageSet } from '../../data/images';
import { quantize, type Quantizer } from '../../data/quantize';
import { bitsPerDimension } from '../../math/information';
import { CompensatedSum, standardError, sum } from '../../math/statistics';
import type { CallContext } from '../../protocol/calls';
import { ArLensError } from '../../protocol/errors';
import type { ScoredImagesProgress, ScoreImagesParams, ScoreImagesSummary } from '../../protocol/images';
import { RUN_FILES } from '../../protocol/run';
import { readBounded } from '../models/modelFiles';
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
  const { family, model, facts, folder } = loaded;
  const set = await openFile(params, facts.channels);
  try {
    requireSize(set, loaded, params.file);
    requireClasses(set, model.classes, 'labels');
    const quantizer = await quantizerOf(folder, facts.levels);
    const size = set.height * set.width * set.channels;
    const read = async (first: number, count: number) => {
      const indices = Int32Array.from({ length: count }, (_, at) => first + at);
      const levels = quantize(await set.pixels(indices), indices, quantizer, 0);
      return { levels, labels: set.labels?.slice(first, first + count) ?? null };
    };
    const total = new CompensatedSum();
    const bits: number[] = [];
    for await (const { first, logProb } of scoredBatches(model, set, read, context.signal)) {
      for (let at = 0; at < logProb.length; at += size) {
        const nll = -sum(logProb.subarray(at, at + size));
        total.add(nll);
        bits.push(bitsPerDimension(nll, size));
      }
      await context.progress({ done: first + logProb.length / size, images: set.count, logProb });
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
  } finally {
    await set.close();
  }
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

function requireSize(set: ImageSet, { family, facts }: LoadedImageModel, file: string): void {
  if (family.takesAnySize || (set.height === facts.height && set.width === facts.width)) return;
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
