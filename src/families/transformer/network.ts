// GPT-2's forward pass: learned positions, pre-norm blocks x + attention(norm(x)), then x + MLP(norm(x)) (Radford et
// al. 2019). How its layers attend is the caller's.
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { activate } from '../../nn/activation';
import { embedding } from '../../nn/embedding';
import { layerNorm } from '../../nn/layerNorm';
import { linear } from '../../nn/linear';
import { residual } from '../../nn/residual';
import type { TextFacts, WeightSource } from '../family';
import { drop } from '../shared/network';
import type { LayerAttention, Network, Pass } from '../shared/network';
import type { Norm } from '../shared/variables';
import { DEFAULT_EPSILON } from './schema';
import type { TransformerConfig } from './schema';
import { createWeights } from './weights';
import type { Block } from './weights';

export interface TransformerNetwork extends Network {
  readonly tokens: Tensor2D; // [V, C]
  readonly positions: Tensor2D; // [Tmax, C]
  /** The stream from what was embedded on. @param x [B·T, C] @returns [B·T, C] */
  blocks(x: Tensor2D, pass: Omit<Pass, 'start'>): Tensor2D;
}

export function transformerNetwork(
  config: TransformerConfig,
  facts: TextFacts,
  from: number | WeightSource,
): TransformerNetwork {
  const { tokens, positions, blocks, finalNorm, headWeight, variables } = createWeights(config, facts, from);
  const { heads, width, contextLength } = config;
  const epsilon = config.layerNormEpsilon ?? DEFAULT_EPSILON;
  const activation = config.activation ?? 'geluNew';

  const norm = ({ gain, bias }: Norm, x: Tensor2D): Tensor2D => layerNorm(x, gain, bias, epsilon);

  const attention = (pass: Omit<Pass, 'start'>, block: Block, layer: number, x: Tensor2D): Tensor2D => {
    const qkv = linear(norm(block.norm1, x), block.qkv.weight, block.qkv.bias); // [B·T, 3C]
    return linear(pass.attend(qkv, layer), block.attentionOut.weight, block.attentionOut.bias);
  };
  const mlp = (block: Block, x: Tensor2D): Tensor2D => {
    const { weight, bias } = block.mlpIn;
    const inner =
      activation === 'geluNew'
        ? linear(norm(block.norm2, x), weight, bias, { activation })
        : activate(linear(norm(block.norm2, x), weight, bias), activation); // [B·T, inner]
    return linear(inner, block.mlpOut.weight, block.mlpOut.bias);
  };

  const throughBlocks = (embedded: Tensor2D, pass: Omit<Pass, 'start'>): Tensor2D => {
    let x = drop(pass, embedded, 3 * blocks.length);
    blocks.forEach((block, layer) => {
      x = residual(x, drop(pass, attention(pass, block, layer, x), 3 * layer + 1));
      x = residual(x, drop(pass, mlp(block, x), 3 * layer + 2));
    });
    return x;
  };

  return {
    ...{
      tokens,
      positions,
      width,
      heads,
      contextLength,
      variables,
      dropout: config.dropout,
      vocabulary: facts.vocabulary,
    },
    headSize: width / heads,
    keyWidth: width,
    layers: blocks.map((_, layer): LayerAttention => {
      if (config.scaleByLayer !== true) return { heads };
      return { heads, scale: 1 / Math.sqrt(width / heads) / (layer + 1) };
    }),
    stream: (ids, pass) => throughBlocks(embedding(tokens, positions, ids, pass.start), pass),
    blocks: throughBlocks,
    head: (x) => linear(norm(finalNorm, x), headWeight ?? tokens, null, { transposeW: true }),
  };
}
