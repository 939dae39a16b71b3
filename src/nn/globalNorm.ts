// The Euclidean norm of all gradients together, and the factor that clipping multiplies them by.
import { addN, scalar, sqrt, square, sum, tidy } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type { GlobalNormInputs } from '../kernels/fusedKernels';
import { isFused, output, runFused } from './fused';

export function globalNorm(gradients: readonly Tensor[]): Scalar {
  if (gradients.length === 0) return scalar(0);
  if (!isFused(FusedKernel.globalNorm)) return globalNormPlain(gradients);
  const inputs: GlobalNormInputs = {};
  gradients.forEach((gradient, index) => (inputs[`g${index}`] = gradient));
  return output(runFused(FusedKernel.globalNorm, inputs, {}), 0);
}

export function globalNormPlain(gradients: readonly Tensor[]): Scalar {
  return tidy(() => sqrt(addN<Scalar>(gradients.map((gradient) => sum<Scalar>(square(gradient))))));
}

/** As torch.nn.utils.clip_grad_norm_: at most 1, and 10⁻⁶ keeps the division finite. */
export function clippingFactor(norm: number, limit: number): number {
  return Math.min(1, limit / (norm + 1e-6));
}
