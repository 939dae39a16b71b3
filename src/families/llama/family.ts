// Llama-shaped models (Llama, Mistral, Qwen2, Qwen3, SmolLM): trainable here and interchangeable with transformers' files.
import type { Family, TapGraph, TapNode } from '../family';
import { NetworkModel } from '../shared/networkModel';
import { blockShapes } from '../shared/shapes';
import { DIALECTS } from './dialects';
import { llamaFiles } from './files';
import { llamaNetwork } from './network';
import { llamaProblem, llamaSchema, sizesOf, windowOf } from './schema';
import type { LlamaConfig } from './schema';

export const llama: Family<typeof llamaSchema> = {
  id: 'llama',
  title: 'Llama-shaped Transformer',
  domain: 'text',
  likelihood: 'exact',
  causality: 'shifted',
  references: [
    {
      title: 'LLaMA: Open and Efficient Foundation Language Models',
      authors: 'Touvron et al.',
      year: 2023,
      identifier: 'arXiv:2302.13971',
    },
    {
      title: 'RoFormer: Enhanced Transformer with Rotary Position Embedding',
      authors: 'Su, Lu, Pan, Murtadha, Wen, Liu',
      year: 2021,
      identifier: 'arXiv:2104.09864',
    },
    {
      title: 'GQA: Training Generalized Multi-Query Transformer Models from Multi-Head Checkpoints',
      authors: 'Ainslie, Lee-Thorp, de Jong, Zemlyanskiy, Lebrón, Sanghai',
      year: 2023,
      identifier: 'arXiv:2305.13245',
    },
    {
      title: 'Mistral 7B',
      authors: 'Jiang et al.',
      year: 2023,
      identifier: 'arXiv:2310.06825',
    },
  ],
  schema: llamaSchema,
  example: {
    ...{ dialect: 'llama', layers: 2, heads: 4, kvHeads: 2, width: 20, headSize: 6, innerWidth: 17 },
    ...{ contextLength: 13, ropeTheta: 10_000, tiedHead: true, dropout: 0 },
  },
  variants: [
    {
      ...{ dialect: 'llama', layers: 2, heads: 3, width: 18, innerWidth: 11, contextLength: 13 },
      ...{ ropeTheta: 500, tiedHead: false, dropout: 0, attentionBias: true, mlpBias: true },
      ropeScaling: { kind: 'dynamic', factor: 2.6, originalContext: 5 },
    },
    {
      ...{ dialect: 'mistral', layers: 2, heads: 4, kvHeads: 1, width: 14, headSize: 4, innerWidth: 9 },
      ...{ contextLength: 13, window: 4, ropeTheta: 10_000, tiedHead: false, dropout: 0 },
    },
    {
      ...{ dialect: 'qwen2', layers: 3, heads: 2, kvHeads: 1, width: 12, innerWidth: 10, contextLength: 13 },
      ...{ window: 3, windowLayers: [1, 2], ropeTheta: 1000, tiedHead: true, dropout: 0 },
    },
    {
      ...{ dialect: 'qwen3', layers: 2, heads: 3, kvHeads: 1, width: 10, headSize: 8, innerWidth: 12 },
      ...{ contextLength: 13, ropeTheta: 10_000, tiedHead: true, dropout: 0, normEpsilon: 1e-3 },
    },
  ],
  free: ['contextLength', 'dropout'],
  problem: llamaProblem,
  taps,
  nodeOf,
  build: (config, facts, from) => new NetworkModel(config, llamaNetwork(config, facts, from)),
  files: llamaFiles,
};

/** Scalars of the token table (and of a head of its own) are left out: the vocabulary is the data's. */
function taps(config: LlamaConfig): TapGraph {
  const C = config.width;
  const { heads, kvHeads, headSize: D, innerWidth } = sizesOf(config);
  const shapes = blockShapes({ ...config, keyHeads: kvHeads, headSize: D, innerWidth });
  const { biases, headNorms } = DIALECTS[config.dialect];
  const inputs = (heads + 2 * kvHeads) * D;
  const attentionBiases = config.attentionBias === true ? inputs + C : biases === 'qkv' ? inputs : 0;
  const mlpBiases = config.mlpBias === true ? 2 * innerWidth + C : 0;
  const nodes: TapNode[] = [
    {
      id: 'embedding',
      title: 'Token embedding',
      inputs: [{ from: 'input', taps: { kind: 'pointwise' } }],
      parameters: 0,
      shape: shapes.stream,
    },
  ];
  let from = 'embedding';
  for (let layer = 0; layer < config.layers; layer++) {
    const attention = `block${layer}.attention`;
    const mlp = `block${layer}.mlp`;
    const window = windowOf(config, layer);
    nodes.push({
      id: attention,
      title: `Block ${layer + 1}: attention${window === undefined ? '' : ` in a window of ${window}`} and residual`,
      inputs: [{ from, taps: { kind: 'causal', ...(window !== undefined && { window }) } }],
      parameters: C + inputs * C + heads * D * C + attentionBiases + (headNorms ? 2 * D : 0),
      shape: shapes.stream,
      inside: shapes.attention,
    });
    nodes.push({
      id: mlp,
      title: `Block ${layer + 1}: gated MLP and residual`,
      inputs: [{ from: attention, taps: { kind: 'pointwise' } }],
      parameters: C + 3 * C * innerWidth + mlpBiases,
      shape: shapes.stream,
      inside: shapes.mlp,
    });
    from = mlp;
  }
  nodes.push({
    id: 'output',
    title: `Final norm and head${config.tiedHead ? ' (the token embedding again)' : ''}`,
    inputs: [{ from, taps: { kind: 'pointwise' } }],
    parameters: C,
    shape: shapes.logits,
  });
  return { nodes };
}

/** The token table is the embedding's; a tied head uses it again. */
function nodeOf(variable: string): string {
  const [, layer, part] = /^model\.layers\.(\d+)\.(\w+)\./.exec(variable) ?? [];
  if (layer === undefined) return variable.startsWith('model.embed_tokens.') ? 'embedding' : 'output';
  return `block${layer}.${part === 'post_attention_layernorm' || part === 'mlp' ? 'mlp' : 'attention'}`;
}
