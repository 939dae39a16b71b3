// Planted faults in image networks: each leak is found by perturbing the real network, and what is right passes. What
// the closure says of a leaking mask is tested beside it (src/analysis/reach).
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/analysis/bitMatrix';
import { compareConnectivity } from '../../src/analysis/causality/comparison';
import { measuredConnectivity } from '../../src/analysis/causality/measured';
import { imageNetwork } from '../../src/analysis/reach/imageNetwork';
import { placeName } from '../../src/engine/images/imageCausality';
import type { CentreTap } from '../../src/families/family';
import { Rng } from '../../src/math/rng';
import { rasterMask } from '../../src/nn/convolutionMask';
import { maskedConvolution, type Place } from '../../src/nn/maskedConvolution';

beforeAll(() => tf.setBackend('cpu').then(() => undefined));

const shape = { height: 5, width: 5, channels: 1 };
const LEVELS = 5;
const C = 4;

function weights(rows: number, columns: number, seed: number): tf.Tensor2D {
  const rng = new Rng(seed);
  return tf.tensor2d(
    Array.from({ length: rows * columns }, () => rng.normal()),
    [rows, columns],
  );
}

type Layer = (x: tf.Tensor4D) => tf.Tensor4D;
const convolution =
  (places: readonly Place[], inputs: number, seed: number): Layer =>
  (x) =>
    maskedConvolution(x, weights(places.length * inputs, C, seed), null, places);
const first = convolution(rasterMask(3, 'A').offsets, 1, 1);
const later = convolution([...rasterMask(3, 'B').offsets, [0, 0]], C, 2);

/** A, what is planted, and logits; tanh keeps every dependency alive. */
async function leaksOf(
  planted: Layer,
  start: Layer = first,
): Promise<{ readonly leaks: Array<[output: number, input: number]>; readonly verdict: string }> {
  const network = imageNetwork(
    {
      logits: ({ pixels }) =>
        tf.tidy(() => {
          const x = tf.div<tf.Tensor4D>(tf.cast(pixels, 'float32'), LEVELS);
          const h = planted(tf.tanh(start(x)));
          const [B, H, W] = h.shape;
          const flat = tf.matMul(tf.reshape<tf.Rank.R2>(tf.tanh(h), [B * H * W, C]), weights(C, LEVELS, 3));
          return tf.reshape(flat, [B, H, W, 1, LEVELS]);
        }),
    },
    shape,
    LEVELS,
  );
  const measured = await measuredConnectivity(network, 25, { seed: 1 });
  const allowed = new BitMatrix(25, 25);
  for (let output = 0; output < 25; output++) {
    for (let input = 0; input < output; input++) if (measured.get(output, input)) allowed.set(output, input);
  }
  const { leaks, verdict } = compareConnectivity(allowed, measured, (at) => placeName(shape, at));
  return { leaks: leaks.map(({ output, input }) => [output, input]), verdict };
}

describe('perturbation', () => {
  it('passes a proper stack', async () => expect((await leaksOf(later)).leaks).toEqual([]));

  it.each<[string, Layer, Layer?]>([
    [
      'mask B with the wrong half',
      convolution(
        [
          [1, 0],
          [0, 1],
          [0, 0],
        ],
        C,
        5,
      ),
    ],
    ['a residual round the type-A layer', later, (x) => tf.add(first(x), tf.tile(x, [1, 1, 1, C]))],
    ['a shift by one row the wrong way', convolution([[1, 0]], C, 6)],
    ['a normalisation that mixes positions', (x) => tf.sub(x, tf.mean(x, [1, 2], true))],
    [
      'padding that wraps',
      (x) =>
        tf.concat(
          [tf.slice(x, [0, 4, 0, 0], [-1, 1, -1, -1]), tf.slice(x, [0, 0, 0, 0], [-1, 4, -1, -1])],
          1,
        ),
    ],
  ])('catches %s, and names its pixels', async (_, planted, start) => {
    const { leaks, verdict } = await leaksOf(planted, start);
    const [[output, input]] = leaks as [[number, number]];
    const named = (at: number): string => `(${Math.floor(at / 5)}, ${at % 5})`;
    expect(verdict).toBe(`${leaks.length} leaks: output ${named(output)} depends on input ${named(input)}`);
  });

  it('catches reversed channels: R that reads G and B of its own pixel', async () => {
    const rgb = { height: 2, width: 2, channels: 3 };
    const reads = async (centre: CentreTap, reversed: boolean): Promise<boolean> => {
      const open = Array.from({ length: 9 }, (_, at) => {
        const [from, to] = [Math.floor(at / 3), at % 3];
        return (reversed ? from > to : centre === 'before' && from < to) ? 1 : 0;
      });
      const network = imageNetwork(
        {
          logits: ({ pixels }) =>
            tf.tidy(() => {
              const [B, H, W] = pixels.shape;
              const x = tf.reshape<tf.Rank.R2>(tf.cast(pixels, 'float32'), [B * H * W, 3]);
              const h = tf.matMul(x, tf.tensor2d(open, [3, 3]));
              return tf.reshape(tf.mul(tf.expandDims(h, 2), tf.tensor1d([1, 2])), [B, H, W, 3, 2]);
            }),
        },
        rgb,
        2,
      );
      const measured = await measuredConnectivity(network, 12, { seed: 2 });
      return Array.from({ length: 12 }, (_, output) => output).some((output) =>
        Array.from({ length: 12 - output }, (_, more) => output + more).some((input) =>
          measured.get(output, input),
        ),
      );
    };
    expect(await reads('before', false)).toBe(false);
    expect(await reads('before', true)).toBe(true);
  });
});
