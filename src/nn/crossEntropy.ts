// −log softmax(logits)[target], row by row, in nats.
import { logSumExp, mul, oneHot, sub, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type { CrossEntropyGradInputs, CrossEntropyInputs } from '../kernels/fusedKernels';
import { fusedOp, isFused, output, runFused } from './fused';

/**
 * @param logits [M, V]
 * @param targets int32 [M], each in [0, V)
 * @returns nats [M]
 */
export function crossEntropy(logits: Tensor2D, targets: Tensor1D): Tensor1D {
  if (!isFused(FusedKernel.crossEntropy)) return crossEntropyPlain(logits, targets);
  return fusedOp<Tensor1D>(
    [logits],
    (save) => {
      const inputs: CrossEntropyInputs = { logits, targets };
      const outputs = runFused(FusedKernel.crossEntropy, inputs, {});
      save([logits, targets, output(outputs, 1)]);
      return output<Tensor1D>(outputs, 0);
    },
    (dloss, saved) => {
      const inputs: CrossEntropyGradInputs = {
        dloss,
        logits: output(saved, 0),
        targets: output(saved, 1),
        logSumExp: output(saved, 2),
      };
      return runFused(FusedKernel.crossEntropyGrad, inputs, {});
    },
  );
}

export function crossEntropyPlain(logits: Tensor2D, targets: Tensor1D): Tensor1D {
  return tidy(() => {
    const chosen = sum(mul(logits, oneHot(targets, logits.shape[1])), 1); // [M]
    return sub<Tensor1D>(logSumExp(logits, 1), chosen);
  });
}
