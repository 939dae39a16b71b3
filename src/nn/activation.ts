// The functions between the two layers of an MLP, by the names that model families share, and the gated kind.
import { add, erf, mul, relu, sigmoid, tidy } from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type { GatedInputs, GatedGradInputs } from '../kernels/fusedKernels';
import { fusedOp, isFused, output, runFused } from './fused';
import { geluNew } from './linear';

export const ACTIVATIONS = ['geluNew', 'gelu', 'relu', 'silu'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/** `gelu` by the error function and `geluNew` by tanh (Hendrycks and Gimpel, arXiv 1606.08415), `silu(u) = u·σ(u)`. */
export function activate(u: Tensor2D, activation: Activation): Tensor2D {
  switch (activation) {
    case 'geluNew':
      return geluNew(u);
    case 'gelu':
      return tidy(() => mul<Tensor2D>(mul(0.5, u), add(1, erf(mul(u, Math.SQRT1_2)))));
    case 'relu':
      return relu(u);
    case 'silu':
      return tidy(() => mul<Tensor2D>(u, sigmoid(u)));
    default:
      return activation satisfies never;
  }
}

/**
 * SwiGLU's product (Shazeer, arXiv 2002.05202): silu(gate) · up, element by element.
 * @param gate [M, N]
 * @param up [M, N]
 */
export function gated(gate: Tensor2D, up: Tensor2D): Tensor2D {
  if (!isFused(FusedKernel.gated)) return gatedPlain(gate, up);
  return fusedOp<Tensor2D>(
    [gate, up],
    (save) => {
      const inputs: GatedInputs = { gate, up };
      save([gate, up]);
      return output<Tensor2D>(runFused(FusedKernel.gated, inputs, {}), 0);
    },
    (dy, saved) => {
      const inputs: GatedGradInputs = { dy, gate: output(saved, 0), up: output(saved, 1) };
      return runFused(FusedKernel.gatedGrad, inputs, {});
    },
  );
}

export function gatedPlain(gate: Tensor2D, up: Tensor2D): Tensor2D {
  return tidy(() => mul<Tensor2D>(activate(gate, 'silu'), up));
}
