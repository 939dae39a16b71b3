// GPT-NeoX's forward pass (Black et al., arXiv 2204.06745): attention and MLP of a block read the same stream, each
// through a norm of its own, and only some channels of a head turn with the position. How layers attend is the caller's.
import { reshape, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Rank, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { activate } from '../../nn/activation';
import { tokenEmbedding } from '../../nn/embedding';
import { layerNorm } from '../../nn/layerNorm';
import { linear } from '../../nn/linear';
import { residual } from '../../nn/residual';
import { Rotation, rope } from '../../nn/rope';
import type { TextFacts, WeightSource } from '../family';
import { drop } from '../shared/network';
import type { LayerAttention, Network, Pass } from '../shared/network';
import type { Dense, Norm } from '../shared/variables';
import { DEFAULT_EPSILON, gptNeoxRope } from './schema';
import type { GptNeoxConfig } from './schema';
import { createGptNeoxWeights } from './weights';
import type { GptNeoxBlock } from './weights';

export function gptNeoxNetwork(
  config: GptNeoxConfig,
  facts: TextFacts,
  from: number | WeightSource,
): Network {
  const { tokens, blocks, finalNorm, headWeight, variables } = createGptNeoxWeights(config, facts, from);
  const { heads, width, contextLength, dropout } = config;
  const epsilon = config.layerNormEpsilon ?? DEFAULT_EPSILON;
  const activation = config.activation ?? 'gelu';
  const rotation = new Rotation(gptNeoxRope(config), contextLength);

  const norm = ({ gain, bias }: Norm, x: Tensor2D): Tensor2D => layerNorm(x, gain, bias, epsilon);

  const attention = (
    block: GptNeoxBlock,
    layer: number,
    x: Tensor2D,
    ids: Tensor2D,
    pass: Pass,
  ): Tensor2D => {
    const [batch, T] = ids.shape;
    const packed = byKind(dense(norm(block.norm1, x), block.qkv), heads); // [B·T, 3C]
    const options = { batch, heads: 3 * heads, turned: 2 * heads, start: pass.start };
    const qkv = rope(packed, rotation.of(pass.start + T), options);
    return dense(pass.attend(qkv, layer), block.attentionOut);
  };
  const mlp = (block: GptNeoxBlock, x: Tensor2D): Tensor2D =>
    dense(activate(dense(norm(block.norm2, x), block.mlpIn), activation), block.mlpOut);

  return {
    ...{ width, heads, contextLength, variables, dropout, rotation, vocabulary: facts.vocabulary },
    headSize: width / heads,
    keyWidth: width,
    layers: blocks.map((): LayerAttention => ({ heads })),
    stream(ids, pass) {
      let x = tokenEmbedding(tokens, ids); // [B·T, C]
      x = drop(pass, x, 3 * blocks.length);
      blocks.forEach((block, layer) => {
        const seen = drop(pass, attention(block, layer, x, ids, pass), 3 * layer + 1);
        const attended = residual(x, seen);
        const thought = mlp(block, config.parallelResidual ? x : attended);
        x = residual(attended, drop(pass, thought, 3 * layer + 2));
      });
      return x;
    },
    head: (x) => linear(norm(finalNorm, x), headWeight ?? tokens, null, { transposeW: true }),
  };
}

/** From head by head (queries, keys, values of each) to all queries, all keys, all values. @param qkv [M, H·3·D] */
function byKind(qkv: Tensor2D, heads: number): Tensor2D {
  const [M, columns] = qkv.shape;
  const D = columns / (3 * heads);
  return tidy(() => {
    const split = reshape<Rank.R4>(qkv, [M, heads, 3, D]);
    return reshape(transpose<Tensor4D>(split, [0, 2, 1, 3]), [M, columns]);
  });
}

function dense(x: Tensor2D, { weight, bias }: Dense): Tensor2D {
  return linear(x, weight, bias, { transposeW: true });
}
