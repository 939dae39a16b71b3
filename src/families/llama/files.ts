// config.json of Llama-shaped models, both ways, and the tensor names met in their files. Defaults are those that
// transformers takes for each model type; a setting that would change the arithmetic is refused by its name.
import type { FamilyFiles } from '../family';
import {
  dropoutOf,
  epsilonOf,
  factsOf,
  flag,
  named,
  optionalSize,
  requireSupported,
  size,
  wrong,
} from '../shared/configJson';
import type { Json } from '../shared/configJson';
import { readRope, ropeJson } from '../shared/ropeJson';
import { DIALECTS, DIALECT_NAMES, isDialect } from './dialects';
import type { Dialect } from './dialects';
import { DEFAULT_EPSILON, llamaProblem, sizesOf } from './schema';
import type { LlamaConfig } from './schema';

const MOST_POSITIONS = 16_777_216;
const STANDARD_WINDOW = 4096;
const STANDARD_FULL_LAYERS = 28;

export const llamaFiles: FamilyFiles<LlamaConfig> = {
  modelTypes: DIALECT_NAMES,

  toConfig(config, facts) {
    const { heads, kvHeads, headSize, innerWidth } = sizesOf(config);
    const { architecture, biases, mlpBias } = DIALECTS[config.dialect];
    return {
      architectures: [architecture],
      model_type: config.dialect,
      num_hidden_layers: config.layers,
      num_attention_heads: heads,
      num_key_value_heads: kvHeads,
      head_dim: headSize,
      hidden_size: config.width,
      intermediate_size: innerWidth,
      vocab_size: facts.vocabulary,
      hidden_act: 'silu',
      rms_norm_eps: config.normEpsilon ?? DEFAULT_EPSILON,
      initializer_range: 0.02,
      tie_word_embeddings: config.tiedHead,
      attention_dropout: config.dropout,
      use_cache: true,
      ...ropeJson(config, 'rope_theta'),
      ...(biases === 'choice' && { attention_bias: config.attentionBias ?? false }),
      ...(mlpBias && { mlp_bias: config.mlpBias ?? false }),
      ...windowJson(config),
      bos_token_id: facts.bos ?? null,
      eos_token_id: facts.eos ?? null,
    };
  },

  fromConfig(json) {
    const dialect = json['model_type'];
    if (!isDialect(dialect)) return null;
    const { standard, biases, mlpBias } = DIALECTS[dialect];
    named(json, 'hidden_act', 'silu', { silu: true, swish: true });
    requireSupported(json, {
      ...(biases === 'choice' ? {} : { attention_bias: [biases === 'qkv', null] }),
      ...(mlpBias ? {} : { mlp_bias: [false, null] }),
    });
    const rope = readRope(
      json,
      size(json, 'max_position_embeddings', standard.positions, MOST_POSITIONS),
      'rope_theta',
    );
    if (rope.share !== undefined && rope.share !== 1) {
      throw wrong('partial_rotary_factor', `1 for "${dialect}"`, rope.share);
    }
    const heads = size(json, 'num_attention_heads', 32, 256);
    const width = size(json, 'hidden_size', 4096, 16384);
    const kvHeads = 'num_key_value_heads' in json ? heads : (standard.kvHeads ?? heads);
    const headSize = 'head_dim' in json ? undefined : standard.headSize;
    const epsilon = epsilonOf(json, 'rms_norm_eps', DEFAULT_EPSILON);
    const layers = size(json, 'num_hidden_layers', 32, 128);
    const config: LlamaConfig = {
      dialect,
      layers,
      heads,
      kvHeads: size(json, 'num_key_value_heads', kvHeads, 256),
      width,
      headSize: optionalSize(json, 'head_dim', 1024) ?? headSize ?? width / heads,
      innerWidth: size(json, 'intermediate_size', standard.inner, 131_072),
      contextLength: rope.contextLength,
      ...windowFrom(json, dialect, layers),
      ropeTheta: rope.theta,
      ...(rope.scaling !== undefined && { ropeScaling: rope.scaling }),
      ...(biases === 'choice' && flag(json, 'attention_bias', false) && { attentionBias: true }),
      ...(mlpBias && flag(json, 'mlp_bias', false) && { mlpBias: true }),
      tiedHead: flag(json, 'tie_word_embeddings', false),
      ...(epsilon !== DEFAULT_EPSILON && { normEpsilon: epsilon }),
      dropout: dropoutOf(json, 'attention_dropout', 0),
    };
    const problem = llamaProblem(config);
    if (problem !== null) throw wrong(...keyOf(problem));
    withoutDefaults(config);
    return { config, facts: factsOf(json, standard) };
  },

  canonicalName(name, { tiedHead }) {
    // Old files carry the rotary frequencies as a buffer, and some carry the tied head a second time.
    if (name.endsWith('.rotary_emb.inv_freq')) return null;
    if (name === 'lm_head.weight') return tiedHead ? null : name;
    return name.startsWith('model.') ? name : `model.${name}`;
  },
};

/** The sizes that follow from others are left out, so that equal models have equal configurations. */
function withoutDefaults(config: LlamaConfig): void {
  if (config.kvHeads === config.heads) delete config.kvHeads;
  if (config.headSize === config.width / config.heads) delete config.headSize;
  const { innerWidth, ...rest } = config;
  if (innerWidth === sizesOf(rest).innerWidth) delete config.innerWidth;
}

function windowJson({ dialect, layers, window, windowLayers }: LlamaConfig): Record<string, unknown> {
  const rule = DIALECTS[dialect].window;
  if (rule === 'none') return {};
  if (rule === 'all') return { sliding_window: window ?? null };
  if (window === undefined) return { use_sliding_window: false };
  const has = (layer: number): boolean => windowLayers?.includes(layer) ?? true;
  const types = Array.from({ length: layers }, (_, layer) =>
    has(layer) ? 'sliding_attention' : 'full_attention',
  );
  return {
    use_sliding_window: true,
    sliding_window: window,
    max_window_layers: types.indexOf('sliding_attention'),
    layer_types: types,
  };
}

function windowFrom(
  json: Json,
  dialect: Dialect,
  layers: number,
): Pick<LlamaConfig, 'window' | 'windowLayers'> {
  const rule = DIALECTS[dialect].window;
  if (rule === 'none') return {};
  const read = (): number | undefined =>
    json['sliding_window'] === undefined
      ? STANDARD_WINDOW
      : optionalSize(json, 'sliding_window', MOST_POSITIONS);
  if (rule === 'all') {
    const window = read();
    return window === undefined ? {} : { window };
  }
  const window = flag(json, 'use_sliding_window', false) ? read() : undefined;
  const sliding = slidingLayers(json, layers, window !== undefined);
  if (sliding.length === 0) return {};
  if (window === undefined) throw wrong('sliding_window', 'the window of its sliding layers', null);
  return sliding.length === layers ? { window } : { window, windowLayers: sliding };
}

/** By `layer_types`, or where that is left out by the number of layers in front that see everything. */
function slidingLayers(json: Json, layers: number, any: boolean): number[] {
  const types = json['layer_types'] ?? null;
  const every = Array.from({ length: layers }, (_, layer) => layer);
  if (types === null) {
    const full = json['max_window_layers'] ?? STANDARD_FULL_LAYERS;
    if (typeof full !== 'number' || !Number.isInteger(full) || full < 0) {
      throw wrong('max_window_layers', 'a number of layers', full);
    }
    return any ? every.filter((layer) => layer >= full) : [];
  }
  if (!Array.isArray(types) || types.length !== layers) {
    throw wrong(
      'layer_types',
      `a list of ${layers} kinds of layers`,
      Array.isArray(types) ? 'another' : types,
    );
  }
  return every.filter((layer) => {
    const type: unknown = types[layer];
    if (type !== 'sliding_attention' && type !== 'full_attention') {
      throw wrong('layer_types', '"full_attention" or "sliding_attention"', type);
    }
    return type === 'sliding_attention';
  });
}

const KEYS: Readonly<Record<string, string>> = {
  width: 'hidden_size',
  headSize: 'head_dim',
  kvHeads: 'num_key_value_heads',
  ropeScaling: 'rope_scaling',
  contextLength: 'max_position_embeddings',
};

/** A problem of the configuration, told in the words of config.json. */
function keyOf(problem: string): [key: string, expected: string, got: unknown] {
  const [, name = 'model', expected = problem, got = ''] =
    /^model\.(\w+): expected (.*), got (.*)\.$/.exec(problem) ?? [];
  const number = Number(got);
  const words = expected.replace('model.heads', 'num_attention_heads');
  return [KEYS[name] ?? name, words, got !== '' && Number.isFinite(number) ? number : got];
}
