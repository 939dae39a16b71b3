// A fused op held equal to its plain composition, values and gradients, with the reference device as a third witness.
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { Rng } from '../../src/math/rng';
import { useDevice } from './familyDevices';

export type Shape = readonly number[];
export type Op = (...inputs: tf.Tensor[]) => tf.Tensor;
export const as1 = (t: tf.Tensor | undefined) => t as tf.Tensor1D;
export const as2 = (t: tf.Tensor | undefined) => t as tf.Tensor2D;
export const as4 = (t: tf.Tensor | undefined) => t as tf.Tensor4D;

export function noise(shape: Shape, seed: number): Float32Array {
  const rng = new Rng(seed);
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal());
}

/** The value, then the gradient of each input under a random upstream gradient. */
async function valueAndGradients(device: string, op: Op, shapes: readonly Shape[]): Promise<Float32Array[]> {
  await useDevice(device);
  const inputs = shapes.map((shape, index) => tf.tensor(noise(shape, index + 1), [...shape]));
  const numTensors = tf.memory().numTensors;
  const results = tf.tidy(() => {
    const value = op(...inputs);
    const upstream = tf.tensor(noise(value.shape, 99), value.shape);
    const gradients = tf.grads((...each: tf.Tensor[]) => op(...each))(inputs, upstream);
    return [value, ...gradients];
  });
  const arrays = await Promise.all(results.map(async (each) => Float32Array.from(await each.data())));
  tf.dispose(results);
  expect(tf.memory().numTensors, 'tensors left behind').toBe(numTensors);
  tf.dispose(inputs);
  return arrays;
}

/** Value and gradients of the fused op on simd, and of the plain one there and on the reference device. */
export async function expectEqual(
  fused: Op,
  plain: Op,
  shapes: readonly Shape[],
  tolerance = 2e-5,
): Promise<void> {
  const found = await valueAndGradients('simd', fused, shapes);
  for (const device of ['simd', 'cpu']) {
    const expected = await valueAndGradients(device, plain, shapes);
    expect(found.length).toBe(expected.length);
    found.forEach((values, index) => {
      const wanted = expected[index] as Float32Array;
      expect(values.length).toBe(wanted.length);
      const scale = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      const worst = values.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - (wanted[at] as number))),
        0,
      );
      expect(worst / scale, index === 0 ? 'value' : `gradient ${index}`).toBeLessThan(tolerance);
    });
  }
}
