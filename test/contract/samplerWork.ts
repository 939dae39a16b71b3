// The work of sampling, counted and not timed: multiply-adds of convolutions in host memory and of matrix products, and
// the shares of levels that a closed form computes; and what a tap graph allows of it. Knows no family.
import * as tf from '@tensorflow/tfjs-core';
import { vi } from 'vitest';
import { Closure } from '../../src/analysis/reach/closure';
import { stepsOf } from '../../src/analysis/reach/generation';
import type { TapGraph, TapNode } from '../../src/families/family';
import { subpixelsOf, type ImageFacts } from '../../src/families/imageFamily';
import { HostConvolution } from '../../src/families/imageLayers';

/** Multiply-adds of what `work` does. @param others what was counted elsewhere so far */
export async function workOf(work: () => Promise<void>, others: () => number): Promise<number> {
  let sum = 0;
  const at = vi.spyOn(HostConvolution.prototype, 'at');
  const before = others();
  try {
    const { kernels } = await tf.profile(async () => {
      await work();
      return [];
    });
    for (const { name, inputShapes, outputShapes } of kernels) {
      if (name !== 'BatchMatMul' && name !== '_FusedMatMul') continue;
      const [a = [], b = []] = inputShapes;
      const out = outputShapes[0] as number[];
      const batch = sizeOf(out.slice(0, -2));
      sum += sizeOf(out) * Math.sqrt((sizeOf(a) * sizeOf(b)) / (sizeOf(out) * batch));
    }
    for (const [index, [plane, , r, c, ranges]] of at.mock.calls.entries()) {
      const layer: object = at.mock.contexts[index] ?? {};
      const [down, right] = [Reflect.get(layer, 'down'), Reflect.get(layer, 'right')] as Int32Array[];
      const inside = down?.reduce((count, rows, place) => {
        const [top, left] = [r + rows, c + (right?.[place] ?? 0)];
        return count + (top >= 0 && left >= 0 && top < plane.height && left < plane.width ? 1 : 0);
      }, 0);
      const outputs = ranges.reduce((count, [from, to]) => count + to - from, 0);
      sum += (inside ?? NaN) * (Reflect.get(layer, 'inputs') as number) * outputs;
    }
  } finally {
    at.mockRestore();
  }
  return sum + others() - before;
}

/**
 * The most work that may be done until so many sub-pixels are set, each feature once and none before everything that it
 * reads is there: a feature that is computed sooner has to be computed again.
 * @returns [sub-pixels + 1]
 */
export function allowedWork(graph: TapGraph, facts: ImageFacts): Float64Array {
  const size = subpixelsOf(facts);
  const allowed = new Float64Array(size + 1);
  const stepOf = stepsOf(graph);
  for (const [index, node] of graph.nodes.entries()) {
    const nodes = [...graph.nodes.slice(0, index), { ...node, id: 'output' }];
    const closure = new Closure({ ...graph, nodes }, facts);
    for (let place = 0; place < size; place++) {
      if (!isPlaceOf(node, place, facts)) continue;
      const reads = closure.of(place).indices();
      const last = reads.reduce((latest, input) => Math.max(latest, stepOf(input)), -1);
      allowed[last + 1] = (allowed[last + 1] ?? 0) + workAt(node, reads.length, facts);
    }
  }
  for (let set = 1; set <= size; set++) allowed[set] = (allowed[set] ?? 0) + (allowed[set - 1] ?? 0);
  return allowed;
}

/** A halved node has features at the top left of its blocks alone. */
function isPlaceOf({ shape = [] }: TapNode, place: number, { height, width, channels }: ImageFacts): boolean {
  const rows = shape.find(({ letter }) => letter === 'H')?.size ?? height;
  const pixel = Math.floor(place / channels);
  const side = rows < height ? 2 ** Math.ceil(Math.log2(height / rows)) : 1;
  return Math.floor(pixel / width) % side === 0 && (pixel % width) % side === 0;
}

/** Each parameter once, each feature once; where attention reads everything before, a key and a value of each. */
function workAt(node: TapNode, reads: number, { channels }: ImageFacts): number {
  const sizes = (node.shape ?? []).filter(({ letter }) => !['B', 'H', 'W', 'T'].includes(letter));
  const features = sizes.reduce((product, { size = 1 }) => product * size, 1);
  // A mean of what is before is kept; attention has weights, and looks at all of it again.
  const attends =
    node.parameters > 0 &&
    node.inputs.some(({ taps }) => taps.kind === 'causal' && taps.window === undefined);
  const alongSequence = node.inputs.some(({ taps }) => taps.kind !== 'grid' && taps.kind !== 'block');
  // Of an image's layers a sub-pixel has its share of the pixel's features, in a sequence it has features of its own.
  const share = alongSequence && !(node.shape ?? []).some(({ letter }) => letter === 'H') ? 1 : 1 / channels;
  return share * (node.parameters + features) + (attends ? 2 * features * (reads + 1) : 0);
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
