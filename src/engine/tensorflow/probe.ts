// Whether a binding that was just built computes: first in a process of its own, which may die of it, then some steps
// of the device contract here, against numbers that TensorFlow.js's own processor backend gives.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { ArLensError } from '../../protocol/errors';
import { registerTensorflow } from './backend';
import { lastLine, runProgram } from './child';

const LOAD = 'process.stdout.write("version " + require(process.argv[1]).TF_Version)';
const TOLERANCE = 2e-5;

/** @returns TensorFlow's version, and whether it has a CUDA card. @throws ArLensError in one sentence */
export async function probe(
  binding: string,
  signal: AbortSignal,
): Promise<{ readonly version: string; readonly cuda: boolean }> {
  const { code, text } = await runProgram(process.execPath, ['-e', LOAD, binding], {
    signal,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', ELECTRON_RUN_AS_NODE: '1' },
  });
  const version = /version (\S+)/.exec(text)?.[1];
  if (code !== 0 || version === undefined) {
    const why = text.split('\n').find((line) => /Error:/.test(line)) ?? text;
    throw new ArLensError('unsupported', `TensorFlow's binding does not load: ${lastLine(why)}.`);
  }
  const { cuda } = await registerTensorflow(binding);
  tf.env().set('PROD', true); // silences tfjs's advertising of another backend, and nothing else
  const before = tf.getBackend();
  try {
    const expected = await answers('cpu');
    const got = await answers('tensorflow');
    const far = expected.findIndex(
      (value, at) => !(Math.abs(value - (got[at] ?? NaN)) <= TOLERANCE * (1 + Math.abs(value))),
    );
    if (far < 0) return { version, cuda };
    throw new ArLensError(
      'unsupported',
      `TensorFlow ${version} computes something else than the reference: expected ${expected[far]}, got ${got[far]}.`,
    );
  } finally {
    if (before) await tf.setBackend(before);
  }
}

/** A layer, its loss and the gradients of both matrices: products, softmax, gathers, sums. */
async function answers(backend: string): Promise<number[]> {
  if (!(await tf.setBackend(backend))) {
    throw new ArLensError('unsupported', `The device "${backend}" did not start: the log has the reason.`);
  }
  const made = tf.tidy(() => {
    const numbers = (count: number, shape: number[]) =>
      tf.tensor(
        Float32Array.from({ length: count }, (_, i) => Math.sin(3 * i + 1)),
        shape,
      );
    const [x, w, v] = [numbers(12, [4, 3]), numbers(15, [3, 5]), numbers(35, [5, 7])];
    const targets = tf.oneHot(tf.tensor1d([0, 6, 3, 1], 'int32'), 7);
    const loss = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => {
      const logits = tf.matMul(tf.tanh(tf.matMul(x, a)), b);
      return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), targets), 1)));
    };
    return [loss(w, v), ...tf.grads(loss)([w, v]), tf.gather(w, tf.tensor1d([2, 0], 'int32'))];
  });
  const values = await Promise.all(made.map((tensor) => tensor.data()));
  tf.dispose(made);
  return values.flatMap((each) => [...each]);
}
