// The Transformer family: GPT-2's architecture, trainable here and interchangeable with Hugging Face's files.
import type { Family, TapGraph, TapNode } from '../family';
import { NetworkModel } from '../shared/networkModel';
import { blockShapes } from '../shared/shapes';
import { transformerFiles } from './files';
import { transformerNetwork } from './network';
import { innerWidthOf, transformerProblem, transformerSchema } from './schema';
import type { TransformerConfig } from './schema';

export const transformer: Family<typeof transformerSchema> = {
  id: 'transformer',
  title: 'Transformer',
  domain: 'text',
  likelihood: 'exact',
  causality: 'shifted',
  references: [
    {
      title: 'Language Models are Unsupervised Multitask Learners',
      authors: 'Radford, Wu, Child, Luan, Amodei, Sutskever',
      year: 2019,
      identifier:
        'https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf',
    },
    {
      title: 'Attention Is All You Need',
      authors: 'Vaswani, Shazeer, Parmar, Uszkoreit, Jones, Gomez, Kaiser, Polosukhin',
      year: 2017,
      identifier: 'arXiv:1706.03762',
    },
  ],
  schema: transformerSchema,
  example: { layers: 2, heads: 3, width: 21, contextLength: 13, dropout: 0 },
  variants: [
    {
      ...{ layers: 2, heads: 2, width: 10, contextLength: 13, dropout: 0, innerWidth: 7 },
      ...{ activation: 'relu', tiedHead: false, scaleByLayer: true },
    },
  ],
  free: ['dropout'],
  problem: transformerProblem,
  taps,
  nodeOf: transformerNodeOf,
  build: (config, facts, from) => new NetworkModel(config, transformerNetwork(config, facts, from)),
  files: transformerFiles,
};

/** Scalars of the token table (and of a head of its own) are left out: the vocabulary is the data's, not the configuration's. */
function taps(config: TransformerConfig): TapGraph {
  const C = config.width;
  const inner = innerWidthOf(config);
  const shapes = blockShapes({ ...config, headSize: C / config.heads, innerWidth: inner });
  const nodes: TapNode[] = [
    {
      id: 'embedding',
      title: 'Token and position embedding',
      inputs: [{ from: 'input', taps: { kind: 'pointwise' } }],
      parameters: config.contextLength * C,
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
      parameters: 2 * C + 3 * C * (C + 1) + C * (C + 1),
      shape: shapes.stream,
      inside: shapes.attention,
    });
    nodes.push({
      id: mlp,
      title: `Block ${layer + 1}: MLP and residual`,
      inputs: [{ from: attention, taps: { kind: 'pointwise' } }],
      parameters: 2 * C + inner * (C + 1) + C * (inner + 1),
      shape: shapes.stream,
      inside: shapes.mlp,
    });
    from = mlp;
  }
  nodes.push({
    id: 'output',
    title: `Final norm and head${config.tiedHead === false ? '' : ' (the token embedding again)'}`,
    inputs: [{ from, taps: { kind: 'pointwise' } }],
    parameters: 2 * C,
    shape: shapes.logits,
  });
  return { nodes };
}

/** The token table is the embedding's; a tied head uses it again. */
export function transformerNodeOf(variable: string): string {
  const [, layer, part] = /^transformer\.h\.(\d+)\.(\w+)\./.exec(variable) ?? [];
  if (layer !== undefined) return `block${layer}.${part === 'ln_2' || part === 'mlp' ? 'mlp' : 'attention'}`;
  return /^(transformer\.ln_f|lm_head)\./.test(variable) ? 'output' : 'embedding';
}
