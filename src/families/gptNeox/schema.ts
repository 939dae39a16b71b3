// GPT-NeoX's hyper-parameters: one source for types, spec completion and forms.
import { Type } from '@sinclair/typebox';
import type { Static } from '@sinclair/typebox';
import { ACTIVATIONS } from '../../nn/activation';
import { pairsOf } from '../../nn/ropeFrequencies';
import type { RopeSettings } from '../../nn/ropeFrequencies';
import { ropeProblem, ropeProperties, ropeSettings } from '../shared/ropeSchema';

export const gptNeoxSchema = Type.Object(
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
    innerWidth: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 131_072,
        description: 'Channels inside the MLP; four times the width when left out.',
      }),
    ),
    contextLength: Type.Integer({
      default: 64,
      minimum: 1,
      maximum: 16_777_216,
      description: 'Tokens a window can hold: how far back the model can look.',
    }),
    parallelResidual: Type.Boolean({
      default: true,
      description:
        'Whether attention and MLP of a block read the same stream; otherwise one after the other.',
    }),
    rotaryShare: Type.Number({
      default: 0.25,
      exclusiveMinimum: 0,
      maximum: 1,
      description: 'The share of a head’s channels that turn with the position.',
    }),
    ...ropeProperties,
    attentionBias: Type.Optional(
      Type.Boolean({ description: 'Whether the projections of attention have biases; true when left out.' }),
    ),
    activation: Type.Optional(
      Type.Union(
        ACTIVATIONS.map((name) => Type.Literal(name)),
        { description: 'The function between the two layers of an MLP; "gelu" when left out.' },
      ),
    ),
    tiedHead: Type.Boolean({ default: false, description: 'Whether the head is the token table again.' }),
    layerNormEpsilon: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 0.1,
        description: 'Added to the variance in layer normalisation; 0.00001 when left out.',
      }),
    ),
    dropout: Type.Number({
      default: 0,
      minimum: 0,
      exclusiveMaximum: 1,
      description:
        'Share of values dropped while training: after the embedding, in attention and on both residual branches.',
    }),
  },
  { additionalProperties: false },
);

export type GptNeoxConfig = Static<typeof gptNeoxSchema>;

export const DEFAULT_EPSILON = 1e-5;

export function innerWidthOf(config: GptNeoxConfig): number {
  return config.innerWidth ?? 4 * config.width;
}

export function gptNeoxRope(config: GptNeoxConfig): RopeSettings {
  return ropeSettings(config, turnedChannels(config));
}

/** What the schema cannot say. */
export function gptNeoxProblem(config: GptNeoxConfig): string | null {
  const { width, heads } = config;
  if (width % heads !== 0) return `model.width: expected a multiple of model.heads (${heads}), got ${width}.`;
  const turned = turnedChannels(config);
  const most = width / heads;
  if (turned < 1 || 2 * pairsOf({ size: turned }) > most) {
    return `model.rotaryShare: expected pairs of channels within a head of ${most}, got ${config.rotaryShare}.`;
  }
  return ropeProblem(config, turned);
}

function turnedChannels({ width, heads, rotaryShare }: GptNeoxConfig): number {
  return Math.floor((width / heads) * rotaryShare);
}
