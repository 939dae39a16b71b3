// Matrix products of any batch shape, with tfjs's fused form. Each pair of matrices is one call into the same C
// product that the linear layer uses.
import { broadcast_util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import { BinaryKind, type UnaryName } from '../opcodes';
import type { SimdBackend } from '../simdBackend';
import { cast, fill } from './creation';
import { define, sizeOf } from './define';
import { binary, unary } from './elementwise';

interface Operands {
  a: TensorInfo;
  b: TensorInfo;
}
interface Transposes {
  transposeA: boolean;
  transposeB: boolean;
}
interface FusedInputs extends Operands {
  bias?: TensorInfo;
  preluActivationWeights?: TensorInfo;
}
interface FusedAttributes extends Transposes {
  activation?: 'linear' | 'relu' | 'relu6' | 'elu' | 'prelu' | 'leakyrelu' | 'sigmoid';
  leakyreluAlpha?: number;
}

export const matmulKernels: KernelConfig[] = [
  define<Operands, Transposes>('BatchMatMul', ({ a, b }, attributes, backend) =>
    product(backend, a, b, attributes),
  ),
  define<FusedInputs, FusedAttributes>('_FusedMatMul', (inputs, attributes, backend) => {
    const { a, b, bias, preluActivationWeights } = inputs;
    let result = product(backend, a, b, attributes);
    const replace = (next: TensorInfo) => {
      backend.release(result);
      result = next;
    };
    if (bias) replace(binary(backend, BinaryKind.add, result, bias, 'float32'));
    const { activation = 'linear' } = attributes;
    if (activation === 'prelu') {
      if (!preluActivationWeights) throw new Error('_FusedMatMul: expected preluActivationWeights, got none');
      replace(binary(backend, BinaryKind.prelu, result, preluActivationWeights, 'float32'));
    } else if (activation !== 'linear') {
      const kind: UnaryName = activation === 'leakyrelu' ? 'leakyRelu' : activation;
      replace(unary(backend, kind, result, attributes.leakyreluAlpha ?? 0));
    }
    return result;
  }),
];

function product(
  backend: SimdBackend,
  a: TensorInfo,
  b: TensorInfo,
  { transposeA, transposeB }: Transposes,
): TensorInfo {
  const [aRows = 1, aColumns = 1] = a.shape.slice(-2);
  const [bRows = 1, bColumns = 1] = b.shape.slice(-2);
  const [m, k] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const [k2, n] = transposeB ? [bColumns, bRows] : [bRows, bColumns];
  if (k !== k2) {
    const shapes = `[${a.shape.join(', ')}] and [${b.shape.join(', ')}]`;
    throw new Error(`BatchMatMul: expected equal inner sizes, got ${k} and ${k2} of ${shapes}`);
  }
  const batch = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...batch, m, n];
  if (sizeOf(shape) === 0 || k === 0) return fill(backend, shape, 0, 'float32');
  const [left, right] = [cast(backend, a, 'float32'), cast(backend, b, 'float32')];
  const out = backend.make(shape, 'float32');
  const aAt = matrixOffsets(a.shape.slice(0, -2), batch, m * k);
  const bAt = matrixOffsets(b.shape.slice(0, -2), batch, k * n);
  const bases = [backend.at(left), backend.at(right), backend.at(out)] as const;
  const table = aAt.flatMap((offset, i) => [
    bases[0] + 4 * offset,
    bases[1] + 4 * (bAt[i] ?? 0),
    bases[2] + 4 * i * m * n,
  ]);
  withTable(backend, table, (at) => {
    backend.run('BatchMatMul', at, aAt.length, m, n, k, Number(transposeA), Number(transposeB), 0);
  });
  backend.release(left);
  backend.release(right);
  return out;
}

/** First element of each matrix of the broadcast batch, in elements. */
function matrixOffsets(own: number[], batch: number[], size: number): number[] {
  let offsets = [0];
  let stride = size;
  // Innermost batch axis first: each axis outside repeats what is inside, moved on unless it is broadcast.
  for (let d = batch.length - 1; d >= 0; d--) {
    const count = batch[d] ?? 1;
    const ownCount = own[d - batch.length + own.length] ?? 1;
    const step = ownCount === 1 ? 0 : stride;
    const inside = offsets;
    offsets = Array.from({ length: count }, (_, i) => inside.map((offset) => offset + i * step)).flat();
    stride *= ownCount;
  }
  return offsets;
}

/** Puts doubles into the linear memory for the time of one call. */
export function withTable<T>(backend: SimdBackend, values: readonly number[], use: (offset: number) => T): T {
  const offset = backend.linear.allocate(8 * values.length);
  try {
    new Float64Array(backend.linear.bytes.buffer, offset, values.length).set(values);
    return use(offset);
  } finally {
    backend.linear.free(offset);
  }
}
