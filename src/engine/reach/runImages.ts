// The images that a look into a trained run is averaged over: a file's, or those that the run held out.
import { basename, join, resolve } from 'node:path';
import type { ImageSet } from '../../data/images';
import type { ImageFacts } from '../../families/imageFamily';
import { ArLensError } from '../../protocol/errors';
import { RUN_FILES } from '../../protocol/run';
import { prepareImageData } from '../images/imageData';
import { openFile, quantizerOf } from '../images/scoreImages';
import { readBounded } from '../models/modelFiles';
import { parseSpec } from '../spec/spec';

export interface RunImages {
  readonly set: ImageSet;
  readonly indices: Int32Array;
  readonly source: string;
  readonly quantizer: Awaited<ReturnType<typeof quantizerOf>>;
  readonly close: () => Promise<void>;
}

/** A file's images from the first on, or those that the run held out. */
export async function runImages(
  folder: string,
  { channels, levels }: ImageFacts,
  { file, workspace }: { readonly file?: string; readonly workspace?: string },
): Promise<RunImages> {
  if (file !== undefined) {
    const [set, quantizer] = [await openFile({ file }, channels), await quantizerOf(folder, levels)];
    return {
      set,
      indices: Int32Array.from({ length: set.count }, (_, index) => index),
      source: basename(file),
      quantizer,
      close: () => set.close(),
    };
  }
  // A run lies in .arlens/runs/<spec>/<time>/ beside its spec.
  const base = resolve(folder, '../../../..');
  const text = await readBounded(join(folder, RUN_FILES.spec), 1_000_000, 'a spec').catch(() => undefined);
  const spec = text ? parseSpec(new TextDecoder().decode(text)).spec : undefined;
  if (spec?.domain !== 'image') {
    throw new ArLensError(
      'notFound',
      `${folder}: expected a run with its spec, got none: name a file of images.`,
    );
  }
  const data = await prepareImageData(spec.data, {
    spec: join(base, RUN_FILES.spec),
    workspace: workspace ?? base,
    seed: spec.train.seed,
    classes: Number(spec.model['classes'] ?? 0),
  });
  const { set, indices } = data.validation;
  return {
    set,
    indices,
    source: `held-out images of ${spec.data.source}`,
    quantizer: data.quantizer,
    close: () => data.close(),
  };
}

/** @throws ArLensError where the images are of another size than the model's */
export function requireModelSize({ set, source }: RunImages, { height, width }: ImageFacts): void {
  if (set.height === height && set.width === width) return;
  throw new ArLensError(
    'badInput',
    `${source}: expected images of ${width} × ${height}, got ${set.width} × ${set.height}.`,
  );
}
