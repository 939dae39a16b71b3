// What TensorFlow.js 4.22's WebGPU programs get wrong, put right before they are compiled. The device contract finds
// each of these: a program is cached by its key, and a key that leaves something out gives another program's answer.
import {
  getKernel,
  registerKernel,
  unregisterKernel,
  type KernelBackend,
  type KernelConfig,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

/** What of a program is looked at; the library's own type does not name these. */
interface Program {
  shaderKey: string;
  getUserCode(): string;
  readonly outputShape: number[];
}

export function mend(program: Program, dtype: string): void {
  // The length of the summed axis is written into the code of a running sum or product, and not into its key.
  if (program.shaderKey.startsWith('cum_')) program.shaderKey += `_${program.outputShape.at(-1)}`;
  // Both transpositions hand over the number itself, and say that it is a float.
  if (dtype !== 'float32' && program.shaderKey.startsWith('transpose')) {
    const code = program
      .getUserCode()
      .replaceAll('setOutputAtIndex(', 'setOutputAtIndexI32(')
      .replaceAll('f32', 'i32');
    program.getUserCode = () => code;
  }
}

/** Inputs that every card's program may have beside its output (WebGPU: 8 storage buffers). */
const INPUTS = 7;

/** A sum of many tensors is one program with as many inputs, which no card need allow: sums of a few, then of those. */
export function mendAddN(): void {
  const kernel = getKernel('AddN', 'webgpu');
  if (kernel === undefined || mended.has(kernel)) return;
  const sum = kernel.kernelFunc;
  const own: KernelConfig = {
    kernelName: 'AddN',
    backendName: 'webgpu',
    kernelFunc: (call) => {
      // Of AddN, tfjs-core passes a list where its types say a map.
      let terms = call.inputs as unknown as TensorInfo[];
      const backend = call.backend as KernelBackend;
      const partial = new Set<TensorInfo>();
      while (terms.length > INPUTS) {
        const [first, rest] = [terms.slice(0, INPUTS), terms.slice(INPUTS)];
        const made = sum({ ...call, inputs: first as unknown as NamedTensorInfoMap }) as TensorInfo;
        for (const term of first) if (partial.delete(term)) backend.disposeData(term.dataId);
        partial.add(made);
        terms = [made, ...rest];
      }
      const total = sum({ ...call, inputs: terms as unknown as NamedTensorInfoMap });
      for (const term of partial) if (term !== total) backend.disposeData(term.dataId);
      return total;
    },
  };
  mended.add(own);
  unregisterKernel('AddN', 'webgpu');
  registerKernel(own);
}

const mended = new WeakSet<KernelConfig>();
