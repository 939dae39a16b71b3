// The building blocks against PyTorch's values (make.py): tanh GELU, layer norm, cross-entropy.
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { crossEntropy } from '../../../src/nn/crossEntropy';
import { layerNorm } from '../../../src/nn/layerNorm';
import { linear } from '../../../src/nn/linear';
import { DEVICES, useDevice } from '../../contract/familyDevices';

interface Functions {
  readonly gelu: { readonly u: number[]; readonly y: number[] };
  readonly layerNorm: {
    readonly x: number[];
    readonly gain: number[];
    readonly bias: number[];
    readonly epsilon: number;
    readonly y: number[];
  };
  readonly crossEntropy: { readonly logits: number[]; readonly targets: number[]; readonly nats: number[] };
}
const values = JSON.parse(
  readFileSync(new URL('../values/transformer/functions.json', import.meta.url), 'utf8'),
) as Functions;

/** Relative where the value is large, absolute where it is small. */
function expectClose(found: tf.Tensor, wanted: readonly number[], tolerance: number): void {
  const data = found.dataSync();
  expect(data).toHaveLength(wanted.length);
  wanted.forEach((value, at) => {
    expect(Math.abs((data[at] as number) - value), `entry ${at}`).toBeLessThan(
      tolerance * Math.max(1, Math.abs(value)),
    );
  });
}

describe.each(DEVICES)('PyTorch gives the same as %s', (device) => {
  beforeEach(() => useDevice(device));

  it('tanh GELU', () =>
    tf.tidy(() => {
      const u = tf.tensor2d(values.gelu.u, [values.gelu.u.length, 1]);
      expectClose(linear(u, tf.ones([1, 1]), null, { activation: 'geluNew' }), values.gelu.y, 1e-6);
    }));

  it('layer norm, also of a row without variance', () =>
    tf.tidy(() => {
      const { x, gain, bias, epsilon, y } = values.layerNorm;
      const normal = layerNorm(tf.tensor2d(x, [4, 7]), tf.tensor1d(gain), tf.tensor1d(bias), epsilon);
      expectClose(normal, y, 5e-6);
    }));

  it('cross-entropy, also of logits that overflow exp', () =>
    tf.tidy(() => {
      const { logits, targets, nats } = values.crossEntropy;
      expectClose(crossEntropy(tf.tensor2d(logits, [4, 5]), tf.tensor1d(targets, 'int32')), nats, 1e-6);
    }));
});
