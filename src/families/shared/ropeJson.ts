// Rotary positions in config.json, both ways: `rope_theta` with `rope_scaling` as files have had them for years, or
// `rope_parameters` as transformers 5 writes them.
import { longropeAmplitude, yarnAmplitude } from '../../nn/ropeFrequencies';
import { flag, named, optionalNumber, optionalSize, wrong } from './configJson';
import type { Json } from './configJson';
import { DEFAULT_THETA, ROPE_KINDS, resolvedScaling } from './ropeSchema';
import type { RopeScalingConfig } from './ropeSchema';

export interface RopeRead {
  readonly theta: number;
  /** The share of a head's channels that turns, where the file says it. */
  readonly share: number | undefined;
  readonly scaling: RopeScalingConfig | undefined;
  /** Positions a window can hold. */
  readonly contextLength: number;
}

const KINDS: Readonly<Record<string, (typeof ROPE_KINDS)[number] | null>> = {
  default: null,
  ...Object.fromEntries(ROPE_KINDS.map((kind) => [kind, kind])),
};
const MOST_POSITIONS = 16_777_216;

/**
 * @param positions max_position_embeddings, which "dynamic" takes for the context before stretching
 * @param theta the key that holds θ outside the group of rotary keys
 */
export function readRope(json: Json, positions: number, theta: string): RopeRead {
  const rope = group(json);
  const base = optionalNumber(rope, 'rope_theta') ?? optionalNumber(json, theta) ?? DEFAULT_THETA;
  if (!(base > 1 && base <= 1e12)) throw wrong('rope_theta', 'a number above 1', base);
  const share = optionalNumber(rope, 'partial_rotary_factor');
  const key = rope['rope_type'] === undefined ? 'type' : 'rope_type';
  const kind = named(rope, key, 'default', KINDS);
  if (kind === null) return { theta: base, share, scaling: undefined, contextLength: positions };
  const scaling = scalingOf(json, rope, kind, positions);
  const contextLength =
    kind === 'dynamic' ? Math.max(1, Math.floor((scaling.factor ?? 1) * positions)) : positions;
  return { theta: base, share, scaling, contextLength };
}

/** The keys of a config.json for these rotary positions. @param theta the name of θ there */
export function ropeJson(
  {
    ropeTheta,
    ropeScaling,
    contextLength,
  }: {
    readonly ropeTheta: number;
    readonly ropeScaling?: RopeScalingConfig;
    readonly contextLength: number;
  },
  theta: string,
): Record<string, unknown> {
  if (ropeScaling === undefined) {
    return { max_position_embeddings: contextLength, [theta]: ropeTheta, rope_scaling: null };
  }
  const scaling = resolvedScaling(ropeScaling, contextLength);
  const { kind: rope_type } = scaling;
  const rope_scaling: Record<string, unknown> = { rope_type, rope_theta: ropeTheta };
  if ('factor' in scaling) rope_scaling['factor'] = scaling.factor;
  if ('originalContext' in scaling && scaling.kind !== 'dynamic') {
    rope_scaling['original_max_position_embeddings'] = scaling.originalContext;
  }
  if ('attentionFactor' in scaling) rope_scaling['attention_factor'] = scaling.attentionFactor;
  if (scaling.kind === 'yarn') {
    rope_scaling['beta_fast'] = scaling.betaFast;
    rope_scaling['beta_slow'] = scaling.betaSlow;
    rope_scaling['truncate'] = scaling.truncate;
  }
  if (scaling.kind === 'llama3') {
    rope_scaling['low_freq_factor'] = scaling.lowFrequencyFactor;
    rope_scaling['high_freq_factor'] = scaling.highFrequencyFactor;
  }
  if (scaling.kind === 'longrope') {
    rope_scaling['short_factor'] = scaling.shortFactors;
    rope_scaling['long_factor'] = scaling.longFactors;
  }
  const positions = scaling.kind === 'dynamic' ? scaling.originalContext : contextLength;
  return { max_position_embeddings: positions, [theta]: ropeTheta, rope_scaling };
}

/** The older key wins where both are there, as in transformers. */
function group(json: Json): Json {
  for (const key of ['rope_scaling', 'rope_parameters']) {
    const value = json[key] ?? null;
    if (value === null) continue;
    if (typeof value !== 'object' || Array.isArray(value)) throw wrong(key, 'an object', value);
    if ('full_attention' in value || 'sliding_attention' in value) {
      throw wrong(key, 'one set of rotary positions for all layers', Object.keys(value).join(', '));
    }
    if (Object.keys(value).length > 0) return value as Json;
  }
  return {};
}

function scalingOf(
  json: Json,
  rope: Json,
  kind: (typeof ROPE_KINDS)[number],
  positions: number,
): RopeScalingConfig {
  const original =
    optionalSize(json, 'original_max_position_embeddings', MOST_POSITIONS) ??
    optionalSize(rope, 'original_max_position_embeddings', MOST_POSITIONS) ??
    positions;
  const factor = optionalNumber(rope, 'factor') ?? undefined;
  if (factor === undefined && kind !== 'yarn' && kind !== 'longrope') {
    throw wrong('rope_scaling.factor', 'a number', factor ?? null);
  }
  const stretch = factor ?? positions / original;
  if (!(stretch >= 1 && stretch <= 1e6))
    throw wrong('rope_scaling.factor', 'a number of at least 1', stretch);
  switch (kind) {
    case 'linear':
      return { kind, factor: stretch };
    case 'dynamic':
      return { kind, factor: stretch, originalContext: positions };
    case 'yarn':
      return {
        kind,
        factor: stretch,
        originalContext: original,
        attentionFactor: optionalNumber(rope, 'attention_factor') ?? yarnAmplitudeOf(rope, stretch),
        betaFast: optionalNumber(rope, 'beta_fast') ?? 32,
        betaSlow: optionalNumber(rope, 'beta_slow') ?? 1,
        truncate: flag(rope, 'truncate', true),
      };
    case 'llama3':
      return {
        kind,
        factor: stretch,
        originalContext: original,
        lowFrequencyFactor: needed(rope, 'low_freq_factor'),
        highFrequencyFactor: needed(rope, 'high_freq_factor'),
      };
    case 'longrope':
      return {
        kind,
        originalContext: original,
        attentionFactor: optionalNumber(rope, 'attention_factor') ?? longropeAmplitude(stretch, original),
        shortFactors: factorsOf(rope, 'short_factor'),
        longFactors: factorsOf(rope, 'long_factor'),
      };
    default:
      return kind satisfies never;
  }
}

/** DeepSeek's two keys, where a file has both, are a ratio of amplitudes. */
function yarnAmplitudeOf(rope: Json, factor: number): number {
  const [scale, all] = [optionalNumber(rope, 'mscale'), optionalNumber(rope, 'mscale_all_dim')];
  if (!scale || !all) return yarnAmplitude(factor);
  return yarnAmplitude(factor, scale) / yarnAmplitude(factor, all);
}

function needed(rope: Json, key: string): number {
  const value = optionalNumber(rope, key);
  if (value !== undefined && value > 0) return value;
  throw wrong(`rope_scaling.${key}`, 'a number above 0', value ?? null);
}

function factorsOf(rope: Json, key: string): number[] {
  const value = rope[key];
  const fine =
    Array.isArray(value) &&
    value.length <= 4096 &&
    value.every((each) => typeof each === 'number' && Number.isFinite(each) && each > 0);
  if (fine) return value as number[];
  throw wrong(
    `rope_scaling.${key}`,
    'a list of numbers above 0',
    Array.isArray(value) ? 'another list' : value,
  );
}
