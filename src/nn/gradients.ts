// A loss and its gradients with respect to a list of variables, in the list's order.
import { engine } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import './fused';

export interface LossAndGradients {
  readonly loss: Scalar;
  readonly gradients: Tensor[];
}

/** The caller disposes the loss and every gradient; everything in between is gone when this returns. */
export function lossAndGradients(loss: () => Scalar, variables: readonly Variable[]): LossAndGradients {
  // tf.variableGrads wants variables with unique names of the whole process; the engine under it wants only tensors.
  const { value, grads } = engine().gradients(loss, [...variables] as Tensor[]);
  return { loss: value, gradients: grads };
}
