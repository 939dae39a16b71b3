// max(x, 0) whose gradient is one pass over the features; tfjs's own takes three.
import { relu } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type { ReluGradInputs } from '../kernels/fusedKernels';
import { fusedOp, isFused, output, runFused } from './fused';

/** @returns of x's shape; its gradient at 0 is 0 */
export function rectify<T extends Tensor>(x: T): T {
  if (!isFused(FusedKernel.reluGrad)) return relu(x);
  return fusedOp<T>(
    [x],
    (save) => {
      const y = relu(x);
      save([y]);
      return y;
    },
    (dy, saved) => {
      const inputs: ReluGradInputs = { y: output(saved, 0), dy };
      return runFused(FusedKernel.reluGrad, inputs, {});
    },
  );
}
