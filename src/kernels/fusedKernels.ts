// The fused kernels of the `simd` device: their names, inputs, attributes and outputs, and nothing else.
// Callers reach them by `engine().runKernel(name, inputs, attributes)`; gradients are kernels of their own, so
// whoever calls them also writes the `customGrad`. This file must not know tfjs beyond its types, nor any model.
// Letters: M rows, K inner size, N columns, C width, V vocabulary, B batch, T time, H heads, D = C / H.
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';

/** Every name here is registered for the `simd` backend and for no other. */
export const FusedKernel = {
  linear: 'ArLinear',
  linearGrad: 'ArLinearGrad',
  layerNorm: 'ArLayerNorm',
  layerNormGrad: 'ArLayerNormGrad',
  causalAttention: 'ArCausalAttention',
  causalAttentionGrad: 'ArCausalAttentionGrad',
  decodeAttention: 'ArDecodeAttention',
  crossEntropy: 'ArCrossEntropy',
  crossEntropyGrad: 'ArCrossEntropyGrad',
  embedding: 'ArEmbedding',
  embeddingGrad: 'ArEmbeddingGrad',
  dropout: 'ArDropout',
  adamW: 'ArAdamW',
  globalNorm: 'ArGlobalNorm',
  scoreRows: 'ArScoreRows',
  rmsNorm: 'ArRmsNorm',
  rmsNormGrad: 'ArRmsNormGrad',
  rope: 'ArRope',
  gated: 'ArGated',
  gatedGrad: 'ArGatedGrad',
  convolve: 'ArConvolve',
  convolveGrad: 'ArConvolveGrad',
  gate: 'ArGate',
  gateGrad: 'ArGateGrad',
  pixelProgram: 'ArPixelProgram',
  pixelSteps: 'ArPixelSteps',
} as const;

export type FusedKernelName = (typeof FusedKernel)[keyof typeof FusedKernel];

/** `geluNew(u) = 0.5 u (1 + tanh(√(2/π) (u + 0.044715 u³)))`, GPT-2's. */
export type LinearActivation = 'none' | 'geluNew';

/** → `[y [M, N]]`, or `[y, u]` with an activation, where u `[M, N]` is the value before it. */
export interface LinearInputs {
  x: Tensor2D; // [M, K]
  w: Tensor2D; // [K, N], or [N, K] when transposeW
  b?: Tensor1D; // [N]
}
export interface LinearAttributes {
  activation: LinearActivation;
  transposeW: boolean;
}

/** → `[dx [M, K], dw (w's own layout)]`, and `db [N]` third when hasBias. u is needed with an activation. */
export interface LinearGradInputs {
  dy: Tensor2D; // [M, N]
  x: Tensor2D;
  w: Tensor2D;
  u?: Tensor2D; // [M, N]
}
export interface LinearGradAttributes extends LinearAttributes {
  hasBias: boolean;
}

/** → `[y [M, C], mean [M], rstd [M]]`; the variance is the biased one. */
export interface LayerNormInputs {
  x: Tensor2D; // [M, C]
  gain: Tensor1D; // [C]
  bias: Tensor1D; // [C]
}
export interface LayerNormAttributes {
  epsilon: number;
}

/** → `[dx [M, C], dgain [C], dbias [C]]`; takes no attributes. */
export interface LayerNormGradInputs {
  dy: Tensor2D;
  x: Tensor2D;
  gain: Tensor1D;
  mean: Tensor1D; // [M]
  rstd: Tensor1D; // [M]
}

/** → `[y [M, C], rstd [M]]`. */
export interface RmsNormInputs {
  x: Tensor2D; // [M, C]
  gain: Tensor1D; // [C]
}
export interface RmsNormAttributes {
  epsilon: number;
}

/** → `[dx [M, C], dgain [C]]`; takes no attributes. */
export interface RmsNormGradInputs {
  dy: Tensor2D;
  x: Tensor2D;
  gain: Tensor1D;
  rstd: Tensor1D; // [M]
}

/** → `[y]`, the shape of x. Its gradient is the same kernel on dy with `back`. */
export interface RopeInputs {
  x: Tensor2D; // [B·T, heads·D]
  cos: Tensor2D; // [Tmax, R/2], R ≤ D
  sin: Tensor2D; // [Tmax, R/2]
}
export interface RopeAttributes {
  time: number; // T
  heads: number;
  turned: number; // the first heads turn, the rest is copied
  start: number; // position of the first row of each sequence
  back: boolean;
}

/** → `[silu(gate) · up]`. */
export interface GatedInputs {
  gate: Tensor2D;
  up: Tensor2D;
}

/** → `[dgate, dup]`. */
export interface GatedGradInputs extends GatedInputs {
  dy: Tensor2D;
}

/**
 * → `[y [B, T, C], probabilities [B, H, T, T]]`. Position i sees j ≤ i, at most `window` of them; masked entries are
 * exactly 0. Heads of queries share heads of keys in groups. Probabilities are those before dropout; dropout multiplies entry i (flat in [B, H, T, T]) by the factor of
 * `ArDropout` for (seed, stream, i).
 */
export interface CausalAttentionInputs {
  qkv: Tensor3D; // [B, T, (H + 2G)·D]: H heads of queries, G of keys, G of values
}
export interface CausalAttentionAttributes {
  heads: number; // H
  keyHeads: number; // G, divides H
  window: number; // positions that one sees, itself included; 0 = all
  scale: number; // of the scores, before softmax
  dropout: number; // rate in [0, 1); 0 = none
  seed: number; // uint32
  stream: number; // uint32
}

/** → `[dqkv]`, the shape of qkv; same attributes as the forward call. */
export interface CausalAttentionGradInputs {
  dy: Tensor3D; // [B, T, C]
  qkv: Tensor3D;
  probabilities: Tensor; // [B, H, T, T]
}

/** → `[y [B, C]]`. WRITES row `position mod Tmax` of keys and values in place, then attends to the latest Tmax rows. */
export interface DecodeAttentionInputs {
  qkv: Tensor2D; // [B, (H + 2G)·D]
  keys: Tensor3D; // [B, Tmax, G·D]
  values: Tensor3D; // [B, Tmax, G·D]
}
export interface DecodeAttentionAttributes {
  heads: number; // H
  keyHeads: number; // G, divides H
  position: number; // from 0
  scale: number;
}

/** → `[loss [M], logSumExp [M]]`, nats. A target outside [0, V) throws. */
export interface CrossEntropyInputs {
  logits: Tensor2D; // [M, V]
  targets: Tensor1D; // [M] int32
}

/** → `[dlogits [M, V]]`. */
export interface CrossEntropyGradInputs extends CrossEntropyInputs {
  logSumExp: Tensor1D; // [M]
  dloss: Tensor1D; // [M]
}

/** → `[x [B, T, C]]`, x = wte[id] + wpe[startPosition + t]. An id outside [0, V) throws. */
export interface EmbeddingInputs {
  wte: Tensor2D; // [V, C]
  wpe: Tensor2D; // [Tmax, C]
  ids: Tensor2D; // [B, T] int32
}
export interface EmbeddingAttributes {
  startPosition: number;
}

/** → `[dwte [V, C], dwpe [positions, C]]`; sums in a fixed order. */
export interface EmbeddingGradInputs {
  dx: Tensor3D; // [B, T, C]
  ids: Tensor2D;
}
export interface EmbeddingGradAttributes extends EmbeddingAttributes {
  vocabulary: number;
  positions: number;
}

/** → `[y]`, the shape of x. Its gradient is the same kernel on dy. The mask is a hash of (seed, stream, index). */
export interface DropoutInputs {
  x: Tensor;
}
export interface DropoutAttributes {
  rate: number; // [0, 1)
  seed: number; // uint32
  stream: number; // uint32
}

/** Inputs are named p0…pn (parameters), g0…gn (gradients), m0…mn and v0…vn (moments), float32. */
export type AdamWInputs = Record<`${'p' | 'g' | 'm' | 'v'}${number}`, Tensor>;

/** → `[]`. UPDATES p, m and v IN PLACE with torch.optim.AdamW's formula, after gradients are multiplied by gradientScale. */
export interface AdamWAttributes {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  step: number; // from 1
  decay: number[]; // per tensor: its weight decay, 0 for none
  gradientScale: number;
}

/** Inputs are named g0…gn. → `[norm, a scalar]`: √Σg², accumulated in double in a fixed order. */
export type GlobalNormInputs = Record<`g${number}`, Tensor>;

/**
 * → `[logProb [M], entropy [M], rank [M] int32, topIds [M, K] int32, topLogProbs [M, K]]`, nats.
 * Rank 1 is the most likely; ties count the strictly greater. Top entries descend, equal ones by lower id.
 * A row with NaN in its logits has NaN for every float, rank 0 and topIds 0.
 */
export interface ScoreRowsInputs {
  logits: Tensor2D; // [M, V]
  targets: Tensor1D; // [M] int32
}
export interface ScoreRowsAttributes {
  top: number; // K, 0 ≤ K ≤ V
}

/**
 * → `[y [B, H, W, N]]`: at each pixel the sum over T places around it of its C channels there times the place's weights,
 * plus b; outside the image x is 0. The gradient towards x is the same with the places mirrored and the weights turned.
 */
export interface ConvolveInputs {
  x: Tensor4D; // [B, H, W, C]
  w: Tensor2D; // [T·C, N]
  b?: Tensor1D | undefined; // [N]
  plus?: Tensor4D | undefined; // [B, H, W, N], added to y
  above?: Tensor4D | undefined; // [B, H, W, N]: y is 0 where this is not above 0
}
export interface ConvolveAttributes {
  offsets: number[]; // T pairs: rows down, columns right
  rectified: boolean; // max(x, 0) is read in place of x
}

/** → `[dw [T·C, N], db [N]]`. */
export interface ConvolveGradInputs {
  x: Tensor4D; // [B, H, W, C]
  dy: Tensor4D; // [B, H, W, N]
}

/** → `[y [M, C]]`, y = tanh(x[:, :C]) · σ(x[:, C:]). */
export interface GateInputs {
  x: Tensor2D; // [M, 2C]
}

/** → `[dx [M, 2C]]`. */
export interface GateGradInputs extends GateInputs {
  dy: Tensor2D; // [M, C]
}

/**
 * → `[program int32, weights]`: masked convolutions, each with what follows it, prepared to be computed pixel by pixel.
 * Both outputs belong together, and hold where the planes lie: they must live as long. Inputs are named t0…tn, and the
 * attributes name them by number, −1 for none. A plane is [rows, H, W, features], or [rows, 1, 1, features] where it has
 * the features of the current pixel only.
 */
export type PixelProgramInputs = Record<`t${number}`, Tensor>;
export interface PixelProgramAttributes {
  height: number;
  width: number;
  steps: readonly PixelStepAttributes[];
}
export interface PixelStepAttributes {
  reads: readonly PixelReadAttributes[]; // one or two, which are summed
  from: number; // output features from … to − 1; of a gate also those half of all outputs further on
  to: number;
  adds: readonly number[]; // at most two planes, which are added feature by feature
  raw: number; // the plane that keeps the sum
  activation: 'none' | 'relu' | 'gate'; // a gate's features are half as many
  active: number; // the plane that keeps what the activation makes
}
export interface PixelReadAttributes {
  plane: number;
  places: ReadonlyArray<readonly [down: number, right: number]>;
  weight: number; // [places · features, outputs]
  open: number; // its mask, of the same shape
  bias: number; // [outputs]
}

/** → `[]`. WRITES the planes of a program IN PLACE, at the pixels (row, column) to (row, column + columns − 1). */
export interface PixelStepsInputs {
  program: TensorInfo;
}
export interface PixelStepsAttributes {
  row: number;
  column: number;
  columns: number;
}
