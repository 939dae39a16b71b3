// The gate of gated stacks: y = tanh(f) ⊙ σ(g) over the two halves of a feature row. van den Oord et al. 2016b, eq. 2.
import { mul, sigmoid, slice, tanh, tidy } from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type { GateGradInputs, GateInputs } from '../kernels/fusedKernels';
import { fusedOp, isFused, output, runFused } from './fused';

/**
 * @param x [M, 2C]: f, then g
 * @returns [M, C]
 */
export function gate(x: Tensor2D): Tensor2D {
  if (!isFused(FusedKernel.gate)) return gatePlain(x);
  return fusedOp<Tensor2D>(
    [x],
    (save) => {
      save([x]);
      const inputs: GateInputs = { x };
      return output<Tensor2D>(runFused(FusedKernel.gate, inputs, {}), 0);
    },
    (dy, saved) => {
      const inputs: GateGradInputs = { x: output<Tensor2D>(saved, 0), dy: dy };
      return runFused(FusedKernel.gateGrad, inputs, {});
    },
  );
}

export function gatePlain(x: Tensor2D): Tensor2D {
  const [M, width] = x.shape;
  const C = width / 2;
  return tidy(() => mul<Tensor2D>(tanh(slice(x, [0, 0], [M, C])), sigmoid(slice(x, [0, C], [M, C]))));
}
