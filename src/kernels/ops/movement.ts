// Kernels that only move elements: each is one or a few strided copies.
import { backend_util, slice_util, util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import type { SimdBackend } from '../simdBackend';
import { fill } from './creation';
import { define } from './define';
import { copyStrided, stridesOf, type Axis } from './strided';

interface One {
  x: TensorInfo;
}

export const movementKernels: KernelConfig[] = [
  define<One, { perm: number[] }>('Transpose', ({ x }, { perm }, backend) => transpose(backend, x, perm)),
  define<One, { begin: number | number[]; size: number | number[] }>(
    'Slice',
    ({ x }, { begin, size }, backend) => {
      const [start = [], counts = []] = slice_util.parseSliceParams(x, begin, size);
      slice_util.assertParamsValid(x, start, counts);
      return slice(backend, x, start, counts);
    },
  ),
  define<One, StridedSliceAttributes>('StridedSlice', ({ x }, attributes, backend) =>
    stridedSlice(backend, x, attributes),
  ),
  define<Record<string, TensorInfo>, { axis: number }>('Concat', (inputs, { axis }, backend) =>
    concat(backend, Object.values(inputs), axis),
  ),
  define<Record<string, TensorInfo>, { axis: number }>('Pack', (inputs, { axis }, backend) => {
    const parts = Object.values(inputs).map((tensor) => {
      const shape = tensor.shape.slice();
      shape.splice(axis, 0, 1);
      return { dataId: tensor.dataId, dtype: tensor.dtype, shape };
    });
    return concat(backend, parts, axis);
  }),
  define<{ value: TensorInfo }, { axis: number }>('Unpack', ({ value }, { axis: given }, backend) => {
    const axis = given < 0 ? given + value.shape.length : given;
    const count = value.shape[axis] ?? 0;
    return Array.from({ length: count }, (_, i) => {
      const part = sliceAxis(backend, value, axis, i, 1);
      return { ...part, shape: value.shape.filter((__, d) => d !== axis) };
    });
  }),
  define<One, { numOrSizeSplits: number | number[]; axis: number }>(
    'SplitV',
    ({ x }, attributes, backend) => {
      const axis = util.parseAxisParam(attributes.axis, x.shape)[0] ?? 0;
      let start = 0;
      return backend_util.prepareSplitSize(x as never, attributes.numOrSizeSplits, axis).map((count) => {
        const part = sliceAxis(backend, x, axis, start, count);
        start += count;
        return part;
      });
    },
  ),
  define<One, { paddings: [number, number][]; constantValue: number }>(
    'PadV2',
    ({ x }, attributes, backend) => {
      const { paddings, constantValue } = attributes;
      const shape = x.shape.map((size, d) => size + (paddings[d]?.[0] ?? 0) + (paddings[d]?.[1] ?? 0));
      const out = fill(backend, shape, constantValue, x.dtype);
      const strides = stridesOf(shape);
      const start = strides.reduce((sum, stride, d) => sum + stride * (paddings[d]?.[0] ?? 0), 0);
      copyStrided(backend, [x, 0], [out, start], pairStrides(x.shape, stridesOf(x.shape), strides));
      return out;
    },
  ),
  define<One, { reps: number[] }>('Tile', ({ x }, { reps }, backend) => {
    const shape = x.shape.map((size, d) => size * (reps[d] ?? 1));
    const out = backend.make(shape, x.dtype);
    const from = stridesOf(x.shape);
    const to = stridesOf(shape);
    const axes = x.shape.flatMap((size, d): Axis[] => [
      [reps[d] ?? 1, 0, size * (to[d] ?? 0)],
      [size, from[d] ?? 0, to[d] ?? 0],
    ]);
    copyStrided(backend, [x, 0], [out, 0], axes);
    return out;
  }),
  define<One, { shape: number[] }>('BroadcastTo', ({ x }, { shape }, backend) => {
    const out = backend.make(shape, x.dtype);
    const padded = new Array<number>(shape.length - x.shape.length).fill(1).concat(x.shape);
    const from = stridesOf(padded).map((stride, d) => (padded[d] === 1 ? 0 : stride));
    copyStrided(backend, [x, 0], [out, 0], pairStrides(shape, from, stridesOf(shape)));
    return out;
  }),
  define<One, { dims: number[] }>('Reverse', ({ x }, { dims }, backend) => {
    const reversed = util.parseAxisParam(dims, x.shape);
    const out = backend.make(x.shape, x.dtype);
    const strides = stridesOf(x.shape);
    let start = 0;
    const axes = x.shape.map((size, d): Axis => {
      const stride = strides[d] ?? 0;
      if (!reversed.includes(d)) return [size, stride, stride];
      start += stride * (size - 1);
      return [size, -stride, stride];
    });
    copyStrided(backend, [x, start], [out, 0], axes);
    return out;
  }),
];

export function transpose(backend: SimdBackend, x: TensorInfo, perm: readonly number[]): TensorInfo {
  const strides = stridesOf(x.shape);
  const shape = perm.map((d) => x.shape[d] ?? 1);
  const out = backend.make(shape, x.dtype);
  const from = perm.map((d) => strides[d] ?? 0);
  copyStrided(backend, [x, 0], [out, 0], pairStrides(shape, from, stridesOf(shape)));
  return out;
}

function slice(
  backend: SimdBackend,
  x: TensorInfo,
  start: readonly number[],
  shape: readonly number[],
): TensorInfo {
  const out = backend.make(shape, x.dtype);
  const strides = stridesOf(x.shape);
  const first = strides.reduce((sum, stride, d) => sum + stride * (start[d] ?? 0), 0);
  copyStrided(backend, [x, first], [out, 0], pairStrides(shape, strides, stridesOf(shape)));
  return out;
}

function sliceAxis(
  backend: SimdBackend,
  x: TensorInfo,
  axis: number,
  start: number,
  count: number,
): TensorInfo {
  const begin = x.shape.map((_, d) => (d === axis ? start : 0));
  return slice(backend, x, begin, x.shape.with(axis, count));
}

function concat(backend: SimdBackend, tensors: TensorInfo[], given: number): TensorInfo {
  const [first] = tensors;
  if (!first) throw new Error('Concat: expected at least one tensor, got none');
  const axis = util.parseAxisParam(given, first.shape)[0] ?? 0;
  backend_util.assertParamsConsistent(
    tensors.map(({ shape }) => shape),
    axis,
  );
  const shape = backend_util.computeOutShape(
    tensors.map((tensor) => tensor.shape),
    axis,
  );
  const out = backend.make(shape, first.dtype);
  const strides = stridesOf(shape);
  let start = 0;
  for (const tensor of tensors) {
    copyStrided(
      backend,
      [tensor, 0],
      [out, start],
      pairStrides(tensor.shape, stridesOf(tensor.shape), strides),
    );
    start += (tensor.shape[axis] ?? 0) * (strides[axis] ?? 0);
  }
  return out;
}

interface StridedSliceAttributes {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

function stridedSlice(backend: SimdBackend, x: TensorInfo, a: StridedSliceAttributes): TensorInfo {
  const info = slice_util.sliceInfo(
    ...([x.shape, a.begin, a.end, a.strides] as const),
    ...([a.beginMask, a.endMask, a.ellipsisMask, a.newAxisMask, a.shrinkAxisMask] as const),
  );
  if (info.isIdentity) return backend.share(x, info.finalShape);
  const sparse = slice_util.computeOutShape(info.begin, info.end, info.strides);
  const out = backend.make(sparse, x.dtype);
  const strides = stridesOf(x.shape);
  const first = strides.reduce((sum, stride, d) => sum + stride * (info.begin[d] ?? 0), 0);
  const from = strides.map((stride, d) => stride * (info.strides[d] ?? 1));
  copyStrided(backend, [x, first], [out, 0], pairStrides(sparse, from, stridesOf(sparse)));
  return { ...out, shape: info.finalShape };
}

function pairStrides(shape: readonly number[], from: readonly number[], to: readonly number[]): Axis[] {
  return shape.map((size, d): Axis => [size, from[d] ?? 0, to[d] ?? 0]);
}
