// Incremental samplers recompute only what the new sub-pixel changes: the work of each draw is counted, for every family of
// images, and held to what the tap graph allows by then, and to a small part of a full forward. Independent of time.
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { randomizeImageWeights } from '../../src/analysis/reach/imageNetwork';
import {
  subpixelsOf,
  type ImageFacts,
  type ImageFamily,
  type ImageModel,
} from '../../src/families/imageFamily';
import { IMAGE_FAMILIES } from '../../src/families/registry';
import type * as Normal from '../../src/math/normal';
import { useDevice } from './familyDevices';
import { randomImages } from './imageFamilyChecks';
import { allowedWork, workOf } from './samplerWork';

// What a closed form computes of its levels is work, too.
const closedForm = vi.hoisted(() => ({ levels: 0 }));
vi.mock('../../src/math/normal', async (original) => {
  const normal = await original<typeof Normal>();
  const discretised: typeof normal.discretised = (...given) => {
    closedForm.levels += given[3].length;
    return normal.discretised(...given);
  };
  return { ...normal, discretised };
});

beforeEach(() => useDevice('cpu'));

const SHAPES: readonly ImageFacts[] = [
  { height: 8, width: 6, channels: 1, levels: 3 },
  { height: 4, width: 4, channels: 3, levels: 3 },
];

const counted = (work: () => Promise<void>): Promise<number> => workOf(work, () => closedForm.levels);

/** The work of each draw, and of one full forward. */
async function drawn(
  model: Pick<ImageModel, 'logits' | 'decoder' | 'facts'>,
): Promise<{ readonly draws: readonly number[]; readonly full: number }> {
  const batch = randomImages(1, model.facts, 3);
  const values = await batch.pixels.data();
  const full = await counted(() => {
    tf.tidy(() => void model.logits(batch).dataSync());
    return Promise.resolve();
  });
  const draws: number[] = [];
  const { decoder, beginning } = await begun(model);
  for (let step = 0; step < values.length; step++) {
    const work = await counted(async () => {
      await decoder.next();
      decoder.set([values[decoder.position] ?? 0]);
    });
    draws.push(work + (step === 0 ? beginning : 0));
  }
  decoder.dispose();
  batch.pixels.dispose();
  return { draws, full };
}

async function begun(model: Pick<ImageModel, 'decoder'>) {
  const made: Array<ReturnType<ImageModel['decoder']>> = [];
  const beginning = await counted(() => Promise.resolve(void made.push(model.decoder({ rows: 1 }))));
  const [decoder] = made;
  if (!decoder) throw new Error('expected a decoder');
  return { decoder, beginning };
}

/** The first draw after which more was done than the tap graph allows; null where none is. */
function excess(draws: readonly number[], allowed: Float64Array): string | null {
  let sum = 0;
  for (const [step, work] of draws.entries()) {
    sum += work;
    const most = allowed[step + 1] ?? 0;
    if (!(sum <= most))
      return `after ${step + 1} draws: ${sum} multiply-adds, allowed are ${Math.round(most)}`;
  }
  return null;
}

async function withModel<T>(family: ImageFamily, facts: ImageFacts, work: (model: ImageModel) => Promise<T>) {
  const model = family.build(family.example, facts, 1);
  randomizeImageWeights(model, 2);
  return work(model).finally(() => model.dispose());
}

const SUBJECTS = IMAGE_FAMILIES.flatMap((family) =>
  [family.example, ...(family.variants ?? [])].flatMap((example, variant) =>
    SHAPES.map((facts) => [family.id, variant, facts.channels, { ...family, example }, facts] as const),
  ),
);

describe.each(SUBJECTS)('drawing with %s, variant %i, %i channels', (_, __, ___, family, facts) => {
  it('computes each feature once and none too soon, and a draw is a small part of a full forward', () =>
    withModel(family, facts, async (model) => {
      const { draws, full } = await drawn(model);
      expect(full).toBeGreaterThan(0);
      expect(excess(draws, allowedWork(family.taps(family.example, facts), facts))).toBeNull();
      const all = draws.reduce((sum, work) => sum + work, 0);
      expect(all).toBeGreaterThan(0);
      expect(all).toBeLessThanOrEqual(full * 1.05);
      // What knows the rows above may be computed for a row at once.
      expect(Math.max(...draws)).toBeLessThanOrEqual((full / facts.height) * 1.05);
      // Far from a forward for each sub-pixel.
      expect(all).toBeLessThan((full * subpixelsOf(facts)) / 10);
    }));
});

describe('a sampler that runs the whole network for each sub-pixel', () => {
  it.each(IMAGE_FAMILIES.map((family) => [family.id, family] as const))('is caught, of %s', (_, family) => {
    const facts: ImageFacts = { height: 4, width: 4, channels: 1, levels: 3 };
    return withModel(family, facts, async (model) => {
      const { draws } = await drawn({
        facts,
        logits: (batch) => model.logits(batch),
        decoder: (options) => {
          const decoder = model.decoder(options);
          const next = () => {
            tf.tidy(() => {
              const pixels = tf.zeros<tf.Rank.R4>([1, 4, 4, 1], 'int32');
              model.logits({ pixels }).dataSync();
            });
            return decoder.next();
          };
          return Object.assign(Object.create(decoder) as typeof decoder, { next });
        },
      });
      const graph = family.taps(family.example, facts);
      expect(excess(draws, allowedWork(graph, facts))).toMatch(/^after \d+ draws: \d+ multiply-adds/);
    });
  });
});
