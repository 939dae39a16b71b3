// How an op of this folder reaches a fused kernel: is it registered for the current backend, run it, give it a gradient.
// Knows the kernels' names only. Importing it registers tfjs's own gradients, which the plain compositions need.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { customGrad, engine, getBackend, getKernel, tidy } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import type { FusedKernelName } from '../kernels/fusedKernels';

export function isFused(name: FusedKernelName): boolean {
  return getKernel(name, getBackend()) !== undefined;
}

/** Keeps tensors for the backward pass; does nothing when no gradient is being taken. */
export type Save = (tensors: Tensor[]) => void;

/**
 * One differentiable op over fused kernels.
 * @param inputs the float tensors that `backward` answers with gradients, in its order
 */
export function fusedOp<T extends Tensor>(
  inputs: Tensor[],
  forward: (save: Save) => T,
  backward: (dy: T, saved: Tensor[]) => Tensor[],
): T {
  // Inference: customGrad's bookkeeping costs as much as a small kernel.
  if (!engine().isTapeOn()) return tidy(() => forward(() => undefined));
  const op = customGrad<T>((...passed) => ({
    value: forward(passed[passed.length - 1] as Save),
    gradFunc: backward,
  }));
  return op(...inputs);
}

/** Runs a kernel whose inputs and attributes are one of the interfaces of fusedKernels.ts. */
export function runFused<I extends object, A extends object>(
  name: FusedKernelName,
  inputs: I,
  attributes: A,
): Tensor[] {
  const outputs: Tensor | Tensor[] = engine().runKernel(
    name,
    inputs as NamedTensorMap,
    attributes as unknown as NamedAttrMap,
  );
  return Array.isArray(outputs) ? outputs : [outputs];
}

/** The output at `index`, which the kernel's interface promises. */
export function output<T extends Tensor>(outputs: readonly Tensor[], index: number): T {
  const tensor = outputs[index];
  if (tensor === undefined)
    throw new Error(`fused kernel: expected an output ${index}, got ${outputs.length} outputs`);
  return tensor as T;
}
