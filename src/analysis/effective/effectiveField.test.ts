// The effective field of every family: gradients against finite differences and closed forms, exactly nothing outside of
// what the closure reads, areas, and means by place.
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  cast,
  memory,
  oneHot,
  setBackend,
  tensor,
  tensor1d,
  tensor4d,
  tidy,
  type Rank,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { ImageFacts, ImageFamily, ImageModel } from '../../families/imageFamily';
import { IMAGE_FAMILIES } from '../../families/registry';
import { Rng } from '../../math/rng';
import { stepsOf } from '../reach/generation';
import { randomizeImageWeights } from '../reach/imageNetwork';
import { EffectiveMean, effectiveAreas } from './effectiveField';
import { inputGradients } from './inputGradients';

beforeAll(() => setBackend('cpu').then(() => undefined));

/** Each family by its example, and again by each of its variants. */
const SUBJECTS = IMAGE_FAMILIES.flatMap((family) => [
  family,
  ...(family.variants ?? []).map((example) => ({ ...family, example })),
]).filter(({ sensitivity }) => sensitivity !== undefined);
const SHAPES: readonly ImageFacts[] = [
  { height: 4, width: 5, channels: 1, levels: 4 },
  { height: 2, width: 3, channels: 3, levels: 3 },
];

async function withModel(family: ImageFamily, facts: ImageFacts, work: (model: ImageModel) => Promise<void>) {
  const model = family.build(family.example, facts, 3);
  randomizeImageWeights(model, 3);
  await work(model).finally(() => model.dispose());
}

function randomPixels(facts: ImageFacts, rows: number): Int32Array {
  const rng = new Rng(5);
  const size = facts.height * facts.width * facts.channels;
  return Int32Array.from({ length: rows * size }, () => rng.integer(facts.levels));
}

/** log p of one output, the pixels as real numbers. */
function logProbAt(
  model: ImageModel,
  facts: ImageFacts,
  pixels: Float32Array,
  output: number,
  level: number,
): number {
  const logits = tidy(() =>
    model.logits({ pixels: tensor4d(pixels, [1, facts.height, facts.width, facts.channels]) }).dataSync(),
  );
  const own = Float64Array.from(logits.subarray(output * facts.levels, (output + 1) * facts.levels));
  return (own[level] ?? 0) - Math.log(own.reduce((sum, value) => sum + Math.exp(value), 0));
}

const sizeOf = ({ height, width, channels }: ImageFacts): number => height * width * channels;
const named = (families: readonly ImageFamily[]) =>
  families.flatMap((family) =>
    SHAPES.map(
      (facts) => [`${family.id} ${JSON.stringify(family.example)}`, facts.channels, family, facts] as const,
    ),
  );

describe.each(named(SUBJECTS.filter(({ sensitivity }) => sensitivity === 'brightness')))(
  'the gradients of %s with %i channels',
  (_, __, family, facts) => {
    it('equal finite differences', () =>
      withModel(family, facts, async (model) => {
        const size = sizeOf(facts);
        const pixels = randomPixels(facts, 2);
        const outputs = Int32Array.of(size - 2, Math.floor(size / 2));
        const before = memory().numTensors;
        const batch = { shape: facts, levels: facts.levels, pixels, outputs };
        const found = await inputGradients(model, 'brightness', batch);
        expect(memory().numTensors).toBe(before);
        const step = 0.002;
        for (const [row, output] of outputs.entries()) {
          const own = Float32Array.from(pixels.subarray(row * size, (row + 1) * size));
          const level = own[output] ?? 0;
          for (let input = 0; input < size; input += 3) {
            const at = (by: number) =>
              logProbAt(model, facts, own.with(input, (own[input] ?? 0) + by), output, level);
            const expected = (Math.abs(at(step) - at(-step)) / (2 * step)) * (facts.levels - 1);
            const got = found[row * size + input] ?? NaN;
            // A kink of a ReLU may lie between the two.
            expect(Math.abs(got - expected), `input ${input} of output ${output}`).toBeLessThan(
              0.02 * Math.max(1, expected),
            );
          }
        }
      }));
  },
);

describe.each(named(SUBJECTS.filter(({ sensitivity }) => sensitivity === 'level')))(
  'the gradients by level of %s with %i channels',
  (_, __, family, facts) => {
    it('mix what whole levels give', () =>
      withModel(family, facts, (model) => {
        const labels = model.classes > 0 ? { labels: tensor1d([1, -1], 'int32') } : {};
        const [whole, mixed] = tidy(() => {
          const pixels = tensor4d(
            randomPixels(facts, 2),
            [2, facts.height, facts.width, facts.channels],
            'int32',
          );
          const shares = cast<Tensor<Rank.R5>>(oneHot(pixels, facts.levels) as Tensor<Rank.R5>, 'float32');
          return [
            model.logits({ pixels, ...labels }).dataSync(),
            model.mixedLogits?.(shares, labels.labels).dataSync(),
          ];
        });
        labels.labels?.dispose();
        expect(mixed).toHaveLength(whole.length);
        whole.forEach((value, at) => expect(mixed?.[at]).toBeCloseTo(value, 4));
        return Promise.resolve();
      }));

    // The embedding of one step alone is moved by what its position is moved by: nothing of the fast way is used.
    it('equal finite differences of the network itself, level by level', () =>
      withModel(family, facts, async (model) => {
        const { height, width, channels, levels } = facts;
        const size = sizeOf(facts);
        const pixels = randomPixels(facts, 2);
        const outputs = Int32Array.of(size - 2, Math.floor(size / 2));
        const before = memory().numTensors;
        const batch = { shape: facts, levels, pixels, outputs };
        const found = await inputGradients(model, 'level', batch);
        expect(memory().numTensors).toBe(before);
        const variable = (name: string) => {
          const known = model.variables.find((each) => each.name.endsWith(name))?.variable;
          if (!known) throw new Error(`expected a variable ${name}`);
          return known;
        };
        const [table, places] = [variable('wte.weight'), variable('wpe.weight')];
        const [tokens, positions] = [table.dataSync(), Float32Array.from(places.dataSync())];
        const C = table.shape[1] ?? 0;
        const stepOf = stepsOf(family.taps(family.example, facts));
        const h = 0.02;
        for (const [row, output] of outputs.entries()) {
          const own = pixels.subarray(row * size, (row + 1) * size);
          const image = tensor4d(own, [1, height, width, channels], 'int32');
          const logProb = (input: number, level: number, by: number): number => {
            const moved = positions.slice();
            for (let c = 0; c < C; c++) {
              const at = (stepOf(input) + 1) * C + c;
              const towards = (tokens[level * C + c] ?? 0) - (tokens[(own[input] ?? 0) * C + c] ?? 0);
              if (at < moved.length) moved[at] = (moved[at] ?? 0) + by * towards;
            }
            tidy(() => places.assign(tensor(moved, places.shape)));
            const logits = tidy(() => model.logits({ pixels: image }).dataSync());
            const found = Float64Array.from(logits.subarray(output * levels, (output + 1) * levels));
            return (
              (found[own[output] ?? 0] ?? 0) -
              Math.log(found.reduce((sum, value) => sum + Math.exp(value), 0))
            );
          };
          for (let input = 0; input < size; input += 4) {
            let sum = 0;
            for (let level = 0; level < levels; level++) {
              if (level === own[input]) continue;
              sum += Math.abs(logProb(input, level, h) - logProb(input, level, -h)) / (2 * h);
            }
            const expected = sum / (levels - 1);
            const got = found[row * size + input] ?? NaN;
            expect(Math.abs(got - expected), `input ${input} of output ${output}`).toBeLessThan(
              0.01 * Math.max(0.05, expected),
            );
          }
          image.dispose();
        }
      }));
  },
);

describe('the toy', () => {
  // d/dμ ln(Φ((k + ½ − μ)/σ) − Φ((k − ½ − μ)/σ)), and μ = Σx / n: by numbers of Φ that are computed otherwise.
  it('has its closed form', async () => {
    const [family] = IMAGE_FAMILIES.filter(({ id }) => id === 'toyRaster');
    if (!family) throw new Error('expected the family toyRaster');
    const facts = { height: 3, width: 4, channels: 1, levels: 5 };
    await withModel(family, facts, async (model) => {
      const pixels = Int32Array.of(0, 4, 2, 2, 1, 3, 0, 4, 4, 1, 2, 0);
      const outputs = Int32Array.from(pixels.keys());
      const rows = Int32Array.from({ length: 144 }, (_, at) => pixels[at % 12] ?? 0);
      const batch = { shape: facts, levels: 5, pixels: rows, outputs };
      const found = await inputGradients(model, 'brightness', batch);
      const last = facts.levels - 1;
      const scale = 0.3 * last;
      const density = (x: number) => Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);
      /** Φ by Simpson's rule from far below. */
      const below = (x: number) => {
        const [from, parts] = [-12, 4000];
        const h = (x - from) / parts;
        let sum = density(from) + density(x);
        for (let at = 1; at < parts; at++) sum += (at % 2 === 0 ? 2 : 4) * density(from + at * h);
        return (sum * h) / 3;
      };
      for (const output of outputs) {
        const mean = pixels.subarray(0, output).reduce((sum, each) => sum + each, 0) / Math.max(1, output);
        const level = pixels[output] ?? 0;
        const [low, high] = [(level - 0.5 - mean) / scale, (level + 0.5 - mean) / scale];
        const share = (level === last ? 1 : below(high)) - (level === 0 ? 0 : below(low));
        const slope =
          ((level === 0 ? 0 : density(low)) - (level === last ? 0 : density(high))) / (scale * share);
        for (const input of pixels.keys()) {
          const expected = input < output ? (Math.abs(slope) / output) * last : 0;
          expect(Math.abs((found[output * 12 + input] ?? NaN) - expected)).toBeLessThan(
            1e-5 * Math.max(1, expected),
          );
        }
      }
    });
  });
});

describe('areas', () => {
  it('are the fewest inputs that hold a share', () => {
    expect(effectiveAreas(Float32Array.of(0, 4, 1, 0, 3, 2))).toEqual([
      { share: 0.5, count: 2, least: 3 },
      { share: 0.9, count: 3, least: 2 },
      { share: 0.99, count: 4, least: 1 },
    ]);
    expect(effectiveAreas(new Float32Array(3)).map(({ count }) => count)).toEqual([0, 0, 0]);
    expect(effectiveAreas(Float32Array.of(1, 1, 1, 1)).map(({ count }) => count)).toEqual([2, 4, 4]);
  });
});

describe('the mean', () => {
  it('moves each pair’s inputs to where they lie around its output', () => {
    const shape = { height: 2, width: 3, channels: 1 };
    const mean = new EffectiveMean(shape, 4);
    mean.add(Float32Array.of(1, 2, 3, 4, 0, 0), 4);
    // One pixel to the left: the rightmost column has nothing of it.
    mean.add(Float32Array.of(6, 7, 8, 0, 0, 0), 3);
    expect([...mean.mean()]).toEqual([1, (2 + 6) / 2, (3 + 7) / 2, 4, 0, 0]);
    expect(mean.pairs).toBe(2);
  });
});
