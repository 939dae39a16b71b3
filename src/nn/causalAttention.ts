// Causal multi-head attention over a whole sequence, from packed queries, keys and values.
// softmax(QKᵀ/√D + M)V with M added after scaling (Vaswani et al., arXiv 1706.03762): position i sees j ≤ i.
import { add, matMul, mul, reshape, slice, softmax, tensor2d, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Rank, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type {
  CausalAttentionAttributes,
  CausalAttentionGradInputs,
  CausalAttentionInputs,
} from '../kernels/fusedKernels';
import { NO_DROPOUT, dropoutPlain } from './dropout';
import type { DropoutChoice } from './dropout';
import { fusedOp, isFused, output, runFused } from './fused';

export interface CausalAttentionOptions {
  /** B: rows of qkv are [B, T] flattened. */
  readonly batch: number;
  readonly heads: number;
  /** Applied to the probabilities. */
  readonly dropout?: DropoutChoice;
}

/**
 * @param qkv [B·T, 3C]: queries, keys, values, each H heads of D
 * @returns [B·T, C]
 */
export function causalAttention(qkv: Tensor2D, options: CausalAttentionOptions): Tensor2D {
  if (!isFused(FusedKernel.causalAttention)) return causalAttentionPlain(qkv, options);
  const { B, T, C } = sizes(qkv, options);
  const attributes = attributesOf(options);
  return fusedOp<Tensor2D>(
    [qkv],
    (save) => {
      const inputs: CausalAttentionInputs = { qkv: reshape(qkv, [B, T, 3 * C]) };
      const outputs = runFused(FusedKernel.causalAttention, inputs, attributes);
      save([inputs.qkv, output(outputs, 1)]);
      return reshape(output<Tensor3D>(outputs, 0), [B * T, C]);
    },
    (dy, saved) => {
      const gradient = tidy(() => {
        const inputs: CausalAttentionGradInputs = {
          dy: reshape(dy, [B, T, C]),
          qkv: output(saved, 0),
          probabilities: output(saved, 1),
        };
        const outputs = runFused(FusedKernel.causalAttentionGrad, inputs, attributes);
        return reshape<Rank.R2>(output(outputs, 0), [B * T, 3 * C]);
      });
      return [gradient];
    },
  );
}

export function causalAttentionPlain(qkv: Tensor2D, options: CausalAttentionOptions): Tensor2D {
  const { B, T, C } = sizes(qkv, options);
  return tidy(() => {
    const probabilities = probabilitiesPlain(qkv, options);
    const dropped = dropoutPlain(probabilities, options.dropout ?? NO_DROPOUT);
    const values = part(qkv, 2, options); // [B, H, T, D]
    const mixed = transpose(matMul<Tensor4D>(dropped, values), [0, 2, 1, 3]); // [B, T, H, D]
    return reshape(mixed, [B * T, C]);
  });
}

/** Who attends to whom, without dropout. @returns [B, H, T, T]; entries above the diagonal are exactly 0. */
export function attentionProbabilities(qkv: Tensor2D, options: CausalAttentionOptions): Tensor4D {
  if (!isFused(FusedKernel.causalAttention)) return tidy(() => probabilitiesPlain(qkv, options));
  const { B, T, C } = sizes(qkv, options);
  return tidy(() => {
    const inputs: CausalAttentionInputs = { qkv: reshape(qkv, [B, T, 3 * C]) };
    const outputs = runFused(
      FusedKernel.causalAttention,
      inputs,
      attributesOf({ batch: B, heads: options.heads }),
    );
    return output<Tensor4D>(outputs, 1);
  });
}

/**
 * What the softmax of one row is given: q·k/√D of position `row` with the positions it may see.
 * @param qkv [T, 3C] of one sequence
 * @returns [row + 1]
 */
export function attentionRowScores(
  qkv: Tensor2D,
  { heads, head, row }: { readonly heads: number; readonly head: number; readonly row: number },
): Tensor1D {
  const { C, D } = sizes(qkv, { batch: 1, heads });
  return tidy(() => {
    const query = slice(qkv, [row, head * D], [1, D]);
    const keys = slice(qkv, [0, C + head * D], [row + 1, D]);
    return reshape<Rank.R1>(mul(matMul(query, keys, false, true), 1 / Math.sqrt(D)), [row + 1]);
  });
}

function probabilitiesPlain(qkv: Tensor2D, options: CausalAttentionOptions): Tensor4D {
  const { T, D } = sizes(qkv, options);
  const similarity = matMul<Tensor4D>(part(qkv, 0, options), part(qkv, 1, options), false, true); // [B, H, T, T]
  return softmax(add<Tensor4D>(mul(similarity, 1 / Math.sqrt(D)), causalMask(T)));
}

/** Queries (0), keys (1) or values (2). @returns [B, H, T, D] */
function part(qkv: Tensor2D, index: number, options: CausalAttentionOptions): Tensor4D {
  const { B, T, C, H, D } = sizes(qkv, options);
  const columns = slice(qkv, [0, index * C], [B * T, C]);
  return transpose(reshape<Rank.R4>(columns, [B, T, H, D]), [0, 2, 1, 3]);
}

/** [T, T]: 0 where j ≤ i, −∞ where j > i. */
function causalMask(T: number): Tensor2D {
  const values = new Float32Array(T * T);
  for (let i = 0; i < T; i++) values.fill(-Infinity, i * T + i + 1, (i + 1) * T);
  return tensor2d(values, [T, T]);
}

function attributesOf(options: CausalAttentionOptions): CausalAttentionAttributes {
  const { rate, seed, stream } = options.dropout ?? NO_DROPOUT;
  return { heads: options.heads, dropout: rate, seed, stream };
}

function sizes(qkv: Tensor2D, { batch: B, heads: H }: CausalAttentionOptions) {
  const [M, columns] = qkv.shape;
  const T = M / B;
  const C = columns / 3;
  const D = C / H;
  if (!Number.isInteger(T) || !Number.isInteger(D)) {
    throw new Error(`causalAttention: expected [${B}·T, 3·${H}·D], got [${M}, ${columns}]`);
  }
  return { B, T, C, H, D };
}
