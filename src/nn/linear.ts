// x·W + b with an optional activation: one fused kernel where there is one, else the plain composition beside it.
import { add, matMul, mul, tanh, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type {
  LinearActivation,
  LinearAttributes,
  LinearGradAttributes,
  LinearGradInputs,
  LinearInputs,
} from '../kernels/fusedKernels';
import { fusedOp, isFused, output, runFused } from './fused';

export interface LinearOptions {
  readonly activation?: LinearActivation;
  /** W is [N, K] and used transposed: a tied head. */
  readonly transposeW?: boolean;
}

/**
 * @param x [M, K]
 * @param w [K, N], or [N, K] with `transposeW`
 * @param b [N], or null for none
 * @returns [M, N]
 */
export function linear(x: Tensor2D, w: Tensor2D, b: Tensor1D | null, options: LinearOptions = {}): Tensor2D {
  if (!isFused(FusedKernel.linear)) return linearPlain(x, w, b, options);
  const attributes: LinearAttributes = {
    activation: options.activation ?? 'none',
    transposeW: options.transposeW ?? false,
  };
  const activated = attributes.activation !== 'none';
  return fusedOp<Tensor2D>(
    b === null ? [x, w] : [x, w, b],
    (save) => {
      const inputs: LinearInputs = b === null ? { x, w } : { x, w, b };
      const outputs = runFused(FusedKernel.linear, inputs, attributes);
      save(activated ? [x, w, output(outputs, 1)] : [x, w]);
      return output<Tensor2D>(outputs, 0);
    },
    (dy, saved) => {
      const inputs: LinearGradInputs = { dy, x: output(saved, 0), w: output(saved, 1) };
      if (activated) inputs.u = output(saved, 2);
      const gradAttributes: LinearGradAttributes = { ...attributes, hasBias: b !== null };
      return runFused(FusedKernel.linearGrad, inputs, gradAttributes);
    },
  );
}

export function linearPlain(
  x: Tensor2D,
  w: Tensor2D,
  b: Tensor1D | null,
  options: LinearOptions = {},
): Tensor2D {
  return tidy(() => {
    const product = matMul<Tensor2D>(x, w, false, options.transposeW ?? false); // [M, N]
    const shifted = b === null ? product : add<Tensor2D>(product, b);
    return options.activation === 'geluNew' ? geluNew(shifted) : shifted;
  });
}

/** 0.5 u (1 + tanh(√(2/π) (u + 0.044715 u³))): the tanh form of Hendrycks and Gimpel, arXiv 1606.08415, as in GPT-2. */
export function geluNew<T extends Tensor>(u: T): T {
  return tidy(() => {
    const inner = mul(Math.sqrt(2 / Math.PI), add(u, mul(0.044715, mul(u, mul(u, u)))));
    return mul<T>(mul(0.5, u), add(1, tanh(inner)));
  });
}
