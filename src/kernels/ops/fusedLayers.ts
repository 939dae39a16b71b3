// The fused kernels of layers, forward and back, as fusedKernels.ts declares them. Shapes and dtypes are checked here,
// once, because C reads what it is told to read.
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../fusedKernels';
import type * as fused from '../fusedKernels';
import type { SimdBackend } from '../simdBackend';
import { define, expectDtype, sizeOf } from './define';

type Infos<T> = { [Name in keyof T]: TensorInfo };

export const fusedLayerKernels: KernelConfig[] = [
  define<Infos<fused.LinearInputs>, fused.LinearAttributes>(
    FusedKernel.linear,
    ({ x, w, b }, attributes, backend) => {
      const { activation, transposeW } = attributes;
      const { m, n, k } = linearSizes(FusedKernel.linear, x, w, transposeW);
      expectSize(FusedKernel.linear, 'b', b, n);
      const c = backend.make([m, n], 'float32');
      const y = activation === 'geluNew' ? backend.make([m, n], 'float32') : undefined;
      const [xAt, wAt, bAt, cAt, yAt] = offsets(backend, x, w, b, c, y);
      backend.run('Linear', xAt, wAt, bAt, cAt, yAt, m, n, k, Number(transposeW));
      return y ? [y, c] : [c];
    },
  ),
  define<Infos<fused.LinearGradInputs>, fused.LinearGradAttributes>(
    FusedKernel.linearGrad,
    ({ dy, x, w, u }, { activation, transposeW, hasBias }, backend) => {
      const { m, n, k } = linearSizes(FusedKernel.linearGrad, x, w, transposeW);
      expectSize(FusedKernel.linearGrad, 'dy', dy, m * n);
      if ((activation === 'geluNew') !== (u !== undefined)) {
        throw new Error(
          `${FusedKernel.linearGrad}: expected u exactly when there is an activation, got ${activation}`,
        );
      }
      expectSize(FusedKernel.linearGrad, 'u', u, m * n);
      const dx = backend.make([m, k], 'float32');
      const dw = backend.make(w.shape, 'float32');
      const db = hasBias ? backend.make([n], 'float32') : undefined;
      const du = u ? backend.make([m, n], 'float32') : undefined;
      const [dyAt, xAt, wAt, uAt, dxAt, dwAt, dbAt, duAt] = offsets(backend, dy, x, w, u, dx, dw, db, du);
      backend.run('LinearGrad', dyAt, xAt, wAt, uAt, dxAt, dwAt, dbAt, duAt, m, n, k, Number(transposeW));
      if (du) backend.release(du);
      return db ? [dx, dw, db] : [dx, dw];
    },
  ),
  define<Infos<fused.LayerNormInputs>, fused.LayerNormAttributes>(
    FusedKernel.layerNorm,
    ({ x, gain, bias }, { epsilon }, backend) => {
      const [rows, width] = rowsOf(x);
      expectSize(FusedKernel.layerNorm, 'gain', gain, width);
      expectSize(FusedKernel.layerNorm, 'bias', bias, width);
      const y = backend.make(x.shape, 'float32');
      const mean = backend.make([rows], 'float32');
      const rstd = backend.make([rows], 'float32');
      backend.run('LayerNorm', ...offsets(backend, x, gain, bias, y, mean, rstd), rows, width, epsilon);
      return [y, mean, rstd];
    },
  ),
  define<Infos<fused.LayerNormGradInputs>>(
    FusedKernel.layerNormGrad,
    ({ dy, x, gain, mean, rstd }, _, backend) => {
      const [rows, width] = rowsOf(x);
      expectSize(FusedKernel.layerNormGrad, 'dy', dy, rows * width);
      expectSize(FusedKernel.layerNormGrad, 'gain', gain, width);
      expectSize(FusedKernel.layerNormGrad, 'mean', mean, rows);
      expectSize(FusedKernel.layerNormGrad, 'rstd', rstd, rows);
      const dx = backend.make(x.shape, 'float32');
      const dgain = backend.make([width], 'float32');
      const dbias = backend.make([width], 'float32');
      backend.run(
        'LayerNormGrad',
        ...offsets(backend, dy, x, gain, mean, rstd, dx, dgain, dbias),
        rows,
        width,
      );
      return [dx, dgain, dbias];
    },
  ),
  define<Infos<fused.DropoutInputs>, fused.DropoutAttributes>(
    FusedKernel.dropout,
    ({ x }, attributes, backend) => {
      const { rate, seed, stream } = attributes;
      expectRate(FusedKernel.dropout, rate);
      expectDtype(FusedKernel.dropout, 'x', x, 'float32');
      const y = backend.make(x.shape, 'float32');
      backend.run('Dropout', ...offsets(backend, x, y), sizeOf(x.shape), rate, seed >>> 0, stream >>> 0);
      return [y];
    },
  ),
  define<Infos<fused.EmbeddingInputs>, fused.EmbeddingAttributes>(
    FusedKernel.embedding,
    ({ wte, wpe, ids }, { startPosition }, backend) => {
      const [vocabulary = 0, width = 0] = wte.shape;
      const [batch = 0, time = 0] = ids.shape;
      const [positions = 0] = wpe.shape;
      expectSize(FusedKernel.embedding, 'wpe', wpe, positions * width);
      expectDtype(FusedKernel.embedding, 'ids', ids, 'int32');
      expectPositions(FusedKernel.embedding, startPosition, time, positions);
      const x = backend.make([batch, time, width], 'float32');
      const sizes = [batch * time, time, width, vocabulary, startPosition];
      const bad = backend.run('Embedding', ...offsets(backend, wte, wpe, ids, x), ...sizes);
      if (bad > 0) throw badId(FusedKernel.embedding, backend, ids, bad, vocabulary);
      return [x];
    },
  ),
  define<Infos<fused.EmbeddingGradInputs>, fused.EmbeddingGradAttributes>(
    FusedKernel.embeddingGrad,
    ({ dx, ids }, { vocabulary, positions, startPosition }, backend) => {
      const [batch = 0, time = 0, width = 0] = dx.shape;
      expectSize(FusedKernel.embeddingGrad, 'ids', ids, batch * time, 'int32');
      expectPositions(FusedKernel.embeddingGrad, startPosition, time, positions);
      const dwte = backend.make([vocabulary, width], 'float32');
      const dwpe = backend.make([positions, width], 'float32');
      const sizes = [batch * time, time, width, vocabulary, startPosition, positions];
      const bad = backend.run('EmbeddingGrad', ...offsets(backend, dx, ids, dwte, dwpe), ...sizes);
      if (bad > 0) throw badId(FusedKernel.embeddingGrad, backend, ids, bad, vocabulary);
      return [dwte, dwpe];
    },
  ),
];

/** Byte offsets of tensors in order; 0 where there is none. */
export function offsets<T extends (TensorInfo | undefined)[]>(
  backend: SimdBackend,
  ...tensors: T
): { [Index in keyof T]: number } {
  return tensors.map((tensor) => backend.at(tensor)) as { [Index in keyof T]: number };
}

export function expectSize(
  kernel: string,
  name: string,
  tensor: TensorInfo | undefined,
  size: number,
  dtype: 'float32' | 'int32' = 'float32',
): void {
  if (!tensor) return;
  expectDtype(kernel, name, tensor, dtype);
  if (sizeOf(tensor.shape) === size) return;
  throw new Error(`${kernel}: expected ${name} of ${size} elements, got shape [${tensor.shape.join(', ')}]`);
}

export function expectRate(kernel: string, rate: number): void {
  if (!(rate >= 0 && rate < 1)) throw new Error(`${kernel}: expected a dropout rate in [0, 1), got ${rate}`);
}

export function badId(
  kernel: string,
  backend: SimdBackend,
  ids: TensorInfo,
  bad: number,
  limit: number,
): Error {
  const value = backend.view(ids)[bad - 1];
  return new Error(`${kernel}: expected ids from 0 to ${limit - 1}, got ${value} at position ${bad - 1}`);
}

/** Rows and width of a matrix, or of anything whose last axis is the width. */
export function rowsOf(x: TensorInfo): [rows: number, width: number] {
  return [sizeOf(x.shape.slice(0, -1)), x.shape.at(-1) ?? 1];
}

function linearSizes(kernel: string, x: TensorInfo, w: TensorInfo, transposeW: boolean) {
  const [m, k] = rowsOf(x);
  const n = w.shape[transposeW ? 0 : 1] ?? 0;
  expectDtype(kernel, 'x', x, 'float32');
  expectSize(kernel, 'w', w, n * k);
  return { m, n, k };
}

function expectPositions(kernel: string, start: number, time: number, positions: number): void {
  if (start >= 0 && start + time <= positions) return;
  throw new Error(`${kernel}: expected positions below ${positions}, got ${start} to ${start + time - 1}`);
}
