// The Transformer's hyper-parameters: one source for types, spec completion and forms.
import { Type } from '@sinclair/typebox';
import type { Static } from '@sinclair/typebox';
import { ACTIVATIONS } from '../../nn/activation';

export const transformerSchema = Type.Object(
  {
    layers: Type.Integer({
      default: 4,
      minimum: 1,
      maximum: 128,
      description: 'Blocks of attention and MLP.',
    }),
    heads: Type.Integer({
      default: 4,
      minimum: 1,
      maximum: 256,
      description: 'Attention heads of a block; must divide the width.',
    }),
    width: Type.Integer({
      default: 128,
      minimum: 1,
      maximum: 16384,
      description: 'Channels of the residual stream.',
    }),
    contextLength: Type.Integer({
      default: 64,
      minimum: 1,
      maximum: 65536,
      description: 'Tokens a window can hold: how far back the model can look.',
    }),
    dropout: Type.Number({
      default: 0,
      minimum: 0,
      exclusiveMaximum: 1,
      description:
        'Share of values dropped while training: after the embedding, in attention and on both residual branches.',
    }),
    innerWidth: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65536,
        description: 'Channels inside the MLP; four times the width when left out.',
      }),
    ),
    layerNormEpsilon: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 0.1,
        description: 'Added to the variance in layer normalisation; 0.00001 when left out.',
      }),
    ),
    activation: Type.Optional(
      Type.Union(
        ACTIVATIONS.map((name) => Type.Literal(name)),
        { description: 'The function between the two layers of an MLP; "geluNew" (GPT-2’s) when left out.' },
      ),
    ),
    tiedHead: Type.Optional(
      Type.Boolean({
        description: 'Whether the head is the token table again; true when left out.',
      }),
    ),
    scaleByLayer: Type.Optional(
      Type.Boolean({
        description: 'Whether attention scores of layer n are also divided by n; false when left out.',
      }),
    ),
  },
  { additionalProperties: false },
);

export type TransformerConfig = Static<typeof transformerSchema>;

export const DEFAULT_EPSILON = 1e-5;

export function innerWidthOf(config: TransformerConfig): number {
  return config.innerWidth ?? 4 * config.width;
}

/** What the schema cannot say. */
export function transformerProblem(config: TransformerConfig): string | null {
  const { width, heads } = config;
  if (width % heads === 0) return null;
  return `model.width: expected a multiple of model.heads (${heads}), got ${width}.`;
}
