// The effective field: gradients against finite differences, nothing outside what the closure reads, areas, and means by place.
import { memory, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { ImageFacts, ImageFamily, ImageModel } from '../../families/imageFamily';
import { IMAGE_FAMILIES } from '../../families/registry';
import { Rng } from '../../math/rng';
import { Closure } from '../reach/closure';
import { randomizeImageWeights } from '../reach/imageNetwork';
import { EffectiveMean, effectiveAreas } from './effectiveField';
import { inputGradients } from './inputGradients';

beforeAll(() => setBackend('cpu').then(() => undefined));

const LEARNT = IMAGE_FAMILIES.filter(({ differentiable }) => differentiable === true);
const SHAPES: readonly ImageFacts[] = [
  { height: 6, width: 6, channels: 1, levels: 4 },
  { height: 3, width: 4, channels: 3, levels: 3 },
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

describe.each(
  LEARNT.flatMap((family) => SHAPES.map((facts) => [family.id, facts.channels, family, facts] as const)),
)('the gradients of %s with %i channels', (_, __, family, facts) => {
  it('equal finite differences', () =>
    withModel(family, facts, async (model) => {
      const size = facts.height * facts.width * facts.channels;
      const pixels = randomPixels(facts, 2);
      const outputs = Int32Array.of(size - 2, Math.floor(size / 2));
      const before = memory().numTensors;
      const found = await inputGradients(model, { shape: facts, levels: facts.levels, pixels, outputs });
      expect(memory().numTensors).toBe(before);
      const step = 0.01;
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

  it('lie inside what the closure reads', () =>
    withModel(family, facts, async (model) => {
      const size = facts.height * facts.width * facts.channels;
      const pixels = randomPixels(facts, size);
      const outputs = Int32Array.from({ length: size }, (___, output) => output);
      const found = await inputGradients(model, { shape: facts, levels: facts.levels, pixels, outputs });
      const closure = new Closure(family.taps(family.example, facts), facts);
      let most = 0;
      for (const output of outputs) {
        const seen = closure.of(output);
        for (let input = 0; input < size; input++) {
          const value = found[output * size + input] ?? NaN;
          if (!seen.has(input)) expect(value).toBe(0);
          most = Math.max(most, value);
        }
      }
      expect(most).toBeGreaterThan(0.01);
    }));
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
