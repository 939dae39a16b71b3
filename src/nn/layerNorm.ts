// Layer normalisation over the last axis (Ba, Kiros and Hinton, arXiv 1607.06450), variance without Bessel's correction.
import { add, mean, mul, rsqrt, square, sub, tidy } from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type { LayerNormAttributes, LayerNormGradInputs, LayerNormInputs } from '../kernels/fusedKernels';
import { fusedOp, isFused, output, runFused } from './fused';

/**
 * @param x [M, C]
 * @param gain [C]
 * @param bias [C]
 * @returns [M, C]
 */
export function layerNorm(x: Tensor2D, gain: Tensor1D, bias: Tensor1D, epsilon: number): Tensor2D {
  if (!isFused(FusedKernel.layerNorm)) return layerNormPlain(x, gain, bias, epsilon);
  return fusedOp<Tensor2D>(
    [x, gain, bias],
    (save) => {
      const inputs: LayerNormInputs = { x, gain, bias };
      const attributes: LayerNormAttributes = { epsilon };
      const outputs = runFused(FusedKernel.layerNorm, inputs, attributes);
      save([x, gain, output(outputs, 1), output(outputs, 2)]);
      return output<Tensor2D>(outputs, 0);
    },
    (dy, saved) => {
      const inputs: LayerNormGradInputs = {
        dy,
        x: output(saved, 0),
        gain: output(saved, 1),
        mean: output(saved, 2),
        rstd: output(saved, 3),
      };
      return runFused(FusedKernel.layerNormGrad, inputs, {});
    },
  );
}

export function layerNormPlain(x: Tensor2D, gain: Tensor1D, bias: Tensor1D, epsilon: number): Tensor2D {
  return tidy(() => {
    const centred = sub(x, mean(x, 1, true));
    const variance = mean(square(centred), 1, true); // [M, 1]
    const normal = mul(centred, rsqrt(add(variance, epsilon)));
    return add<Tensor2D>(mul(normal, gain), bias);
  });
}
