// Variables of Llama-shaped models: names and layouts of transformers' LlamaForCausalLM and its relatives.
// Knows no file: values come from a seed or from a WeightSource.
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { NamedVariable, TextFacts, WeightSource } from '../family';
import { DEVIATION, makeVariables } from '../shared/variables';
import type { Dense } from '../shared/variables';
import { DIALECTS } from './dialects';
import { sizesOf } from './schema';
import type { LlamaConfig } from './schema';

/** Matrices are [out, in], torch's Linear. */
export interface LlamaBlock {
  readonly norm1: Tensor1D; // [C]
  readonly queries: Dense; // [H·D, C]
  readonly keys: Dense; // [G·D, C]
  readonly values: Dense; // [G·D, C]
  /** Gains of the norms of each head's queries and keys. */
  readonly headNorms: { readonly queries: Tensor1D; readonly keys: Tensor1D } | null; // [D]
  readonly attentionOut: Dense; // [C, H·D]
  readonly norm2: Tensor1D; // [C]
  readonly gate: Dense; // [inner, C]
  readonly up: Dense; // [inner, C]
  readonly down: Dense; // [C, inner]
}
export interface LlamaWeights {
  readonly tokens: Tensor2D; // [V, C]
  readonly blocks: readonly LlamaBlock[];
  readonly finalNorm: Tensor1D; // [C]
  /** Null where the head is the token table again. */
  readonly headWeight: Tensor2D | null; // [V, C]
  readonly variables: readonly NamedVariable[];
}

/** N(0, .02²) as transformers has it, and GPT-2's smaller start of the two projections onto the residual stream. */
export function createLlamaWeights(
  config: LlamaConfig,
  facts: TextFacts,
  from: number | WeightSource,
): LlamaWeights {
  const C = config.width;
  const { heads, kvHeads, headSize: D, innerWidth } = sizesOf(config);
  const { biases, headNorms } = DIALECTS[config.dialect];
  const all = config.attentionBias === true;
  const residual = DEVIATION / Math.sqrt(2 * config.layers);
  return makeVariables(from, (make) => {
    const dense = (
      name: string,
      output: number,
      input: number,
      bias: boolean,
      deviation = DEVIATION,
    ): Dense => ({
      weight: make.matrix(`${name}.weight`, output, input, deviation),
      bias: bias ? make.vector(`${name}.bias`, output, 0) : null,
    });
    const tokens = make.matrix('model.embed_tokens.weight', facts.vocabulary, C);
    const blocks: LlamaBlock[] = [];
    for (let layer = 0; layer < config.layers; layer++) {
      const name = `model.layers.${layer}`;
      const attention = `${name}.self_attn`;
      const mlp = `${name}.mlp`;
      const mlpBias = config.mlpBias === true;
      blocks.push({
        norm1: make.vector(`${name}.input_layernorm.weight`, C, 1),
        queries: dense(`${attention}.q_proj`, heads * D, C, all || biases === 'qkv'),
        keys: dense(`${attention}.k_proj`, kvHeads * D, C, all || biases === 'qkv'),
        values: dense(`${attention}.v_proj`, kvHeads * D, C, all || biases === 'qkv'),
        headNorms: headNorms
          ? {
              queries: make.vector(`${attention}.q_norm.weight`, D, 1),
              keys: make.vector(`${attention}.k_norm.weight`, D, 1),
            }
          : null,
        attentionOut: dense(`${attention}.o_proj`, C, heads * D, all, residual),
        norm2: make.vector(`${name}.post_attention_layernorm.weight`, C, 1),
        gate: dense(`${mlp}.gate_proj`, innerWidth, C, mlpBias),
        up: dense(`${mlp}.up_proj`, innerWidth, C, mlpBias),
        down: dense(`${mlp}.down_proj`, C, innerWidth, mlpBias, residual),
      });
    }
    const finalNorm = make.vector('model.norm.weight', C, 1);
    const headWeight = config.tiedHead ? null : make.matrix('lm_head.weight', facts.vocabulary, C);
    return { tokens, blocks, finalNorm, headWeight };
  });
}
