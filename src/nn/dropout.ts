// Inverted dropout whose mask is a hash of (seed, stream, index): the same on every device, in any order, with any threads.
import { mul, reshape, tensor1d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type { DropoutAttributes, DropoutInputs } from '../kernels/fusedKernels';
import { fillUniform, mix } from '../math/counterRng';
import { fusedOp, isFused, output, runFused } from './fused';

export interface DropoutChoice {
  /** In [0, 1); 0 leaves everything as it is. */
  readonly rate: number;
  /** uint32 */
  readonly seed: number;
  /** uint32: one number per place in the model. */
  readonly stream: number;
}

export const NO_DROPOUT: DropoutChoice = { rate: 0, seed: 0, stream: 0 };

/** The dropout seed of one training step. @returns uint32 */
export function dropoutSeed(seed: number, step: number): number {
  return mix(step ^ mix(seed));
}

/** Keeps an entry with probability 1 − rate and divides it by that; with rate 0 returns x itself. */
export function dropout<T extends Tensor>(x: T, choice: DropoutChoice): T {
  if (choice.rate === 0) return x;
  if (!isFused(FusedKernel.dropout)) return dropoutPlain(x, choice);
  const attributes: DropoutAttributes = { rate: choice.rate, seed: choice.seed, stream: choice.stream };
  const run = (values: T): T => {
    const inputs: DropoutInputs = { x: values };
    return output<T>(runFused(FusedKernel.dropout, inputs, attributes), 0);
  };
  return fusedOp<T>(
    [x],
    () => run(x),
    (dy) => [run(dy)],
  );
}

export function dropoutPlain<T extends Tensor>(x: T, choice: DropoutChoice): T {
  if (choice.rate === 0) return x;
  return tidy(() => mul<T>(x, reshape(tensor1d(dropoutFactors(x.size, choice)), x.shape)));
}

/** 0 where dropped, 1 / (1 − rate) where kept. */
export function dropoutFactors(size: number, { rate, seed, stream }: DropoutChoice): Float32Array {
  const factors = fillUniform(new Float32Array(size), seed, stream);
  const kept = 1 / (1 - rate);
  for (let i = 0; i < size; i++) factors[i] = (factors[i] as number) < rate ? 0 : kept;
  return factors;
}
