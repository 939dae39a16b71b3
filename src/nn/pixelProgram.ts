// Masked convolutions pixel by pixel on the simd device: planes that lie in its memory and are read and written from
// here, and a program of steps over them. A call takes as long as its sums do: tfjs keeps no books of it.
import { engine, fill, findBackend, getBackend, getKernel, keep } from '@tensorflow/tfjs-core';
import type { KernelFunc, NamedAttrMap, Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type {
  PixelProgramAttributes,
  PixelProgramInputs,
  PixelStepsAttributes,
  PixelStepsInputs,
} from '../kernels/fusedKernels';
import { isFused, runFused } from './fused';

export function hasPixelPrograms(): boolean {
  return isFused(FusedKernel.pixelSteps);
}

/**
 * Zeros in the current device's memory, and the same memory as an array. The array is live until the tensor is disposed:
 * shared memory grows in place.
 * @param shape [rows, H, W, features]
 */
export function livePlane(shape: Tensor4D['shape']): { tensor: Tensor4D; values: Float32Array } {
  const tensor = keep(fill<Tensor4D['rankType']>(shape, 0));
  const { view } = engine().backend as unknown as { view: (tensor: TensorInfo) => Float32Array };
  return { tensor, values: view.call(engine().backend, tensor) };
}

/** Steps that were prepared for planes and weights: the planes have to live as long, the weights are copied. */
export class PixelProgram {
  private readonly device = getBackend();
  private readonly backend = engine().backend;
  private readonly kernel: KernelFunc;
  private readonly tensors: readonly Tensor[];
  private readonly inputs: PixelStepsInputs;
  private readonly attributes: PixelStepsAttributes = { row: 0, column: 0, columns: 1 };

  constructor(inputs: PixelProgramInputs, attributes: PixelProgramAttributes) {
    const kernel = getKernel(FusedKernel.pixelSteps, this.device);
    if (!kernel) throw new Error(`PixelProgram: expected the simd device, got ${this.device}`);
    this.kernel = kernel.kernelFunc;
    this.tensors = runFused(FusedKernel.pixelProgram, inputs, attributes).map((tensor) => keep(tensor));
    this.inputs = { program: this.tensors[0] as Tensor };
  }

  /** All steps, one after the other, at pixels `column` to column + columns − 1 of a row of every image. */
  run(row: number, column: number, columns: number): void {
    const { backend, inputs, attributes } = this;
    // Its numbers are places in the memory of one device: in another's they would be anybody's.
    if (findBackend(this.device) !== backend) {
      throw new Error('PixelProgram.run: expected the device that it was made on, got another');
    }
    attributes.row = row;
    attributes.column = column;
    attributes.columns = columns;
    this.kernel({
      inputs: inputs as unknown as Record<string, TensorInfo>,
      attrs: attributes as unknown as NamedAttrMap,
      backend,
    });
  }

  dispose(): void {
    for (const tensor of this.tensors) tensor.dispose();
  }
}
