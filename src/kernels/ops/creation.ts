// Kernels that make values or change their dtype: fill, zeros, ranges, cast, select, identity and reshape.
import { util, type DataType, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import { bytesPer, type SimdBackend } from '../simdBackend';
import { define, sizeOf } from './define';

interface One {
  x: TensorInfo;
}

const castKinds: Record<string, number> = {
  ...{ 'float32>int32': 0, 'float32>bool': 1, 'int32>float32': 2, 'int32>bool': 3 },
  ...{ 'bool>float32': 4, 'bool>int32': 5 },
};

export const creationKernels: KernelConfig[] = [
  define<One>('Identity', ({ x }, _, backend) => backend.share(x)),
  define<One, { shape: number[] }>('Reshape', ({ x }, { shape }, backend) => {
    const size = sizeOf(x.shape);
    const inferred = util.inferFromImplicitShape(shape, size);
    if (sizeOf(inferred) !== size) {
      throw new Error(
        `Reshape: expected a shape of ${size} elements, got [${shape.join(', ')}] for [${x.shape.join(', ')}]`,
      );
    }
    return backend.share(x, inferred);
  }),
  define<{ input: TensorInfo }, { dim: number }>('ExpandDims', ({ input }, { dim }, backend) => {
    const shape = input.shape.slice();
    shape.splice(dim < 0 ? dim + input.shape.length + 1 : dim, 0, 1);
    return backend.share(input, shape);
  }),
  define<One, { dtype: DataType }>('Cast', ({ x }, { dtype }, backend) => cast(backend, x, dtype)),
  define<object, { shape: number[]; value: number; dtype?: DataType }>(
    'Fill',
    (_, { shape, value, dtype }, backend) => fill(backend, shape, value, dtype ?? 'float32'),
  ),
  define<One>('ZerosLike', ({ x }, _, backend) => fill(backend, x.shape, 0, x.dtype)),
  define<One>('OnesLike', ({ x }, _, backend) => fill(backend, x.shape, 1, x.dtype)),
  define<object, { start: number; stop: number; step: number; dtype: DataType }>(
    'Range',
    (_, { start, stop, step, dtype }, backend) => {
      const forwards = start < stop;
      const wrongWay = start === stop || (forwards && step < 0) || (!forwards && step > 1);
      const size = wrongWay ? 0 : Math.abs(Math.ceil((stop - start) / sign(step, forwards)));
      const values = Float64Array.from({ length: size }, (__, i) => start + i * sign(step, forwards));
      return backend.from(values, [size], dtype);
    },
  ),
  define<object, { start: number; stop: number; num: number }>(
    'LinSpace',
    (_, { start, stop, num }, backend) => {
      const step = num > 1 ? (stop - start) / (num - 1) : 0;
      return backend.from(
        Float64Array.from({ length: num }, (__, i) => start + i * step),
        [num],
        'float32',
      );
    },
  ),
  define<{ condition: TensorInfo; t: TensorInfo; e: TensorInfo }>(
    'Select',
    ({ condition, t, e }, _, backend) => {
      const out = backend.make(t.shape, t.dtype);
      const conditions = sizeOf(condition.shape);
      const size = sizeOf(t.shape);
      if (size === 0) return out;
      const [c, yes, no, to] = [condition, t, e, out].map((tensor) => backend.at(tensor)) as [
        number,
        number,
        number,
        number,
      ];
      backend.run('Select', c, yes, no, to, bytesPer(t.dtype), conditions, size / conditions);
      return out;
    },
  ),
];

/** tf.range counts down when stop lies below start and no step was given. */
function sign(step: number, forwards: boolean): number {
  return !forwards && step === 1 ? -1 : step;
}

export function fill(
  backend: SimdBackend,
  shape: readonly number[],
  value: number,
  dtype: DataType,
): TensorInfo {
  const out = backend.make(shape, dtype);
  const whole = dtype === 'float32' ? value : value | 0;
  backend.run('Fill', backend.at(out), bytesPer(dtype), sizeOf(shape), whole, dtype === 'int32' ? 1 : 0);
  return out;
}

export function cast(backend: SimdBackend, x: TensorInfo, dtype: DataType): TensorInfo {
  if (x.dtype === dtype) return backend.share(x);
  const kind = castKinds[`${x.dtype}>${dtype}`];
  if (kind === undefined)
    throw new Error(`Cast: expected float32, int32 or bool, got ${x.dtype} to ${dtype}`);
  const out = backend.make(x.shape, dtype);
  backend.run('Cast', kind, backend.at(x), backend.at(out), sizeOf(x.shape));
  return out;
}
