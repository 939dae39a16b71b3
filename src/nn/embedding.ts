// Token embedding, alone or plus learned position embedding.
import { add, gather, range, reshape, tile, tidy } from '@tensorflow/tfjs-core';
import type { Rank, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type {
  EmbeddingAttributes,
  EmbeddingGradAttributes,
  EmbeddingGradInputs,
  EmbeddingInputs,
} from '../kernels/fusedKernels';
import { fusedOp, isFused, output, runFused } from './fused';

/**
 * @param wte [V, C]
 * @param wpe [Tmax, C]
 * @param ids int32 [B, T], each in [0, V)
 * @param startPosition position of the first column
 * @returns [B·T, C]
 */
export function embedding(wte: Tensor2D, wpe: Tensor2D, ids: Tensor2D, startPosition = 0): Tensor2D {
  const [B, T] = ids.shape;
  const C = wte.shape[1];
  if (startPosition + T > wpe.shape[0]) {
    throw new Error(`embedding: expected at most ${wpe.shape[0]} positions, got ${startPosition + T}`);
  }
  if (!isFused(FusedKernel.embedding)) return embeddingPlain(wte, wpe, ids, startPosition);
  const attributes: EmbeddingAttributes = { startPosition };
  return fusedOp<Tensor2D>(
    [wte, wpe],
    (save) => {
      const inputs: EmbeddingInputs = { wte, wpe, ids };
      save([ids]);
      return reshape(output<Tensor3D>(runFused(FusedKernel.embedding, inputs, attributes), 0), [B * T, C]);
    },
    (dx, saved) =>
      tidy(() => {
        const inputs: EmbeddingGradInputs = { dx: reshape(dx, [B, T, C]), ids: output(saved, 0) };
        const gradAttributes: EmbeddingGradAttributes = {
          startPosition,
          vocabulary: wte.shape[0],
          positions: wpe.shape[0],
        };
        return runFused(FusedKernel.embeddingGrad, inputs, gradAttributes);
      }),
  );
}

export function embeddingPlain(wte: Tensor2D, wpe: Tensor2D, ids: Tensor2D, startPosition = 0): Tensor2D {
  const [B, T] = ids.shape;
  return tidy(() => {
    const flat: Tensor1D = reshape(ids, [B * T]);
    const positions = tile(range(startPosition, startPosition + T, 1, 'int32'), [B]);
    return add<Tensor2D>(gather(wte, flat), gather(wpe, positions));
  });
}

/**
 * Without positions.
 * @param ids int32 [B, T], each in [0, V)
 * @returns [B·T, C]
 */
export function tokenEmbedding(wte: Tensor2D, ids: Tensor2D): Tensor2D {
  return tidy(() => gather(wte, reshape<Rank.R1>(ids, [ids.size])));
}
