// Rotary positions as hyper-parameters of a spec, and what their absent keys stand for.
import { Type } from '@sinclair/typebox';
import type { Static } from '@sinclair/typebox';
import { longropeAmplitude, pairsOf, yarnAmplitude } from '../../nn/ropeFrequencies';
import type { RopeScaling, RopeSettings } from '../../nn/ropeFrequencies';

export const ROPE_KINDS = ['linear', 'dynamic', 'yarn', 'llama3', 'longrope'] as const;
export const DEFAULT_THETA = 10_000;

const positive = (description: string) => Type.Optional(Type.Number({ exclusiveMinimum: 0, description }));
const factors = (description: string) =>
  Type.Optional(
    Type.Array(Type.Number({ exclusiveMinimum: 0 }), { minItems: 1, maxItems: 4096, description }),
  );

export const ropeScalingSchema = Type.Object(
  {
    kind: Type.Union(
      ROPE_KINDS.map((name) => Type.Literal(name)),
      { description: 'How rotary positions are stretched.' },
    ),
    factor: Type.Optional(
      Type.Number({ minimum: 1, maximum: 1e6, description: 'How many times longer the context becomes.' }),
    ),
    originalContext: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1e9,
        description: 'Tokens of the context before it was stretched; contextLength when left out.',
      }),
    ),
    attentionFactor: positive('yarn, longrope: what queries and keys are multiplied by.'),
    betaFast: positive('yarn: turns within the original context from which a pair is left alone; 32.'),
    betaSlow: positive('yarn: turns below which a pair is interpolated in full; 1.'),
    truncate: Type.Optional(
      Type.Boolean({ description: 'yarn: whether the ramp’s ends are whole channels; true.' }),
    ),
    lowFrequencyFactor: positive('llama3: turns below which a pair is interpolated in full.'),
    highFrequencyFactor: positive('llama3: turns from which a pair is left alone.'),
    shortFactors: factors('longrope: a factor for each pair of channels, up to the original context.'),
    longFactors: factors('longrope: a factor for each pair of channels, past the original context.'),
  },
  {
    additionalProperties: false,
    description: 'How rotary positions are stretched past the trained context.',
  },
);

export const ropeProperties = {
  ropeTheta: Type.Number({
    default: DEFAULT_THETA,
    exclusiveMinimum: 1,
    maximum: 1e12,
    description:
      'The base of rotary positions: the slowest pair of channels turns about once in 2π times as many.',
  }),
  ropeScaling: Type.Optional(ropeScalingSchema),
};

export type RopeScalingConfig = Static<typeof ropeScalingSchema>;

interface RopeConfig {
  readonly ropeTheta: number;
  readonly contextLength: number;
  readonly ropeScaling?: RopeScalingConfig;
}

/** @param size channels of a head that turn */
export function ropeSettings(config: RopeConfig, size: number): RopeSettings {
  const { ropeTheta: theta, ropeScaling, contextLength } = config;
  return ropeScaling === undefined
    ? { theta, size }
    : { theta, size, scaling: resolvedScaling(ropeScaling, contextLength) };
}

/** With every key that its kind has, so that nothing depends on the model's other settings any more. */
export function resolvedScaling(scaling: RopeScalingConfig, contextLength: number): RopeScaling {
  const { kind, originalContext = contextLength, factor = contextLength / originalContext } = scaling;
  switch (kind) {
    case 'linear':
      return { kind, factor };
    case 'dynamic':
      return { kind, factor, originalContext };
    case 'yarn': {
      const { betaFast = 32, betaSlow = 1, truncate = true } = scaling;
      const { attentionFactor = yarnAmplitude(factor) } = scaling;
      return { kind, factor, originalContext, betaFast, betaSlow, attentionFactor, truncate };
    }
    case 'llama3': {
      const { lowFrequencyFactor = 1, highFrequencyFactor = 4 } = scaling;
      return { kind, factor, originalContext, lowFrequencyFactor, highFrequencyFactor };
    }
    case 'longrope': {
      const { shortFactors = [], longFactors = [] } = scaling;
      const { attentionFactor = longropeAmplitude(factor, originalContext) } = scaling;
      return { kind, originalContext, attentionFactor, shortFactors, longFactors };
    }
    default:
      return kind satisfies never;
  }
}

/** What the schema cannot say. @param size channels of a head that turn */
export function ropeProblem(config: RopeConfig, size: number): string | null {
  const { ropeScaling: scaling, contextLength } = config;
  if (scaling === undefined) return null;
  const place = 'model.ropeScaling';
  if (scaling.factor === undefined && scaling.kind !== 'yarn' && scaling.kind !== 'longrope') {
    return `${place}: expected a factor for "${scaling.kind}", got none.`;
  }
  if (scaling.kind === 'dynamic') {
    if (size <= 2) return `${place}: expected more than 2 channels that turn for "dynamic", got ${size}.`;
    const { factor = 1, originalContext = contextLength } = scaling;
    const longest = Math.floor(factor * originalContext);
    if (contextLength > longest) {
      return `model.contextLength: expected at most ropeScaling's factor times originalContext (${longest}), got ${contextLength}.`;
    }
  }
  if (scaling.kind === 'llama3') {
    const { lowFrequencyFactor = 1, highFrequencyFactor = 4 } = scaling;
    if (!(lowFrequencyFactor < highFrequencyFactor)) {
      return `${place}: expected lowFrequencyFactor below highFrequencyFactor (${highFrequencyFactor}), got ${lowFrequencyFactor}.`;
    }
  }
  if (scaling.kind === 'longrope') {
    const pairs = pairsOf({ size });
    for (const key of ['shortFactors', 'longFactors'] as const) {
      const count = scaling[key]?.length ?? 0;
      if (count !== pairs) return `${place}: expected ${pairs} ${key}, one for each pair, got ${count}.`;
    }
  }
  return null;
}
