// The fused kernels of masked convolutions, as fusedKernels.ts declares them.
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../fusedKernels';
import type * as fused from '../fusedKernels';
import { BinaryKind } from '../opcodes';
import { define, expectDtype, sizeOf } from './define';
import { binary } from './elementwise';
import { expectSize, offsets, rowsOf } from './fusedLayers';
import { withTable } from './matmul';

type Infos<T> = { [Name in keyof T]: TensorInfo };

export const fusedConvolutionKernels: KernelConfig[] = [
  define<Infos<fused.UnfoldInputs>, fused.UnfoldAttributes>(
    FusedKernel.unfold,
    ({ x }, { offsets: places }, backend) => {
      const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
      expectDtype(FusedKernel.unfold, 'x', x, 'float32');
      if (x.shape.length !== 4) {
        throw new Error(`${FusedKernel.unfold}: expected x of rank 4, got rank ${x.shape.length}`);
      }
      const taps = places.length / 2;
      if (taps < 1 || !places.every(Number.isInteger)) {
        throw new Error(
          `${FusedKernel.unfold}: expected pairs of whole numbers, got ${places.length} numbers`,
        );
      }
      const columns = backend.make([batch * height * width, taps * channels], 'float32');
      if (sizeOf(columns.shape) === 0) return [columns];
      withTable(backend, places, (at) => {
        const [from, to] = offsets(backend, x, columns);
        backend.run('Unfold', from, to, at, batch, height, width, channels, taps);
      });
      return [columns];
    },
  ),
  define<Infos<fused.GateInputs>>(FusedKernel.gate, ({ x }, _, backend) => {
    const [rows, half] = gateSizes(FusedKernel.gate, x);
    const y = backend.make([rows, half], 'float32');
    backend.run('Gate', ...offsets(backend, x, y), rows, half);
    return [y];
  }),
  define<Infos<fused.ReluGradInputs>>(FusedKernel.reluGrad, ({ y, dy }, _, backend) => {
    expectSize(FusedKernel.reluGrad, 'dy', dy, sizeOf(y.shape));
    return [binary(backend, BinaryKind.reluGrad, dy, y, 'float32')];
  }),
  define<Infos<fused.GateGradInputs>>(FusedKernel.gateGrad, ({ x, dy }, _, backend) => {
    const [rows, half] = gateSizes(FusedKernel.gateGrad, x);
    expectSize(FusedKernel.gateGrad, 'dy', dy, rows * half);
    const dx = backend.make(x.shape, 'float32');
    backend.run('GateGrad', ...offsets(backend, x, dy, dx), rows, half);
    return [dx];
  }),
];

function gateSizes(kernel: string, x: TensorInfo): [rows: number, half: number] {
  const [rows, width] = rowsOf(x);
  expectDtype(kernel, 'x', x, 'float32');
  if (width % 2 !== 0) throw new Error(`${kernel}: expected an even width, got ${width}`);
  return [rows, width / 2];
}
