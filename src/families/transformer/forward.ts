// GPT-2's forward pass, written once: training, scoring and the cached decoder differ only in how they attend.
// Pre-norm blocks: x + attention(norm(x)), then x + MLP(norm(x)) (Radford et al. 2019).
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { dropout } from '../../nn/dropout';
import type { DropoutChoice } from '../../nn/dropout';
import { embedding } from '../../nn/embedding';
import { layerNorm } from '../../nn/layerNorm';
import { linear } from '../../nn/linear';
import { residual } from '../../nn/residual';
import { DEFAULT_EPSILON } from './schema';
import type { TransformerConfig } from './schema';
import type { Block, Norm, TransformerWeights } from './weights';

/** From packed queries, keys and values [B·T, 3C] of one layer to what it attended to [B·T, C]. */
export type Attend = (qkv: Tensor2D, layer: number) => Tensor2D;

/** The dropout of one place in the model; places are numbered, and 3·layer is the layer's attention. */
export type DropoutAt = (place: number) => DropoutChoice;

export interface Pass {
  readonly config: TransformerConfig;
  readonly weights: TransformerWeights;
  readonly attend: Attend;
  /** Absent: no dropout. */
  readonly dropoutAt?: DropoutAt;
}

/**
 * @param ids int32 [B, T]
 * @returns the residual stream after the last block, before the final norm: [B·T, C]
 */
export function residualStream(pass: Pass, ids: Tensor2D, startPosition: number): Tensor2D {
  const { tokens, positions, blocks } = pass.weights;
  let x = embedding(tokens, positions, ids, startPosition); // [B·T, C]
  x = drop(pass, x, 3 * blocks.length);
  blocks.forEach((block, layer) => {
    x = residual(x, drop(pass, attention(pass, block, layer, x), 3 * layer + 1));
    x = residual(x, drop(pass, mlp(pass, block, x), 3 * layer + 2));
  });
  return x;
}

/** Final norm and the head, which is the token embedding again. @param x [M, C] @returns logits [M, V] */
export function head(pass: Pick<Pass, 'config' | 'weights'>, x: Tensor2D): Tensor2D {
  return linear(norm(pass, pass.weights.finalNorm, x), pass.weights.tokens, null, { transposeW: true });
}

function attention(pass: Pass, block: Block, layer: number, x: Tensor2D): Tensor2D {
  const qkv = linear(norm(pass, block.norm1, x), block.qkv.weight, block.qkv.bias); // [B·T, 3C]
  return linear(pass.attend(qkv, layer), block.attentionOut.weight, block.attentionOut.bias);
}

function mlp(pass: Pass, block: Block, x: Tensor2D): Tensor2D {
  const inner = linear(norm(pass, block.norm2, x), block.mlpIn.weight, block.mlpIn.bias, {
    activation: 'geluNew',
  }); // [B·T, inner]
  return linear(inner, block.mlpOut.weight, block.mlpOut.bias);
}

function norm(pass: Pick<Pass, 'config'>, { gain, bias }: Norm, x: Tensor2D): Tensor2D {
  return layerNorm(x, gain, bias, pass.config.layerNormEpsilon ?? DEFAULT_EPSILON);
}

function drop(pass: Pass, x: Tensor2D, place: number): Tensor2D {
  return pass.dropoutAt === undefined ? x : dropout(x, pass.dropoutAt(place));
}
