// Kernels that are never hot run as tfjs's own cpu code: values are copied out, the cpu kernel computes, values are
// copied back. A kernel moves out of this list the day someone waits for it.
import {
  getKernel,
  type KernelConfig,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { simdName, type SimdBackend } from '../simdBackend';

const forwardedNames = [
  ...['Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atan2', 'Atanh', 'Cos', 'Cosh', 'Sin', 'Sinh', 'Tan'],
  ...['Expm1', 'Log1p', 'Pow', 'Mod', 'FloorDiv', 'IsNan', 'IsInf', 'IsFinite', 'BitwiseAnd'],
  ...[
    'GatherNd',
    'ScatterNd',
    'TensorScatterUpdate',
    'SparseToDense',
    'Unique',
    'SearchSorted',
    'Multinomial',
  ],
  ...['Cumprod', 'Diag', 'MirrorPad', 'Einsum', 'Bincount', 'DenseBincount', 'FusedBatchNorm'],
] as const;

let cpu: MathBackendCPU | undefined;

export const forwardedKernels: KernelConfig[] = forwardedNames.map((kernelName) => ({
  kernelName,
  backendName: simdName,
  kernelFunc: ({ inputs, attrs, backend }) =>
    forward(kernelName, inputs, attrs ?? {}, backend as SimdBackend),
}));

/** Runs the cpu backend's kernel on tensors of the simd backend. */
export function forward(
  kernelName: string,
  inputs: NamedTensorInfoMap,
  attrs: object,
  backend: SimdBackend,
): TensorInfo | TensorInfo[] {
  cpu ??= quietCpu();
  const there = cpu;
  const copies = Object.entries(inputs).flatMap(([name, tensor]) => {
    if (!tensor) return [];
    const { shape, dtype } = tensor;
    const values = backend.readSync(tensor.dataId);
    return [[name, { dataId: there.write(values, shape, dtype), shape, dtype }] as const];
  });
  const kernel = getKernel(kernelName, 'cpu').kernelFunc;
  try {
    // Some kernels take a list of tensors for their inputs.
    const list = copies.map(([, copy]) => copy);
    const given = Array.isArray(inputs) ? (list as never) : Object.fromEntries(copies);
    const result = kernel({ inputs: given, attrs: attrs as never, backend: there });
    const bring = (tensor: TensorInfo) => {
      const values = there.readSync(tensor.dataId) as unknown as ArrayLike<number>;
      const brought = backend.from(values, tensor.shape, tensor.dtype);
      there.disposeData(tensor.dataId);
      return brought;
    };
    return Array.isArray(result) ? result.map(bring) : bring(result);
  } finally {
    for (const [, copy] of copies) there.disposeData(copy.dataId, true);
  }
}

/** Its first write advises Node users to install another package, which is not for them to read. */
function quietCpu(): MathBackendCPU {
  const made = new MathBackendCPU();
  (made as unknown as { firstUse: boolean }).firstUse = false;
  return made;
}
