// Llama's forward pass: x + attention(norm(x)), then x + MLP(norm(x)), with RMS norms, rotary positions, heads that
// share keys and values, and a gated MLP (Touvron et al., arXiv 2302.13971). How its layers attend is the caller's.
import { concat, reshape } from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { gated } from '../../nn/activation';
import { tokenEmbedding } from '../../nn/embedding';
import { linear } from '../../nn/linear';
import { residual } from '../../nn/residual';
import { rmsNorm } from '../../nn/rmsNorm';
import { Rotation, rope } from '../../nn/rope';
import type { TextFacts, WeightSource } from '../family';
import type { LayerAttention, Network, Pass } from '../shared/network';
import type { Dense } from '../shared/variables';
import { DEFAULT_EPSILON, llamaRope, sizesOf, windowOf } from './schema';
import type { LlamaConfig } from './schema';
import { createLlamaWeights } from './weights';
import type { LlamaBlock } from './weights';

export function llamaNetwork(config: LlamaConfig, facts: TextFacts, from: number | WeightSource): Network {
  const { tokens, blocks, finalNorm, headWeight, variables } = createLlamaWeights(config, facts, from);
  const { heads, kvHeads, headSize: D } = sizesOf(config);
  const { width, contextLength, dropout } = config;
  const epsilon = config.normEpsilon ?? DEFAULT_EPSILON;
  const rotation = new Rotation(llamaRope(config), contextLength);

  const norm = (x: Tensor2D, gain: Tensor1D): Tensor2D => rmsNorm(x, gain, epsilon);
  /** Each head by itself. */
  const headNorm = (x: Tensor2D, gain: Tensor1D): Tensor2D =>
    reshape(norm(reshape(x, [x.size / D, D]), gain), x.shape);

  const attention = (block: LlamaBlock, layer: number, x: Tensor2D, ids: Tensor2D, pass: Pass): Tensor2D => {
    const [batch, T] = ids.shape;
    const normal = norm(x, block.norm1);
    const values = dense(normal, block.values); // [B·T, G·D]
    let [queries, keys] = [dense(normal, block.queries), dense(normal, block.keys)];
    if (block.headNorms) {
      queries = headNorm(queries, block.headNorms.queries);
      keys = headNorm(keys, block.headNorms.keys);
    }
    const packed = concat([queries, keys, values], 1); // [B·T, (H + 2G)·D]
    const [turned, all] = [heads + kvHeads, heads + 2 * kvHeads];
    const qkv = rope(packed, rotation.of(pass.start + T), { batch, heads: all, turned, start: pass.start });
    return dense(pass.attend(qkv, layer), block.attentionOut);
  };
  const mlp = (block: LlamaBlock, x: Tensor2D): Tensor2D => {
    const normal = norm(x, block.norm2);
    return dense(gated(dense(normal, block.gate), dense(normal, block.up)), block.down);
  };

  return {
    ...{ width, heads, contextLength, variables, dropout, rotation, vocabulary: facts.vocabulary },
    headSize: D,
    keyWidth: kvHeads * D,
    layers: blocks.map((_, layer): LayerAttention => {
      const window = windowOf(config, layer);
      return { heads, keyHeads: kvHeads, ...(window !== undefined && { window }) };
    }),
    stream(ids, pass) {
      let x = tokenEmbedding(tokens, ids); // [B·T, C]
      blocks.forEach((block, layer) => {
        x = residual(x, attention(block, layer, x, ids, pass));
        x = residual(x, mlp(block, x));
      });
      return x;
    },
    head: (x) => linear(norm(x, finalNorm), headWeight ?? tokens, null, { transposeW: true }),
  };
}

function dense(x: Tensor2D, { weight, bias }: Dense): Tensor2D {
  return linear(x, weight, bias, { transposeW: true });
}
