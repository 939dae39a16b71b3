// GPT-NeoX's variables: names and layouts of transformers' GPTNeoXForCausalLM.
// Knows no file: values come from a seed or from a WeightSource.
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { NamedVariable, TextFacts, WeightSource } from '../family';
import { DEVIATION, makeVariables } from '../shared/variables';
import type { Dense, Norm } from '../shared/variables';
import { innerWidthOf } from './schema';
import type { GptNeoxConfig } from './schema';

/** Matrices are [out, in], torch's Linear. */
export interface GptNeoxBlock {
  readonly norm1: Norm;
  /** Head by head: its queries, its keys, its values. */
  readonly qkv: Dense; // [H·3·D, C]
  readonly attentionOut: Dense; // [C, C]
  readonly norm2: Norm;
  readonly mlpIn: Dense; // [inner, C]
  readonly mlpOut: Dense; // [C, inner]
}
export interface GptNeoxWeights {
  readonly tokens: Tensor2D; // [V, C]
  readonly blocks: readonly GptNeoxBlock[];
  readonly finalNorm: Norm;
  /** Null where the head is the token table again. */
  readonly headWeight: Tensor2D | null; // [V, C]
  readonly variables: readonly NamedVariable[];
}

/** N(0, .02²) as transformers has it, and GPT-2's smaller start of the two projections onto the residual stream. */
export function createGptNeoxWeights(
  config: GptNeoxConfig,
  facts: TextFacts,
  from: number | WeightSource,
): GptNeoxWeights {
  const C = config.width;
  const inner = innerWidthOf(config);
  const residual = DEVIATION / Math.sqrt(2 * config.layers);
  const attentionBias = config.attentionBias ?? true;
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
    const tokens = make.matrix('gpt_neox.embed_in.weight', facts.vocabulary, C);
    const blocks: GptNeoxBlock[] = [];
    for (let layer = 0; layer < config.layers; layer++) {
      const name = `gpt_neox.layers.${layer}`;
      blocks.push({
        norm1: make.norm(`${name}.input_layernorm`, C),
        norm2: make.norm(`${name}.post_attention_layernorm`, C),
        qkv: dense(`${name}.attention.query_key_value`, 3 * C, C, attentionBias),
        attentionOut: dense(`${name}.attention.dense`, C, C, attentionBias, residual),
        mlpIn: dense(`${name}.mlp.dense_h_to_4h`, inner, C, true),
        mlpOut: dense(`${name}.mlp.dense_4h_to_h`, C, inner, true, residual),
      });
    }
    const finalNorm = make.norm('gpt_neox.final_layer_norm', C);
    const headWeight = config.tiedHead ? null : make.matrix('embed_out.weight', facts.vocabulary, C);
    return { tokens, blocks, finalNorm, headWeight };
  });
}
