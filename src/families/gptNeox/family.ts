// GPT-NeoX-shaped models (Pythia): trainable here and interchangeable with transformers' files.
import type { Family, TapGraph, TapNode } from '../family';
import { NetworkModel } from '../shared/networkModel';
import { blockShapes } from '../shared/shapes';
import { gptNeoxFiles } from './files';
import { gptNeoxNetwork } from './network';
import { gptNeoxProblem, gptNeoxSchema, innerWidthOf } from './schema';
import type { GptNeoxConfig } from './schema';

export const gptNeox: Family<typeof gptNeoxSchema> = {
  id: 'gptNeox',
  title: 'GPT-NeoX Transformer',
  domain: 'text',
  likelihood: 'exact',
  causality: 'shifted',
  references: [
    {
      title: 'GPT-NeoX-20B: An Open-Source Autoregressive Language Model',
      authors: 'Black et al.',
      year: 2022,
      identifier: 'arXiv:2204.06745',
    },
    {
      title: 'Pythia: A Suite for Analyzing Large Language Models Across Training and Scaling',
      authors: 'Biderman et al.',
      year: 2023,
      identifier: 'arXiv:2304.01373',
    },
    {
      title: 'RoFormer: Enhanced Transformer with Rotary Position Embedding',
      authors: 'Su, Lu, Pan, Murtadha, Wen, Liu',
      year: 2021,
      identifier: 'arXiv:2104.09864',
    },
  ],
  schema: gptNeoxSchema,
  example: {
    ...{ layers: 2, heads: 3, width: 24, innerWidth: 17, contextLength: 13, parallelResidual: true },
    ...{ rotaryShare: 0.5, ropeTheta: 10_000, tiedHead: false, dropout: 0 },
  },
  variants: [
    {
      ...{ layers: 2, heads: 2, width: 20, contextLength: 13, parallelResidual: false, rotaryShare: 0.35 },
      ...{ ropeTheta: 1000, tiedHead: true, dropout: 0, attentionBias: false, activation: 'silu' },
      ropeScaling: { kind: 'linear', factor: 3 },
    },
  ],
  free: ['contextLength', 'dropout'],
  problem: gptNeoxProblem,
  taps,
  nodeOf,
  build: (config, facts, from) => new NetworkModel(config, gptNeoxNetwork(config, facts, from)),
  files: gptNeoxFiles,
};

/** Scalars of the token table and of the head are left out: the vocabulary is the data's, not the configuration's. */
function taps(config: GptNeoxConfig): TapGraph {
  const C = config.width;
  const inner = innerWidthOf(config);
  const shapes = blockShapes({ ...config, headSize: C / config.heads, innerWidth: inner });
  const biases = config.attentionBias === false ? 0 : 4 * C;
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
    nodes.push({
      id: attention,
      title: `Block ${layer + 1}: attention and residual`,
      inputs: [{ from, taps: { kind: 'causal' } }],
      parameters: 2 * C + 4 * C * C + biases,
      shape: shapes.stream,
      inside: shapes.attention,
    });
    // In parallel the MLP reads the stream before attention, and its output is added to the stream after it.
    const read = config.parallelResidual ? [from, attention] : [attention];
    nodes.push({
      id: mlp,
      title: `Block ${layer + 1}: MLP${config.parallelResidual ? ' beside it' : ''} and residual`,
      inputs: read.map((each) => ({ from: each, taps: { kind: 'pointwise' } as const })),
      parameters: 2 * C + inner * (C + 1) + C * (inner + 1),
      shape: shapes.stream,
      inside: shapes.mlp,
    });
    from = mlp;
  }
  nodes.push({
    id: 'output',
    title: `Final norm and head${config.tiedHead ? ' (the token embedding again)' : ''}`,
    inputs: [{ from, taps: { kind: 'pointwise' } }],
    parameters: 2 * C,
    shape: shapes.logits,
  });
  return { nodes };
}

/** The token table is the embedding's; a tied head uses it again. */
function nodeOf(variable: string): string {
  const [, layer, part] = /^gpt_neox\.layers\.(\d+)\.(\w+)\./.exec(variable) ?? [];
  if (layer === undefined) return variable.startsWith('gpt_neox.embed_in.') ? 'embedding' : 'output';
  return `block${layer}.${part === 'post_attention_layernorm' || part === 'mlp' ? 'mlp' : 'attention'}`;
}
