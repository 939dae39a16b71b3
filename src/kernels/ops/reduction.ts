// Kernels that reduce axes, or run along one: sums, extremes, arg-extremes, cumulative sums, top k, softmax.
import { backend_util, util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import { ReduceKind } from '../opcodes';
import type { SimdBackend } from '../simdBackend';
import { cast } from './creation';
import { define, sizeOf } from './define';
import { forward } from './forwarded';
import { transpose } from './movement';

interface One {
  x: TensorInfo;
}
interface ReduceAttributes {
  axis: number | number[];
  /** What tfjs calls the axis of Max, and only of Max. */
  reductionIndices?: number | number[];
  keepDims: boolean;
}

type Reduction = keyof typeof ReduceKind | 'mean';
const reductions: Record<string, Reduction> = {
  Sum: 'sum',
  Mean: 'mean',
  Max: 'max',
  Min: 'min',
  Prod: 'prod',
};

export const reductionKernels: KernelConfig[] = [
  ...Object.entries(reductions).map(([name, kind]) =>
    define<One, ReduceAttributes>(name, ({ x }, { axis, reductionIndices = axis, keepDims }, backend) =>
      reduce(backend, x, util.parseAxisParam(reductionIndices, x.shape), keepDims, kind),
    ),
  ),
  ...['All', 'Any'].map((name) =>
    define<One, ReduceAttributes>(name, ({ x }, { axis, keepDims }, backend) => {
      const axes = util.parseAxisParam(axis, x.shape);
      const [outer, length, inner, release] = lastAxes(backend, x, axes);
      const out = backend.make(outShape(x.shape, axes, keepDims), 'bool');
      backend.run('ReduceBool', name === 'Any' ? 1 : 0, backend.at(inner), backend.at(out), outer, length);
      release();
      return out;
    }),
  ),
  ...['ArgMax', 'ArgMin'].map((name) =>
    define<One, { axis: number }>(name, ({ x }, { axis }, backend) => {
      const axes = util.parseAxisParam(axis, x.shape);
      const float = cast(backend, x, 'float32');
      const [outer, length, inner, release] = lastAxes(backend, float, axes);
      const out = backend.make(outShape(x.shape, axes, false), 'int32');
      if (length > 0) {
        backend.run(
          'ArgExtreme',
          name === 'ArgMin' ? 1 : 0,
          backend.at(inner),
          backend.at(out),
          outer,
          length,
        );
      }
      release();
      backend.release(float);
      return out;
    }),
  ),
  define<One, { axis: number; exclusive: boolean; reverse: boolean }>(
    'Cumsum',
    ({ x }, attributes, backend) => {
      const { axis, exclusive, reverse } = attributes;
      if (x.dtype !== 'float32') return forward('Cumsum', { x }, attributes, backend);
      const [at = 0] = util.parseAxisParam(axis, x.shape);
      const order = backend_util.getAxesPermutation([at], x.shape.length);
      const lines = order ? transpose(backend, x, order) : backend.share(x);
      const out = backend.make(lines.shape, 'float32');
      const length = x.shape[at] ?? 1;
      const outer = length === 0 ? 0 : sizeOf(x.shape) / length;
      backend.run(
        'Cumsum',
        backend.at(lines),
        backend.at(out),
        outer,
        length,
        Number(exclusive),
        Number(reverse),
      );
      backend.release(lines);
      if (!order) return out;
      const back = transpose(backend, out, backend_util.getUndoAxesPermutation(order));
      backend.release(out);
      return back;
    },
  ),
  define<One, { k: number; sorted: boolean }>('TopK', ({ x }, attributes, backend) => {
    const { k } = attributes;
    if (x.dtype !== 'float32') return forward('TopK', { x }, attributes, backend);
    const length = x.shape.at(-1) ?? 1;
    const shape = [...x.shape.slice(0, -1), k];
    const values = backend.make(shape, 'float32');
    const indices = backend.make(shape, 'int32');
    const [from, to, ids] = [x, values, indices].map((tensor) => backend.at(tensor)) as [
      number,
      number,
      number,
    ];
    backend.run('TopK', from, to, ids, sizeOf(x.shape.slice(0, -1)), length, k);
    return [values, indices];
  }),
  define<{ logits: TensorInfo }>('Softmax', ({ logits }, _, backend) => {
    const float = cast(backend, logits, 'float32');
    const out = backend.make(logits.shape, 'float32');
    const length = logits.shape.at(-1) ?? 1;
    const rows = sizeOf(logits.shape.slice(0, -1));
    if (rows * length > 0) backend.run('Softmax', backend.at(float), backend.at(out), rows, length);
    backend.release(float);
    return out;
  }),
];

/** Reduces `axes`; neighbouring axes are one, and one block of them anywhere needs no transpose. */
function reduce(
  backend: SimdBackend,
  x: TensorInfo,
  axes: number[],
  keepDims: boolean,
  kind: Reduction,
): TensorInfo {
  const shape = outShape(x.shape, axes, keepDims);
  if (kind !== 'mean' && x.dtype !== 'float32') return reduceInt(backend, x, axes, shape, kind);
  const float = cast(backend, x, 'float32');
  const out = backend.make(shape, 'float32');
  const count = sizeOf(axes.map((axis) => x.shape[axis] ?? 1));
  const scale = kind === 'mean' ? 1 / count : 1;
  const code = ReduceKind[kind === 'mean' ? 'sum' : kind];
  const sorted = [...axes].sort((a, b) => a - b);
  const [first = 0, last = -1] = [sorted[0], sorted.at(-1)];
  if (sizeOf(shape) > 0 && last - first + 1 === axes.length) {
    const outer = sizeOf(x.shape.slice(0, first));
    const inner = sizeOf(x.shape.slice(last + 1));
    backend.run('Reduce', code, backend.at(float), backend.at(out), outer, count, inner, scale);
  } else if (sizeOf(shape) > 0) {
    const [outer, length, lines, release] = lastAxes(backend, float, axes);
    backend.run('Reduce', code, backend.at(lines), backend.at(out), outer, length, 1, scale);
    release();
  }
  backend.release(float);
  return out;
}

function reduceInt(
  backend: SimdBackend,
  x: TensorInfo,
  axes: number[],
  shape: number[],
  kind: Exclude<Reduction, 'mean'>,
): TensorInfo {
  const whole = cast(backend, x, 'int32');
  const [outer, length, lines, release] = lastAxes(backend, whole, axes);
  const out = backend.make(shape, 'int32');
  backend.run('ReduceInt', ReduceKind[kind], backend.at(lines), backend.at(out), outer, length);
  release();
  backend.release(whole);
  if (x.dtype !== 'bool' || kind === 'sum' || kind === 'prod') return out;
  const bool = cast(backend, out, 'bool'); // the greatest of bools is a bool
  backend.release(out);
  return bool;
}

/** Brings the axes to the end. @returns lines, their length, the tensor, and what gives it back */
function lastAxes(
  backend: SimdBackend,
  x: TensorInfo,
  axes: number[],
): [number, number, TensorInfo, () => void] {
  const order = backend_util.getAxesPermutation(axes, x.shape.length);
  const moved = order ? transpose(backend, x, order) : backend.share(x);
  const length = sizeOf(axes.map((axis) => x.shape[axis] ?? 1));
  const outer = sizeOf(x.shape.filter((_, d) => !axes.includes(d)));
  return [outer, length, moved, () => backend.release(moved)];
}

function outShape(shape: number[], axes: number[], keepDims: boolean): number[] {
  if (keepDims) return shape.map((size, d) => (axes.includes(d) ? 1 : size));
  return shape.filter((_, d) => !axes.includes(d));
}
