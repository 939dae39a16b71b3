// Root-mean-square normalisation over the last axis (Zhang and Sennrich, arXiv 1910.07467): no mean is taken away.
import { add, mean, mul, rsqrt, square, tidy } from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type { RmsNormAttributes, RmsNormGradInputs, RmsNormInputs } from '../kernels/fusedKernels';
import { fusedOp, isFused, output, runFused } from './fused';

/**
 * x / √(mean(x²) + ε) · gain
 * @param x [M, C]
 * @param gain [C]
 * @returns [M, C]
 */
export function rmsNorm(x: Tensor2D, gain: Tensor1D, epsilon: number): Tensor2D {
  if (!isFused(FusedKernel.rmsNorm)) return rmsNormPlain(x, gain, epsilon);
  return fusedOp<Tensor2D>(
    [x, gain],
    (save) => {
      const inputs: RmsNormInputs = { x, gain };
      const attributes: RmsNormAttributes = { epsilon };
      const outputs = runFused(FusedKernel.rmsNorm, inputs, attributes);
      save([x, gain, output(outputs, 1)]);
      return output<Tensor2D>(outputs, 0);
    },
    (dy, saved) => {
      const inputs: RmsNormGradInputs = {
        dy,
        x: output(saved, 0),
        gain: output(saved, 1),
        rstd: output(saved, 2),
      };
      return runFused(FusedKernel.rmsNormGrad, inputs, {});
    },
  );
}

export function rmsNormPlain(x: Tensor2D, gain: Tensor1D, epsilon: number): Tensor2D {
  return tidy(() => {
    const scale = rsqrt(add(mean(square(x), 1, true), epsilon)); // [M, 1]
    return mul<Tensor2D>(mul(x, scale), gain);
  });
}
