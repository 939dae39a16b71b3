// The fused kernels of masked convolutions, as fusedKernels.ts declares them.
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../fusedKernels';
import type * as fused from '../fusedKernels';
import { define, expectDtype, sizeOf } from './define';
import { expectSize, offsets, rowsOf } from './fusedLayers';
import { withTable } from './matmul';

type Infos<T> = { [Name in keyof T]: TensorInfo };

export const fusedConvolutionKernels: KernelConfig[] = [
  define<Infos<fused.ConvolveInputs>, fused.ConvolveAttributes>(
    FusedKernel.convolve,
    ({ x, w, b, plus, above }, { offsets: places, rectified }, backend) => {
      const [batch, height, width, channels, taps] = convolutionSizes(FusedKernel.convolve, x, places);
      const n = w.shape[1] ?? 0;
      expectSize(FusedKernel.convolve, 'w', w, taps * channels * n);
      if (b) expectSize(FusedKernel.convolve, 'b', b, n);
      if (plus) expectSize(FusedKernel.convolve, 'plus', plus, batch * height * width * n);
      if (above) expectSize(FusedKernel.convolve, 'above', above, batch * height * width * n);
      const y = backend.make([batch, height, width, n], 'float32');
      if (sizeOf(y.shape) === 0) return [y];
      withTable(backend, places, (at) => {
        const [from, weights, to] = offsets(backend, x, w, y);
        const [bias] = b ? offsets(backend, b) : [0];
        const [mask] = above ? offsets(backend, above) : [0];
        const [added] = plus ? offsets(backend, plus) : [0];
        const sizes = [batch, height, width, channels, taps, n];
        backend.run('Convolve', from, at, weights, bias, to, ...sizes, Number(rectified), mask, added);
      });
      return [y];
    },
  ),
  define<Infos<fused.ConvolveGradInputs>, fused.ConvolveAttributes>(
    FusedKernel.convolveGrad,
    ({ x, dy }, { offsets: places, rectified }, backend) => {
      const [batch, height, width, channels, taps] = convolutionSizes(FusedKernel.convolveGrad, x, places);
      const n = dy.shape[3] ?? 0;
      expectSize(FusedKernel.convolveGrad, 'dy', dy, batch * height * width * n);
      const dw = backend.make([taps * channels, n], 'float32');
      const db = backend.make([n], 'float32');
      if (n === 0 || channels === 0) return [dw, db];
      withTable(backend, places, (at) => {
        const [from, above, weights, bias] = offsets(backend, x, dy, dw, db);
        const sizes = [batch, height, width, channels, taps, n];
        backend.run('ConvolveGrad', from, at, above, weights, bias, ...sizes, Number(rectified));
      });
      return [dw, db];
    },
  ),
  define<Infos<fused.GateInputs>>(FusedKernel.gate, ({ x }, _, backend) => {
    const [rows, half] = gateSizes(FusedKernel.gate, x);
    const y = backend.make([rows, half], 'float32');
    backend.run('Gate', ...offsets(backend, x, y), rows, half);
    return [y];
  }),
  define<Infos<fused.GateGradInputs>>(FusedKernel.gateGrad, ({ x, dy }, _, backend) => {
    const [rows, half] = gateSizes(FusedKernel.gateGrad, x);
    expectSize(FusedKernel.gateGrad, 'dy', dy, rows * half);
    const dx = backend.make(x.shape, 'float32');
    backend.run('GateGrad', ...offsets(backend, x, dy, dx), rows, half);
    return [dx];
  }),
];

/** A tile of pixels with more channels than this does not fit a thread's scratch. */
const MOST_CHANNELS = 20_000;

function convolutionSizes(
  kernel: string,
  x: TensorInfo,
  places: readonly number[],
): [batch: number, height: number, width: number, channels: number, taps: number] {
  expectDtype(kernel, 'x', x, 'float32');
  if (x.shape.length !== 4) throw new Error(`${kernel}: expected x of rank 4, got rank ${x.shape.length}`);
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const taps = places.length / 2;
  if (taps < 1 || !places.every(Number.isInteger) || !Number.isInteger(taps)) {
    throw new Error(`${kernel}: expected pairs of whole numbers, got ${places.length} numbers`);
  }
  if (channels > MOST_CHANNELS) {
    throw new Error(`${kernel}: expected at most ${MOST_CHANNELS} channels, got ${channels}`);
  }
  return [batch, height, width, channels, taps];
}

function gateSizes(kernel: string, x: TensorInfo): [rows: number, half: number] {
  const [rows, width] = rowsOf(x);
  expectDtype(kernel, 'x', x, 'float32');
  if (width % 2 !== 0) throw new Error(`${kernel}: expected an even width, got ${width}`);
  return [rows, width / 2];
}
