// The Transformer's variables: names and layouts of Hugging Face's GPT-2, initialised as GPT-2 was.
// Knows no file: values come from a seed or from a WeightSource.
import { tensor, tidy, variable } from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { Rng } from '../../math/rng';
import type { NamedVariable, TextFacts, WeightSource } from '../family';
import { innerWidthOf } from './schema';
import type { TransformerConfig } from './schema';

export interface Norm {
  readonly gain: Tensor1D; // [C]
  readonly bias: Tensor1D; // [C]
}
export interface Dense {
  readonly weight: Tensor2D; // [in, out]: Conv1D's layout in Hugging Face's GPT-2
  readonly bias: Tensor1D; // [out]
}
export interface Block {
  readonly norm1: Norm;
  readonly qkv: Dense; // [C, 3C]
  readonly attentionOut: Dense; // [C, C]
  readonly norm2: Norm;
  readonly mlpIn: Dense; // [C, inner]
  readonly mlpOut: Dense; // [inner, C]
}
export interface TransformerWeights {
  readonly tokens: Tensor2D; // [V, C], also the head
  readonly positions: Tensor2D; // [Tmax, C]
  readonly blocks: readonly Block[];
  readonly finalNorm: Norm;
  readonly variables: readonly NamedVariable[];
}

/** How a tensor is initialised: a constant, or N(0, deviation²). */
type Start = { readonly constant: number } | { readonly deviation: number };

const DEVIATION = 0.02;

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
  const source = typeof from === 'number' ? null : from;
  const rng = typeof from === 'number' ? new Rng(from) : null;
  const variables: NamedVariable[] = [];

  const create = <R extends Rank>(name: string, shape: number[], start: Start): Tensor<R> => {
    const values = source === null ? initialValues(shape, start, rng as Rng) : source(name, shape);
    const created: Variable = tidy(() => variable(tensor(values, shape, 'float32')));
    variables.push({ name, variable: created, decays: shape.length > 1 });
    return created as Tensor as Tensor<R>;
  };
  const norm = (name: string): Norm => ({
    gain: create(`${name}.weight`, [C], { constant: 1 }),
    bias: create(`${name}.bias`, [C], { constant: 0 }),
  });
  const dense = (name: string, input: number, output: number, deviation = DEVIATION): Dense => ({
    weight: create(`${name}.weight`, [input, output], { deviation }),
    bias: create(`${name}.bias`, [output], { constant: 0 }),
  });
  const residual = DEVIATION / Math.sqrt(2 * config.layers);

  try {
    const tokens = create<Rank.R2>('transformer.wte.weight', [facts.vocabulary, C], { deviation: DEVIATION });
    const positions = create<Rank.R2>('transformer.wpe.weight', [config.contextLength, C], {
      deviation: DEVIATION,
    });
    const blocks: Block[] = [];
    for (let layer = 0; layer < config.layers; layer++) {
      const name = `transformer.h.${layer}`;
      blocks.push({
        norm1: norm(`${name}.ln_1`),
        qkv: dense(`${name}.attn.c_attn`, C, 3 * C),
        attentionOut: dense(`${name}.attn.c_proj`, C, C, residual),
        norm2: norm(`${name}.ln_2`),
        mlpIn: dense(`${name}.mlp.c_fc`, C, inner),
        mlpOut: dense(`${name}.mlp.c_proj`, inner, C, residual),
      });
    }
    return { tokens, positions, blocks, finalNorm: norm('transformer.ln_f'), variables };
  } catch (error) {
    for (const created of variables) created.variable.dispose();
    throw error;
  }
}

function initialValues(shape: readonly number[], start: Start, rng: Rng): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  if ('constant' in start) return values.fill(start.constant);
  for (let i = 0; i < values.length; i++) values[i] = start.deviation * rng.normal();
  return values;
}
