// What the pixel Transformer reads, along its own order of generation.
import type { SequenceTaps, TapGraph, TapNode } from '../family';
import { subpixelsOf, type ImageFacts } from '../imageFamily';
import { blockShapes } from '../shared/shapes';
import { generationOrder, vocabularyOf, type PixelTransformerConfig } from './schema';

const POINTWISE: SequenceTaps = { kind: 'pointwise' };

export function pixelTransformerTaps(config: PixelTransformerConfig, facts: ImageFacts): TapGraph {
  const C = config.width;
  const inner = 4 * C;
  const length = subpixelsOf(facts);
  const sizes = { width: C, contextLength: length, heads: config.heads };
  const shapes = blockShapes({ ...sizes, headSize: C / config.heads, innerWidth: inner });
  const nodes: TapNode[] = [
    {
      id: 'embedding',
      title: 'Level of the sub-pixel before (or the start) and step embedding',
      inputs: [{ from: 'input', taps: { kind: 'causal', strict: true, window: 1 } }],
      parameters: (length + vocabularyOf(config, facts)) * C,
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
      inputs: [{ from: attention, taps: POINTWISE }],
      parameters: 2 * C + inner * (C + 1) + C * (inner + 1),
      shape: shapes.stream,
      inside: shapes.mlp,
    });
    from = mlp;
  }
  nodes.push({
    id: 'output',
    title: 'Final norm and head (the level embedding again)',
    inputs: [{ from, taps: POINTWISE }],
    parameters: 2 * C,
    shape: shapes.logits,
  });
  return { nodes, ...(config.order === 'raster' ? {} : { order: generationOrder(config, facts) }) };
}
