// Sampling of images: sub-pixel by sub-pixel through a model's decoder, several images at once, with guidance.
// Knows no file and no process; what is drawn follows from seed, image and place alone.
import { makeReadable } from '../webgpu/readable';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { filter, type FilterOptions } from '../../decoding/filter';
import { argmax } from '../../decoding/distribution';
import { subpixelsOf, type ImageDecoder, type ImageModel } from '../../families/imageFamily';
import { uniformAt } from '../../math/counterRng';
import { ArLensError } from '../../protocol/errors';

export interface DrawOptions extends FilterOptions {
  readonly count: number;
  readonly seed: number;
  /** Absent: no class. */
  readonly label?: number;
  /** The class of each image, where they are not all the same. */
  readonly labels?: readonly number[];
  /** Of a model that reads one [count, H, W, features]. */
  readonly condition?: Float32Array;
  /** u + w (c − u): 0 is the model without the class, 1 with it; only with a class. */
  readonly guidance?: number;
  /** Values that are kept: the rest is drawn around them, in the order of generation. */
  readonly kept?: KeptPixels;
  readonly signal: AbortSignal;
  /** Told after as many sub-pixels as a row has. */
  readonly onRow?: (row: number, rows: number) => Promise<void>;
}

/** Causal-order inpainting: what is drawn before a kept value in the order of generation knows nothing of it. */
export interface KeptPixels {
  /** [height, width, channels] of one image, for each that is drawn. */
  readonly levels: Int32Array;
  /** 1 where the level is kept, [height, width, channels]. */
  readonly where: Uint8Array;
}

export interface DrawnImages {
  /** [count, height, width, channels] */
  readonly levels: Int32Array;
  /**
   * Nats of each sub-pixel given those before it, before temperature and cuts, kept ones too; with guidance, under the
   * guided distribution.
   */
  readonly logProb: Float64Array;
}

/** Of the uniform numbers that images are drawn by: a seed gives the same image wherever it is drawn. */
export const DRAW_STREAM = 0x64726177;

export async function drawImages(model: ImageModel, options: DrawOptions): Promise<DrawnImages> {
  const { count, seed, signal, onRow, kept } = options;
  const { facts } = model;
  const size = subpixelsOf(facts);
  const drawn = { levels: new Int32Array(count * size), logProb: new Float64Array(count * size) };
  await makeReadable(model);
  const source = guided(model, options);
  const perRow = facts.width * facts.channels;
  try {
    for (let step = 0; step < size; step++) {
      const { position } = source;
      const logits = await source.next();
      const values = new Int32Array(count);
      for (let image = 0; image < count; image++) {
        const row = logits.subarray(image * facts.levels, (image + 1) * facts.levels);
        const { logProb, probability } = filter(row, options);
        const chosen = kept?.where[position]
          ? (kept.levels[position] ?? 0)
          : options.temperature === 0
            ? argmax(logProb)
            : pick(probability, uniformAt(seed, DRAW_STREAM, image * size + position));
        values[image] = chosen;
        drawn.levels[image * size + position] = chosen;
        drawn.logProb[image * size + position] = logProb[chosen] ?? NaN;
      }
      source.set(values);
      if ((step + 1) % perRow !== 0) continue;
      await onRow?.((step + 1) / perRow, facts.height);
      await nextTurn();
      if (signal.aborted) throw new ArLensError('cancelled', 'Sampling was cancelled.');
    }
  } finally {
    source.dispose();
  }
  return drawn;
}

export type Source = Pick<ImageDecoder, 'position' | 'next' | 'set' | 'dispose'>;

/** One decoder where one is enough, so that w = 0 and w = 1 are the models themselves, bit for bit. */
export function guided(
  model: ImageModel,
  {
    count,
    label,
    labels: own,
    guidance = 1,
    condition,
  }: Pick<DrawOptions, 'count' | 'label' | 'labels' | 'guidance' | 'condition'>,
): Source {
  const labels = own ?? (label === undefined ? undefined : new Array<number>(count).fill(label));
  const plain = { rows: count, ...(condition ? { condition } : {}) };
  if (!labels || guidance === 0) return model.decoder(plain);
  if (guidance === 1) return model.decoder({ ...plain, labels });
  // Both are given the same picture: guidance leads to the class alone.
  const without = model.decoder(plain);
  const within = model.decoder({ ...plain, labels });
  const mixed = new Float32Array(count * model.facts.levels);
  return {
    get position() {
      return within.position;
    },
    next: async () => {
      const [u, c] = [await without.next(), await within.next()];
      for (let at = 0; at < mixed.length; at++) {
        mixed[at] = (u[at] as number) + guidance * ((c[at] as number) - (u[at] as number));
      }
      return mixed;
    },
    set: (values) => {
      without.set(values);
      within.set(values);
    },
    dispose: () => {
      without.dispose();
      within.dispose();
    },
  };
}

/** The first whose cumulative share exceeds `uniform`; rounding never picks one that was cut. */
export function pick(probability: Float64Array, uniform: number): number {
  let left = uniform;
  let last = 0;
  for (let level = 0; level < probability.length; level++) {
    const share = probability[level] as number;
    if (share === 0) continue;
    last = level;
    left -= share;
    if (left < 0) return level;
  }
  return last;
}
