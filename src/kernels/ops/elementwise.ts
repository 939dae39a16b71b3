// Elementwise kernels of one and two arrays. float32 runs in C, and so do the int32 and bool forms that occur in
// model code; the other dtypes go to the cpu kernel, which defines what they mean.
import { backend_util, type DataType, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import { BinaryKind, CompareKind, IntKind, LogicalKind, UnaryKind } from '../opcodes';
import type { BinaryName, CompareName, IntName, UnaryName } from '../opcodes';
import type { SimdBackend } from '../simdBackend';
import { define, sizeOf } from './define';
import { forward } from './forwarded';
import { mergeBroadcast } from './strided';

interface Unary {
  x: TensorInfo;
}
interface Binary {
  a: TensorInfo;
  b: TensorInfo;
}
/** Parameters of the few functions that have one: LeakyRelu's and Step's alpha, the bounds of ClipByValue. */
interface Parameters {
  alpha?: number;
  clipValueMin?: number;
  clipValueMax?: number;
}

const unaryKernels: Record<string, UnaryName> = {
  ...{ Abs: 'abs', Neg: 'neg', Exp: 'exp', Log: 'log', Sqrt: 'sqrt', Rsqrt: 'rsqrt', Square: 'square' },
  ...{ Reciprocal: 'reciprocal', Sign: 'sign', Floor: 'floor', Ceil: 'ceil', Round: 'round', Relu: 'relu' },
  ...{ Relu6: 'relu6', LeakyRelu: 'leakyRelu', Elu: 'elu', Selu: 'selu', Sigmoid: 'sigmoid', Tanh: 'tanh' },
  ...{ Softplus: 'softplus', Erf: 'erf', Step: 'step', ClipByValue: 'clip' },
};

const binaryKernels: Record<string, { float: BinaryName; int?: IntName }> = {
  Add: { float: 'add', int: 'intAdd' },
  Sub: { float: 'sub', int: 'intSub' },
  Multiply: { float: 'mul', int: 'intMul' },
  Maximum: { float: 'max', int: 'intMax' },
  Minimum: { float: 'min', int: 'intMin' },
  RealDiv: { float: 'div' },
  SquaredDifference: { float: 'squaredDifference' },
};

const compareKernels: Record<string, CompareName> = {
  ...{ Equal: 'equal', NotEqual: 'notEqual', Less: 'less', LessEqual: 'lessEqual' },
  ...{ Greater: 'greater', GreaterEqual: 'greaterEqual' },
};

export const elementwiseKernels: KernelConfig[] = [
  ...Object.entries(unaryKernels).map(([name, kind]) =>
    define<Unary, Parameters>(name, ({ x }, parameters, backend) => {
      if (x.dtype !== 'float32') return forward(name, { x }, parameters, backend);
      const { alpha = 0, clipValueMin = alpha, clipValueMax = 0 } = parameters;
      return unary(backend, kind, x, clipValueMin, clipValueMax);
    }),
  ),
  ...Object.entries(binaryKernels).map(([name, { float, int }]) =>
    define<Binary>(name, ({ a, b }, _, backend) => {
      if (a.dtype === 'float32' && b.dtype === 'float32') {
        return binary(backend, BinaryKind[float], a, b, 'float32');
      }
      if (int && a.dtype === 'int32' && b.dtype === 'int32')
        return binary(backend, IntKind[int], a, b, 'int32');
      return forward(name, { a, b }, {}, backend);
    }),
  ),
  ...Object.entries(compareKernels).map(([name, kind]) =>
    define<Binary>(name, ({ a, b }, _, backend) => {
      if (a.dtype !== b.dtype) return forward(name, { a, b }, {}, backend);
      const variant = a.dtype === 'float32' ? 0 : a.dtype === 'int32' ? 1 : 2;
      return binary(backend, CompareKind[kind] + variant, a, b, 'bool');
    }),
  ),
  define<Binary>('LogicalAnd', ({ a, b }, _, backend) => binary(backend, LogicalKind.and, a, b, 'bool')),
  define<Binary>('LogicalOr', ({ a, b }, _, backend) => binary(backend, LogicalKind.or, a, b, 'bool')),
  define<Unary>('LogicalNot', ({ x }, _, backend) => {
    const out = backend.make(x.shape, 'bool');
    backend.run('Cast', 6, backend.at(x), backend.at(out), sizeOf(x.shape));
    return out;
  }),
  define<{ dy: TensorInfo; y: TensorInfo }>('EluGrad', ({ dy, y }, _, backend) =>
    binary(backend, BinaryKind.eluGrad, dy, y, 'float32'),
  ),
  define<{ x: TensorInfo; alpha: TensorInfo }>('Prelu', ({ x, alpha }, _, backend) =>
    binary(backend, BinaryKind.prelu, x, alpha, 'float32'),
  ),
  define<TensorInfo[]>('AddN', (tensors, _, backend) => addAll(backend, tensors)),
];

export function unary(backend: SimdBackend, kind: UnaryName, x: TensorInfo, p = 0, q = 0): TensorInfo {
  const out = backend.make(x.shape, 'float32');
  backend.run('Unary', UnaryKind[kind], backend.at(x), backend.at(out), sizeOf(x.shape), p, q);
  return out;
}

export function binary(
  backend: SimdBackend,
  kind: number,
  a: TensorInfo,
  b: TensorInfo,
  dtype: DataType,
): TensorInfo {
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const out = backend.make(shape, dtype);
  if (sizeOf(shape) === 0) return out;
  const axes = mergeBroadcast(a.shape, b.shape, shape);
  backend.run('Binary', kind, backend.at(a), backend.at(b), backend.at(out), axes.length, ...axes.flat());
  return out;
}

function addAll(backend: SimdBackend, tensors: TensorInfo[]): TensorInfo {
  const [first, ...rest] = tensors;
  if (!first) throw new Error('AddN: expected at least one tensor, got none');
  const kind = first.dtype === 'int32' ? IntKind.intAdd : BinaryKind.add;
  let sum = backend.share(first);
  for (const tensor of rest) {
    const next = binary(backend, kind, sum, tensor, first.dtype);
    backend.release(sum);
    sum = next;
  }
  return sum;
}
