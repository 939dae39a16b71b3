// Causal multi-head attention over a whole sequence, from packed queries, keys and values.
// softmax(QKᵀ·scale + M)V with M added after scaling (Vaswani et al., arXiv 1706.03762): position i sees j ≤ i, in a
// sliding window only the last of them. Groups of heads may share keys and values (Ainslie et al., arXiv 2305.13245).
import {
  add,
  concat,
  fill,
  matMul,
  mul,
  reshape,
  slice,
  softmax,
  tensor2d,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
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
import { repeatHeads } from './repeatHeads';

/** How heads look at one another; the same for whole sequences and for single steps. */
export interface AttentionHeads {
  readonly heads: number;
  /** Heads of keys and of values, each shared by `heads / keyHeads` heads of queries; as many as `heads` when absent. */
  readonly keyHeads?: number;
  /** What scores are multiplied by; 1/√D when absent. */
  readonly scale?: number;
}

export interface CausalAttentionOptions extends AttentionHeads {
  /** B: rows of qkv are [B, T] flattened. */
  readonly batch: number;
  /** How many positions one sees, itself included; all when absent. */
  readonly window?: number;
  /** Applied to the probabilities. */
  readonly dropout?: DropoutChoice;
}

/**
 * @param qkv [B·T, (H + 2G)·D]: H heads of queries, then G of keys, then G of values
 * @returns [B·T, H·D]
 */
export function causalAttention(qkv: Tensor2D, options: CausalAttentionOptions): Tensor2D {
  if (!isFused(FusedKernel.causalAttention)) return causalAttentionPlain(qkv, options);
  const { B, T, C, columns } = sizes(qkv, options);
  const attributes = attributesOf(qkv, options);
  return fusedOp<Tensor2D>(
    [qkv],
    (save) => {
      const inputs: CausalAttentionInputs = { qkv: reshape(qkv, [B, T, columns]) };
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
        return reshape<Rank.R2>(output(outputs, 0), [B * T, columns]);
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
    const values = part(qkv, 'values', options); // [B, H, T, D]
    const mixed = transpose(matMul<Tensor4D>(dropped, values), [0, 2, 1, 3]); // [B, T, H, D]
    return reshape(mixed, [B * T, C]);
  });
}

/** Who attends to whom, without dropout. @returns [B, H, T, T]; entries that are masked are exactly 0. */
export function attentionProbabilities(qkv: Tensor2D, options: CausalAttentionOptions): Tensor4D {
  if (!isFused(FusedKernel.causalAttention)) return tidy(() => probabilitiesPlain(qkv, options));
  const { B, T, columns } = sizes(qkv, options);
  return tidy(() => {
    const inputs: CausalAttentionInputs = { qkv: reshape(qkv, [B, T, columns]) };
    const attributes = attributesOf(qkv, { ...options, dropout: NO_DROPOUT });
    return output<Tensor4D>(runFused(FusedKernel.causalAttention, inputs, attributes), 1);
  });
}

/**
 * What the softmax of one row is given: q·k·scale of position `row` with the positions up to it; −∞ before its window.
 * @param qkv [T, (H + 2G)·D] of one sequence
 * @returns [row + 1]
 */
export function attentionRowScores(
  qkv: Tensor2D,
  place: AttentionHeads & { readonly window?: number; readonly head: number; readonly row: number },
): Tensor1D {
  const { head, row, window = Infinity } = place;
  const { H, G, D, scale } = sizes(qkv, { ...place, batch: 1 });
  return tidy(() => {
    const query = slice(qkv, [row, head * D], [1, D]);
    const shared = Math.floor(head / (H / G));
    const keys = slice(qkv, [0, (H + shared) * D], [row + 1, D]);
    const scores = reshape<Rank.R1>(mul(matMul(query, keys, false, true), scale), [row + 1]);
    const hidden = Math.max(0, row + 1 - window);
    return hidden === 0 ? scores : concat([fill([hidden], -Infinity), slice(scores, hidden)]);
  });
}

function probabilitiesPlain(qkv: Tensor2D, options: CausalAttentionOptions): Tensor4D {
  const { T, scale } = sizes(qkv, options);
  const similarity = matMul<Tensor4D>(part(qkv, 'queries', options), part(qkv, 'keys', options), false, true);
  return softmax(add<Tensor4D>(mul(similarity, scale), causalMask(T, options.window ?? T))); // [B, H, T, T]
}

/** Shared keys and values are repeated for each head that uses them. @returns [B, H, T, D] */
function part(
  qkv: Tensor2D,
  which: 'queries' | 'keys' | 'values',
  options: CausalAttentionOptions,
): Tensor4D {
  const { B, T, H, G, D } = sizes(qkv, options);
  const first = which === 'queries' ? 0 : which === 'keys' ? H : H + G;
  const heads = which === 'queries' ? H : G;
  const columns = slice(qkv, [0, first * D], [B * T, heads * D]);
  const split: Tensor4D = transpose(reshape<Rank.R4>(columns, [B, T, heads, D]), [0, 2, 1, 3]);
  return repeatHeads(split, H / heads);
}

/** [T, T]: 0 where i − window < j ≤ i, −∞ elsewhere. */
function causalMask(T: number, window: number): Tensor2D {
  const values = new Float32Array(T * T);
  for (let i = 0; i < T; i++) {
    values.fill(-Infinity, i * T + i + 1, (i + 1) * T);
    if (i >= window) values.fill(-Infinity, i * T, i * T + i - window + 1);
  }
  return tensor2d(values, [T, T]);
}

function attributesOf(qkv: Tensor2D, options: CausalAttentionOptions): CausalAttentionAttributes {
  const { rate, seed, stream } = options.dropout ?? NO_DROPOUT;
  const { H, G, scale } = sizes(qkv, options);
  return { heads: H, keyHeads: G, window: options.window ?? 0, scale, dropout: rate, seed, stream };
}

function sizes(qkv: Tensor2D, { batch: B, heads: H, keyHeads: G = H, scale }: CausalAttentionOptions) {
  const [M, columns] = qkv.shape;
  const T = M / B;
  const D = columns / (H + 2 * G);
  if (!Number.isInteger(T) || !Number.isInteger(D) || !Number.isInteger(H / G)) {
    throw new Error(
      `causalAttention: expected [${B}·T, ${H + 2 * G}·D] and heads that share keys evenly, got [${M}, ${columns}]`,
    );
  }
  return { B, T, C: H * D, H, G, D, columns, scale: scale ?? 1 / Math.sqrt(D) };
}
