// The fused ops of image families against the plain compositions beside them, at odd shapes.
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, it } from 'vitest';
import { horizontalMask, rasterMask, ROW_ABOVE, verticalMask } from '../../src/nn/convolutionMask';
import { gate, gatePlain } from '../../src/nn/gate';
import { maskedConvolution, maskedConvolutionPlain, type Place } from '../../src/nn/maskedConvolution';
import { useDevice } from './familyDevices';
import { as1, as2, as4, expectEqual, noise, type Shape } from './fusedEqualsPlain';

beforeEach(() => useDevice('simd'));

describe('fused equals plain', () => {
  it.each<[string, readonly Place[]]>([
    ['A of 7', rasterMask(7, 'A').offsets],
    ['B of 3', [...rasterMask(3, 'B').offsets, [0, 0]]],
    ['vertical', [...verticalMask(5).offsets, [0, 0]]],
    ['horizontal', horizontalMask(3, 'A').offsets],
    ['shifted', ROW_ABOVE.offsets],
    ['shifted the other way', [[2, 0]]],
    ['1 × 1', [[0, 0]]],
  ])('masked convolution, %s', async (_, places) => {
    for (const [B, H, W, C, N] of [
      [0, 2, 3, 2, 3],
      [1, 1, 1, 1, 1],
      [2, 5, 3, 3, 4],
      [3, 4, 9, 17, 33],
      [2, 16, 15, 5, 70], // several blocks of rows and of columns
      [3, 14, 13, 4, 48], // a last panel of one whole vector, and blocks of rows inside an image and across two
      [2, 6, 5, 3, 8], // half a vector
    ] as const) {
      const shapes: Shape[] = [[B, H, W, C], [places.length * C, N], [N]];
      await expectEqual(
        (x, w, b) => maskedConvolution(as4(x), as2(w), as1(b), places),
        (x, w, b) => maskedConvolutionPlain(as4(x), as2(w), as1(b), places),
        shapes,
      );
      await expectEqual(
        (x, w) => maskedConvolution(as4(x), as2(w), null, places),
        (x, w) => maskedConvolutionPlain(as4(x), as2(w), null, places),
        shapes.slice(0, 2),
      );
      await expectEqual(
        (x, w, b) => maskedConvolution(as4(x), as2(w), as1(b), places, { rectified: true }),
        (x, w, b) => maskedConvolutionPlain(tf.relu(as4(x)), as2(w), as1(b), places),
        shapes,
      );
      await expectEqual(
        (x, w, b, y) => maskedConvolution(as4(x), as2(w), as1(b), places, { plus: as4(y) }),
        (x, w, b, y) => tf.add(as4(y), maskedConvolutionPlain(as4(x), as2(w), as1(b), places)),
        [...shapes, [B, H, W, N]],
      );
      const data = tf.tensor4d(noise([B, H, W, C], 7), [B, H, W, C]);
      const values = await data.data();
      data.dispose();
      const fixed = () => tf.tensor4d(values, [B, H, W, C]);
      await expectEqual(
        (w, b) => maskedConvolution(fixed(), as2(w), as1(b), places, { constantInput: true }),
        (w, b) => maskedConvolutionPlain(fixed(), as2(w), as1(b), places),
        shapes.slice(1),
      );
    }
  });

  it('masked convolution, more inputs and weights than scratch holds at once', async () => {
    const places = rasterMask(7, 'A').offsets;
    await expectEqual(
      (x, w, b, y) => maskedConvolution(as4(x), as2(w), as1(b), places, { plus: as4(y) }),
      (x, w, b, y) => tf.add(as4(y), maskedConvolutionPlain(as4(x), as2(w), as1(b), places)),
      [[1, 2, 2, 1000], [places.length * 1000, 200], [200], [1, 2, 2, 200]],
    );
  });

  it.each([
    [1, 1],
    [5, 21],
    [70, 130],
  ])('gate %i×%i', (M, C) =>
    expectEqual(
      (x) => gate(as2(x)),
      (x) => gatePlain(as2(x)),
      [[M, 2 * C]],
    ),
  );
});
