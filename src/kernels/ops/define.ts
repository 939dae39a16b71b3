// How a kernel is declared for the simd backend: its inputs, attributes and the function over them, typed once.
import type { DataType, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { simdName, type SimdBackend } from '../simdBackend';

export function define<Inputs, Attributes = object>(
  kernelName: string,
  kernel: (inputs: Inputs, attributes: Attributes, backend: SimdBackend) => TensorInfo | TensorInfo[],
): KernelConfig {
  return {
    kernelName,
    backendName: simdName,
    kernelFunc: ({ inputs, attrs, backend }) =>
      kernel(inputs as unknown as Inputs, (attrs ?? {}) as Attributes, backend as SimdBackend), // tfjs leaves attrs out where an op has none
  };
}

export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const dimension of shape) size *= dimension;
  return size;
}

/** Throws unless `tensor` has the dtype; every fused kernel and most others are for one dtype. */
export function expectDtype(kernel: string, name: string, tensor: TensorInfo, dtype: DataType): void {
  if (tensor.dtype !== dtype)
    throw new Error(`${kernel}: expected ${name} to be ${dtype}, got ${tensor.dtype}`);
}
