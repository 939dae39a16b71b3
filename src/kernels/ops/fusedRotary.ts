// The fused kernels that rotary transformers add to the usual layers: RMSNorm, rotary positions, the gated MLP's product.
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../fusedKernels';
import type * as fused from '../fusedKernels';
import { define, expectDtype, sizeOf } from './define';
import { expectSize, offsets, rowsOf } from './fusedLayers';

type Infos<T> = { [Name in keyof T]: TensorInfo };

export const fusedRotaryKernels: KernelConfig[] = [
  define<Infos<fused.RmsNormInputs>, fused.RmsNormAttributes>(
    FusedKernel.rmsNorm,
    ({ x, gain }, { epsilon }, backend) => {
      const [rows, width] = rowsOf(x);
      expectDtype(FusedKernel.rmsNorm, 'x', x, 'float32');
      expectSize(FusedKernel.rmsNorm, 'gain', gain, width);
      const y = backend.make(x.shape, 'float32');
      const rstd = backend.make([rows], 'float32');
      backend.run('RmsNorm', ...offsets(backend, x, gain, y, rstd), rows, width, epsilon);
      return [y, rstd];
    },
  ),
  define<Infos<fused.RmsNormGradInputs>>(FusedKernel.rmsNormGrad, ({ dy, x, gain, rstd }, _, backend) => {
    const [rows, width] = rowsOf(x);
    expectSize(FusedKernel.rmsNormGrad, 'dy', dy, rows * width);
    expectSize(FusedKernel.rmsNormGrad, 'gain', gain, width);
    expectSize(FusedKernel.rmsNormGrad, 'rstd', rstd, rows);
    const dx = backend.make(x.shape, 'float32');
    const dgain = backend.make([width], 'float32');
    backend.run('RmsNormGrad', ...offsets(backend, dy, x, gain, rstd, dx, dgain), rows, width);
    return [dx, dgain];
  }),
  define<Infos<fused.RopeInputs>, fused.RopeAttributes>(
    FusedKernel.rope,
    ({ x, cos, sin }, { time, heads, turned, start, back }, backend) => {
      const [rows, width] = rowsOf(x);
      const [positions = 0, half = 0] = cos.shape;
      const size = width / heads;
      expectDtype(FusedKernel.rope, 'x', x, 'float32');
      expectSize(FusedKernel.rope, 'cos', cos, positions * half);
      expectSize(FusedKernel.rope, 'sin', sin, positions * half);
      if (!Number.isInteger(size) || 2 * half > size || turned > heads || rows % time !== 0) {
        throw new Error(
          `${FusedKernel.rope}: expected ${heads} heads of at least ${2 * half}, got a width of ${width}`,
        );
      }
      if (start < 0 || start + time > positions) {
        throw new Error(
          `${FusedKernel.rope}: expected positions below ${positions}, got ${start} to ${start + time - 1}`,
        );
      }
      const y = backend.make(x.shape, 'float32');
      const sizes = [rows, time, heads, turned, size, half, start, Number(back)];
      backend.run('Rope', ...offsets(backend, x, cos, sin, y), ...sizes);
      return [y];
    },
  ),
  define<Infos<fused.GatedInputs>>(FusedKernel.gated, ({ gate, up }, _, backend) => {
    const size = sizeOf(gate.shape);
    expectDtype(FusedKernel.gated, 'gate', gate, 'float32');
    expectSize(FusedKernel.gated, 'up', up, size);
    const y = backend.make(gate.shape, 'float32');
    backend.run('Gated', ...offsets(backend, gate, up, y), size);
    return [y];
  }),
  define<Infos<fused.GatedGradInputs>>(FusedKernel.gatedGrad, ({ dy, gate, up }, _, backend) => {
    const size = sizeOf(gate.shape);
    expectSize(FusedKernel.gatedGrad, 'dy', dy, size);
    expectSize(FusedKernel.gatedGrad, 'up', up, size);
    const dgate = backend.make(gate.shape, 'float32');
    const dup = backend.make(gate.shape, 'float32');
    backend.run('GatedGrad', ...offsets(backend, dy, gate, up, dgate, dup), size);
    return [dgate, dup];
  }),
];
