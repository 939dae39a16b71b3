// The fused kernels of losses, scores and optimisation, as fusedKernels.ts declares them.
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../fusedKernels';
import type * as fused from '../fusedKernels';
import type { SimdBackend } from '../simdBackend';
import { define, expectDtype, sizeOf } from './define';
import { badId, expectSize, offsets, rowsOf } from './fusedLayers';
import { withTable } from './matmul';

type Infos<T> = { [Name in keyof T]: TensorInfo };

const tensorChunk = 8192; // TENSOR_CHUNK in C

export const fusedTrainingKernels: KernelConfig[] = [
  define<Infos<fused.CrossEntropyInputs>>(FusedKernel.crossEntropy, ({ logits, targets }, _, backend) => {
    const [rows, vocabulary] = expectRows(FusedKernel.crossEntropy, logits, targets);
    const loss = backend.make([rows], 'float32');
    const logSumExp = backend.make([rows], 'float32');
    const bad = backend.run(
      'CrossEntropy',
      ...offsets(backend, logits, targets, loss, logSumExp),
      rows,
      vocabulary,
    );
    if (bad > 0) throw badId(FusedKernel.crossEntropy, backend, targets, bad, vocabulary);
    return [loss, logSumExp];
  }),
  define<Infos<fused.CrossEntropyGradInputs>>(
    FusedKernel.crossEntropyGrad,
    ({ logits, targets, logSumExp, dloss }, _, backend) => {
      const [rows, vocabulary] = expectRows(FusedKernel.crossEntropyGrad, logits, targets);
      expectSize(FusedKernel.crossEntropyGrad, 'logSumExp', logSumExp, rows);
      expectSize(FusedKernel.crossEntropyGrad, 'dloss', dloss, rows);
      const dlogits = backend.make(logits.shape, 'float32');
      const places = offsets(backend, logits, targets, logSumExp, dloss, dlogits);
      const bad = backend.run('CrossEntropyGrad', ...places, rows, vocabulary);
      if (bad > 0) throw badId(FusedKernel.crossEntropyGrad, backend, targets, bad, vocabulary);
      return [dlogits];
    },
  ),
  define<Infos<fused.ScoreRowsInputs>, fused.ScoreRowsAttributes>(
    FusedKernel.scoreRows,
    ({ logits, targets }, { top }, backend) => {
      const [rows, vocabulary] = expectRows(FusedKernel.scoreRows, logits, targets);
      if (!(top >= 0 && top <= vocabulary)) {
        throw new Error(`${FusedKernel.scoreRows}: expected top from 0 to ${vocabulary}, got ${top}`);
      }
      const logProb = backend.make([rows], 'float32');
      const entropy = backend.make([rows], 'float32');
      const rank = backend.make([rows], 'int32');
      const topIds = backend.make([rows, top], 'int32');
      const topLogProbs = backend.make([rows, top], 'float32');
      const places = offsets(backend, logits, targets, logProb, entropy, rank, topIds, topLogProbs);
      const bad = backend.run('ScoreRows', ...places, rows, vocabulary, top);
      if (bad > 0) throw badId(FusedKernel.scoreRows, backend, targets, bad, vocabulary);
      return [logProb, entropy, rank, topIds, topLogProbs];
    },
  ),
  define<Record<string, TensorInfo>, fused.AdamWAttributes>(
    FusedKernel.adamW,
    (inputs, attributes, backend) => {
      const { learningRate, beta1, beta2, epsilon, step, decay, gradientScale } = attributes;
      const { table, tensors, chunks } = tensorTable(
        FusedKernel.adamW,
        inputs,
        ['p', 'g', 'm', 'v'],
        backend,
        decay,
      );
      const corrections = [1 - beta1 ** step, Math.sqrt(1 - beta2 ** step)];
      withTable(backend, table, (at) => {
        const rates = [learningRate, beta1, beta2, epsilon, gradientScale];
        backend.run('AdamW', at, tensors, chunks, ...rates, ...corrections);
      });
      return [];
    },
  ),
  define<Record<string, TensorInfo>>(FusedKernel.globalNorm, (inputs, _, backend) => {
    const { table, tensors, chunks } = tensorTable(FusedKernel.globalNorm, inputs, ['g'], backend);
    const norm = backend.make([], 'float32');
    const sums = backend.make([2 * Math.max(1, chunks)], 'float32'); // a double per chunk
    withTable(backend, table, (at) => {
      backend.run('GlobalNorm', at, tensors, chunks, ...offsets(backend, sums, norm));
    });
    backend.release(sums);
    return [norm];
  }),
];

/** Rows of adamw.c's table: offsets of p, g, m, v, the size, the decay, the first chunk. */
function tensorTable(
  kernel: string,
  inputs: Record<string, TensorInfo>,
  letters: ('p' | 'g' | 'm' | 'v')[],
  backend: SimdBackend,
  decay: number[] = [],
) {
  const table: number[] = [];
  let chunks = 0;
  let tensors = 0;
  for (; inputs[`g${tensors}`]; tensors++) {
    const size = sizeOf(inputs[`g${tensors}`]?.shape ?? []);
    const places = (['p', 'g', 'm', 'v'] as const).map((letter) => {
      if (!letters.includes(letter)) return 0;
      const tensor = inputs[`${letter}${tensors}`];
      if (!tensor) throw new Error(`${kernel}: expected an input ${letter}${tensors}, got none`);
      expectSize(kernel, `${letter}${tensors}`, tensor, size);
      return backend.at(tensor);
    });
    table.push(...places, size, decay[tensors] ?? 0, chunks);
    chunks += Math.ceil(size / tensorChunk);
  }
  if (tensors === 0) throw new Error(`${kernel}: expected at least one gradient g0, got none`);
  return { table, tensors, chunks };
}

function expectRows(
  kernel: string,
  logits: TensorInfo,
  targets: TensorInfo,
): [rows: number, vocabulary: number] {
  const [rows, vocabulary] = rowsOf(logits);
  expectDtype(kernel, 'logits', logits, 'float32');
  expectSize(kernel, 'targets', targets, rows, 'int32');
  return [rows, vocabulary];
}
