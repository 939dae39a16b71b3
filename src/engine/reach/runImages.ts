// The images that a look into a trained run is averaged over: a file's, or those that the run held out.
import { basename, join, resolve } from 'node:path';
import type { ImageSet } from '../../data/images';
import type { Quantizer } from '../../data/quantize';
import type { ImageFacts } from '../../families/imageFamily';
import { ArLensError } from '../../protocol/errors';
import { RUN_FILES } from '../../protocol/run';
import type { Conditions } from '../images/conditions';
import { withConditions, type ConditionRule } from '../images/foundConditions';
import { levelsOf, prepareImageData, type LevelsRead } from '../images/imageData';
import { openFile, runWays } from '../images/scoreImages';
import { readBounded } from '../models/modelFiles';
import { parseSpec } from '../spec/spec';

export interface RunImages {
  readonly set: ImageSet;
  readonly indices: Int32Array;
  readonly source: string;
  readonly quantizer: Quantizer;
  /** Of the set's images; absent of a model that reads none. */
  readonly conditions?: Conditions;
  readonly close: () => Promise<void>;
}

/** A file's images from the first on, or those that the run held out. */
export async function runImages(
  folder: string,
  facts: ImageFacts,
  { file, workspace }: { readonly file?: string; readonly workspace?: string },
): Promise<RunImages> {
  if (file !== undefined) {
    const { quantizer, conditionRule } = await runWays(folder, facts.levels);
    const set = await openFile({ file }, facts.channels);
    try {
      requireModelSize({ set, source: basename(file) }, facts);
      const { conditions, close } = await heldConditions(facts, conditionRule, file, set);
      return {
        set,
        indices: Int32Array.from({ length: set.count }, (_, index) => index),
        source: basename(file),
        quantizer,
        ...(conditions ? { conditions } : {}),
        close: async () => {
          await set.close();
          await close();
        },
      };
    } catch (error) {
      await set.close();
      throw error;
    }
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
  return {
    ...data.validation,
    source: `held-out images of ${spec.data.source}`,
    quantizer: data.quantizer,
    close: () => data.close(),
  };
}

/** Kept open until `close`. */
async function heldConditions(
  facts: ImageFacts,
  rule: ConditionRule,
  file: string,
  set: ImageSet,
): Promise<{ readonly conditions: Conditions | null; readonly close: () => Promise<void> }> {
  let close = (): Promise<void> => Promise.resolve();
  const conditions = await withConditions(
    { facts, rule },
    { file, set, named: undefined },
    async (path, wanted, work) => {
      const pictures = await openFile({ file: path }, wanted.channels);
      close = () => pictures.close();
      return work(pictures).catch(async (error: unknown) => {
        await pictures.close();
        throw error;
      });
    },
    (found) => Promise.resolve(found),
  );
  return { conditions, close };
}

/** Some of the images, by their numbers in the set. */
export function readImages(
  { set, conditions, quantizer }: RunImages,
  chosen: Int32Array,
): Promise<LevelsRead> {
  const part = { set, indices: chosen, ...(conditions ? { conditions } : {}) };
  return levelsOf(
    part,
    chosen.map((_, at) => at),
    quantizer,
    0,
  );
}

/** @throws ArLensError where the images are of another size than the model's */
export function requireModelSize(
  { set, source }: Pick<RunImages, 'set' | 'source'>,
  { height, width }: ImageFacts,
): void {
  if (set.height === height && set.width === width) return;
  throw new ArLensError(
    'badInput',
    `${source}: expected images of ${width} × ${height}, got ${set.width} × ${set.height}.`,
  );
}
