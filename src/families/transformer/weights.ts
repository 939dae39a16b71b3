// The Transformer's variables: names and layouts of Hugging Face's GPT-2, initialised as GPT-2 was.
// Knows no file: values come from a seed or from a WeightSource.
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { NamedVariable, TextFacts, WeightSource } from '../family';
import { DEVIATION, makeVariables } from '../shared/variables';
import type { Dense, Norm } from '../shared/variables';
import { innerWidthOf } from './schema';
import type { TransformerConfig } from './schema';

export interface Block {
  readonly norm1: Norm;
  /** Weights are [in, out]: Conv1D's layout in Hugging Face's GPT-2. */
  readonly qkv: Dense; // [C, 3C]
  readonly attentionOut: Dense; // [C, C]
  readonly norm2: Norm;
  readonly mlpIn: Dense; // [C, inner]
  readonly mlpOut: Dense; // [inner, C]
}
export interface TransformerWeights {
  readonly tokens: Tensor2D; // [V, C]
  readonly positions: Tensor2D; // [Tmax, C]
  readonly blocks: readonly Block[];
  readonly finalNorm: Norm;
  /** Null where the head is the token table again. */
  readonly headWeight: Tensor2D | null; // [V, C]
  readonly variables: readonly NamedVariable[];
}

/**
 * GPT-2's initialisation (Radford et al. 2019, section 2.3): N(0, .02²), biases 0, gains 1, and the two projections
 * onto the residual stream N(0, .02²/(2·layers)).
 */
export function createWeights(
  config: TransformerConfig,
  facts: TextFacts,
  from: number | WeightSource,
): TransformerWeights {
  const C = config.width;
  const inner = innerWidthOf(config);
  const residual = DEVIATION / Math.sqrt(2 * config.layers);
  return makeVariables(from, (make) => {
    const dense = (name: string, input: number, output: number, deviation = DEVIATION): Dense => ({
      weight: make.matrix(`${name}.weight`, input, output, deviation),
      bias: make.vector(`${name}.bias`, output, 0),
    });
    const tokens = make.matrix('transformer.wte.weight', facts.vocabulary, C);
    const positions = make.matrix('transformer.wpe.weight', config.contextLength, C);
    const blocks: Block[] = [];
    for (let layer = 0; layer < config.layers; layer++) {
      const name = `transformer.h.${layer}`;
      blocks.push({
        norm1: make.norm(`${name}.ln_1`, C),
        qkv: dense(`${name}.attn.c_attn`, C, 3 * C),
        attentionOut: dense(`${name}.attn.c_proj`, C, C, residual),
        norm2: make.norm(`${name}.ln_2`, C),
        mlpIn: dense(`${name}.mlp.c_fc`, C, inner),
        mlpOut: dense(`${name}.mlp.c_proj`, inner, C, residual),
      });
    }
    const finalNorm = make.norm('transformer.ln_f', C);
    const headWeight = config.tiedHead === false ? make.matrix('lm_head.weight', facts.vocabulary, C) : null;
    return { tokens, positions, blocks, finalNorm, headWeight };
  });
}
