// tfjs's own wasm backend as a peer of the simd device: the product's model and training loop, run over it through
// the plain compositions. It lacks one kernel that the embedding's gradient needs; a fair one is lent to it here.
import { engine, registerKernel, setBackend } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { setWasmPaths, type BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** Makes `wasm` the backend. Its threads never start in Node: the peer has one. */
export async function useTfjsWasm(): Promise<void> {
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  setWasmPaths(`${folder}/`);
  registerKernel({ kernelName: 'UnsortedSegmentSum', backendName: 'wasm', kernelFunc: unsortedSegmentSum });
  if (!(await setBackend('wasm'))) throw new Error('useTfjsWasm: expected the wasm backend to start');
}

/** Row sums by segment: x `[N, C]`, segmentIds `[N]` → `[numSegments, C]`. */
const unsortedSegmentSum: Parameters<typeof registerKernel>[0]['kernelFunc'] = ({ inputs, attrs }) => {
  const backend = engine().backend as BackendWasm;
  const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
  const { numSegments } = attrs as unknown as { numSegments: number };
  const rest = x.shape.slice(1);
  const width = rest.reduce((product, size) => product * size, 1);
  const output = backend.makeOutput([numSegments, ...rest], 'float32');
  const values = backend.typedArrayFromHeap(x);
  const ids = backend.typedArrayFromHeap(segmentIds);
  const sums = backend.typedArrayFromHeap(output).fill(0);
  for (let row = 0; row < ids.length; row++) {
    const to = (ids[row] ?? 0) * width;
    for (let column = 0; column < width; column++) {
      sums[to + column] = (sums[to + column] ?? 0) + (values[row * width + column] ?? 0);
    }
  }
  return output;
};
