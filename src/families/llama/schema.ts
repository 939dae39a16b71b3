// The hyper-parameters of Llama-shaped models: one source for types, spec completion and forms.
import { Type } from '@sinclair/typebox';
import type { Static } from '@sinclair/typebox';
import type { RopeSettings } from '../../nn/ropeFrequencies';
import { ropeProblem, ropeProperties, ropeSettings } from '../shared/ropeSchema';
import { DIALECTS, DIALECT_NAMES } from './dialects';

export const llamaSchema = Type.Object(
  {
    dialect: Type.Union(
      DIALECT_NAMES.map((name) => Type.Literal(name)),
      {
        default: 'llama',
        description:
          'Which architecture of this shape: they differ in biases, windows and norms of queries and keys.',
      },
    ),
    layers: Type.Integer({
      default: 4,
      minimum: 1,
      maximum: 128,
      description: 'Blocks of attention and MLP.',
    }),
    heads: Type.Integer({ default: 4, minimum: 1, maximum: 256, description: 'Attention heads of a block.' }),
    kvHeads: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 256,
        description: 'Heads of keys and values, shared by groups of heads; as many as heads when left out.',
      }),
    ),
    width: Type.Integer({
      default: 128,
      minimum: 1,
      maximum: 16384,
      description: 'Channels of the residual stream.',
    }),
    headSize: Type.Optional(
      Type.Integer({
        minimum: 2,
        maximum: 1024,
        description: 'Channels of a head, an even number; width divided by heads when left out.',
      }),
    ),
    innerWidth: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 131072,
        description:
          'Channels inside the MLP; ⅔ of four times the width, up to a multiple of 8, when left out.',
      }),
    ),
    contextLength: Type.Integer({
      default: 64,
      minimum: 1,
      maximum: 16_777_216,
      description: 'Tokens a window can hold: how far back the model can look.',
    }),
    window: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 16_777_216,
        description: 'Tokens that attention sees, its own included: a sliding window; all when left out.',
      }),
    ),
    windowLayers: Type.Optional(
      Type.Array(Type.Integer({ minimum: 0, maximum: 127 }), {
        minItems: 1,
        maxItems: 128,
        description: 'Layers with the sliding window, counted from 0; all when left out.',
      }),
    ),
    ...ropeProperties,
    attentionBias: Type.Optional(
      Type.Boolean({
        description:
          'Whether all four projections of attention have biases ("llama", "qwen3"); false when left out.',
      }),
    ),
    mlpBias: Type.Optional(
      Type.Boolean({
        description: 'Whether the MLP’s projections have biases ("llama"); false when left out.',
      }),
    ),
    tiedHead: Type.Boolean({ default: true, description: 'Whether the head is the token table again.' }),
    normEpsilon: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 0.1,
        description: 'Added to the mean square in RMS normalisation; 0.000001 when left out.',
      }),
    ),
    dropout: Type.Number({
      default: 0,
      minimum: 0,
      exclusiveMaximum: 1,
      description: 'Share of attention probabilities dropped while training.',
    }),
  },
  { additionalProperties: false },
);

export type LlamaConfig = Static<typeof llamaSchema>;

export const DEFAULT_EPSILON = 1e-6;

export interface LlamaSizes {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly innerWidth: number;
}

/** The sizes with what is left out filled in. */
export function sizesOf(config: LlamaConfig): LlamaSizes {
  const { heads, width } = config;
  return {
    heads,
    kvHeads: config.kvHeads ?? heads,
    headSize: config.headSize ?? width / heads,
    innerWidth: config.innerWidth ?? 8 * Math.ceil(width / 3),
  };
}

/** The layer's sliding window; undefined where it sees everything before it. */
export function windowOf({ window, windowLayers }: LlamaConfig, layer: number): number | undefined {
  return windowLayers?.includes(layer) === false ? undefined : window;
}

export function llamaRope(config: LlamaConfig): RopeSettings {
  return ropeSettings(config, sizesOf(config).headSize);
}

/** What the schema cannot say. */
export function llamaProblem(config: LlamaConfig): string | null {
  const { heads, width, dialect, layers } = config;
  const { kvHeads, headSize } = sizesOf(config);
  const rules = DIALECTS[dialect];
  if (!Number.isInteger(headSize) || (rules.widthOfHeads && width % heads !== 0)) {
    return `model.width: expected a multiple of model.heads (${heads}), got ${width}.`;
  }
  if (headSize % 2 !== 0) {
    return `model.headSize: expected an even number of channels in a head, got ${headSize}.`;
  }
  if (heads % kvHeads !== 0) {
    return `model.kvHeads: expected a divisor of model.heads (${heads}), got ${kvHeads}.`;
  }
  if (config.attentionBias === true && rules.biases !== 'choice') {
    return `model.attentionBias: expected false for "${dialect}", got true.`;
  }
  if (config.mlpBias === true && !rules.mlpBias) {
    return `model.mlpBias: expected false for "${dialect}", got true.`;
  }
  if (config.window !== undefined && rules.window === 'none') {
    return `model.window: expected none for "${dialect}", got ${config.window}.`;
  }
  if (config.windowLayers !== undefined) {
    if (config.window === undefined || rules.window !== 'layers') {
      return `model.windowLayers: expected it beside model.window of "qwen2" or "qwen3" only, got it for "${dialect}".`;
    }
    const beyond = config.windowLayers.find((layer) => layer >= layers);
    if (beyond !== undefined) {
      return `model.windowLayers: expected layers from 0 to ${layers - 1}, got ${beyond}.`;
    }
  }
  return ropeProblem(config, headSize);
}
