// What the cases of the device contract share: their shape, tolerances, and value-with-gradients.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Draw } from './deviceCasesDraw';

export interface DeviceCase {
  name: string;
  /** |got - expected| ≤ tolerance · (1 + |expected|) for every element; 0 asks for equal values. */
  tolerance: number;
  run(this: void, draw: Draw): Tensor | Tensor[];
}

export const exact = 0;
export const rounding = 2e-6; // a few ulp: one function evaluated in float32 here and in double there
export const sums = 2e-5; // sums of up to some thousand terms
export const looseFunctions = 4e-6;

/** Value and gradients of `f` at `inputs`, for a random gradient of the output. */
export function withGradients(draw: Draw, f: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]): Tensor[] {
  const y = f(...inputs);
  const dy = draw.tensor(y.shape);
  return [y, ...tf.grads((...args: Tensor[]) => f(...args))(inputs, dy)];
}
