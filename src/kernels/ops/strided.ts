// Shapes without data: merging dimensions so that a kernel sees as few as possible, and the strided copy that most
// ops which only move elements are made of.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { bytesPer, type SimdBackend } from '../simdBackend';

/** [size, stride in the source, stride in the target], in elements, outermost first. */
export type Axis = [size: number, from: number, to: number];

const maximumAxes = 8; // COPY_RANK and MAX_RANK in C

/** Row-major strides of a shape. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = stride;
    stride *= shape[d] ?? 1;
  }
  return strides;
}

/**
 * Merges the dimensions of a broadcast into runs in which each operand either advances or stands still.
 * @returns [size, stride of a, stride of b] per run; at least one
 */
export function mergeBroadcast(a: readonly number[], b: readonly number[], out: readonly number[]): Axis[] {
  const axes: Axis[] = [];
  let aStride = 1;
  let bStride = 1;
  for (let d = out.length - 1; d >= 0; d--) {
    const size = out[d] ?? 1;
    if (size === 1) continue;
    const aMoves = (a[d - out.length + a.length] ?? 1) !== 1;
    const bMoves = (b[d - out.length + b.length] ?? 1) !== 1;
    const outer = axes[0];
    if (outer && (outer[1] !== 0) === aMoves && (outer[2] !== 0) === bMoves) outer[0] *= size;
    else axes.unshift([size, aMoves ? aStride : 0, bMoves ? bStride : 0]);
    if (aMoves) aStride *= size;
    if (bMoves) bStride *= size;
  }
  return axes.length > 0 ? axes : [[1, 1, 1]];
}

/** Copies along `axes`, from element `fromStart` of one tensor to `toStart` of another of the same element size. */
export function copyStrided(
  backend: SimdBackend,
  [from, fromStart]: readonly [TensorInfo, number],
  [to, toStart]: readonly [TensorInfo, number],
  axes: readonly Axis[],
): void {
  const bytes = bytesPer(to.dtype);
  if (axes.some(([size]) => size === 0)) return;
  const fromOffset = backend.at(from) + fromStart * bytes;
  copyAxes(backend, bytes, fromOffset, backend.at(to) + toStart * bytes, mergeAxes(axes));
}

function copyAxes(
  backend: SimdBackend,
  bytes: number,
  from: number,
  to: number,
  axes: readonly Axis[],
): void {
  const [outer, ...inner] = axes;
  if (outer && axes.length > maximumAxes) {
    for (let i = 0; i < outer[0]; i++) {
      copyAxes(backend, bytes, from + i * outer[1] * bytes, to + i * outer[2] * bytes, inner);
    }
    return;
  }
  backend.run('Copy', from, to, bytes, axes.length, ...axes.flat());
}

function mergeAxes(axes: readonly Axis[]): Axis[] {
  const merged: Axis[] = [];
  for (const [size, from, to] of axes) {
    if (size === 1) continue;
    const last = merged.at(-1);
    if (last && last[1] === from * size && last[2] === to * size) {
      merged[merged.length - 1] = [last[0] * size, from, to];
    } else {
      merged.push([size, from, to]);
    }
  }
  return merged.length > 0 ? merged : [[1, 1, 1]];
}
