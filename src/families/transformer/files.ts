// config.json in Hugging Face's GPT-2 form, both ways, and the tensor names met in GPT-2 files.
import { ArLensError } from '../../protocol/errors';
import type { FamilyFiles, TextFacts } from '../family';
import { DEFAULT_EPSILON, innerWidthOf, transformerProblem } from './schema';
import type { TransformerConfig } from './schema';

type Json = Readonly<Record<string, unknown>>;

export const transformerFiles: FamilyFiles<TransformerConfig> = {
  toConfig(config, facts) {
    const bos = facts.bos ?? null;
    return {
      architectures: ['GPT2LMHeadModel'],
      model_type: 'gpt2',
      n_layer: config.layers,
      n_head: config.heads,
      n_embd: config.width,
      n_inner: config.innerWidth ?? null,
      n_positions: config.contextLength,
      vocab_size: facts.vocabulary,
      activation_function: 'gelu_new',
      layer_norm_epsilon: config.layerNormEpsilon ?? DEFAULT_EPSILON,
      resid_pdrop: config.dropout,
      embd_pdrop: config.dropout,
      attn_pdrop: config.dropout,
      initializer_range: 0.02,
      scale_attn_weights: true,
      scale_attn_by_inverse_layer_idx: false,
      reorder_and_upcast_attn: false,
      tie_word_embeddings: true,
      use_cache: true,
      bos_token_id: bos,
      eos_token_id: null,
    };
  },

  fromConfig(json) {
    if (json['model_type'] !== 'gpt2') return null;
    rejectUnsupported(json);
    const inner = optionalNumber(json, 'n_inner');
    const epsilon = optionalNumber(json, 'layer_norm_epsilon') ?? DEFAULT_EPSILON;
    if (!(epsilon > 0 && epsilon <= 0.1)) throw wrong('layer_norm_epsilon', 'a number in (0, 0.1]', epsilon);
    const dropout = optionalNumber(json, 'resid_pdrop') ?? 0.1;
    if (!(dropout >= 0 && dropout < 1)) throw wrong('resid_pdrop', 'a number in [0, 1)', dropout);
    const config: TransformerConfig = {
      layers: size(json, 'n_layer', 12, 128),
      heads: size(json, 'n_head', 12, 256),
      width: size(json, 'n_embd', 768, 16384),
      contextLength: size(json, 'n_positions', 1024, 65536),
      dropout,
      ...(inner !== undefined && { innerWidth: size(json, 'n_inner', 0, 65536) }),
      ...(epsilon !== DEFAULT_EPSILON && { layerNormEpsilon: epsilon }),
    };
    if (innerWidthOf(config) === 4 * config.width) delete config.innerWidth;
    if (transformerProblem(config) !== null) {
      throw wrong('n_embd', `a multiple of n_head (${config.heads})`, config.width);
    }
    return { config, facts: factsOf(json) };
  },

  canonicalName(name) {
    // Old files carry the causal mask as a buffer, and some carry the tied head a second time.
    if (/(^|\.)h\.\d+\.attn\.(bias|masked_bias)$/.test(name) || name === 'lm_head.weight') return null;
    return name.startsWith('transformer.') ? name : `transformer.${name}`;
  },
};

function factsOf(json: Json): TextFacts {
  const vocabulary = size(json, 'vocab_size', 50257, 10_000_000);
  const bos = optionalNumber(json, 'bos_token_id');
  if (bos === undefined) return { vocabulary };
  if (!Number.isInteger(bos) || bos < 0 || bos >= vocabulary) {
    throw wrong('bos_token_id', `an id below vocab_size (${vocabulary})`, bos);
  }
  return { vocabulary, bos };
}

/** Settings of GPT-2's config that change the arithmetic, and the only values this family computes. */
const SUPPORTED: Readonly<Record<string, readonly unknown[]>> = {
  activation_function: ['gelu_new', 'gelu_pytorch_tanh'], // two names of one function
  scale_attn_weights: [true],
  scale_attn_by_inverse_layer_idx: [false],
  add_cross_attention: [false],
  tie_word_embeddings: [true],
};

function rejectUnsupported(json: Json): void {
  for (const [key, values] of Object.entries(SUPPORTED)) {
    const value = json[key];
    if (value === undefined || values.includes(value)) continue;
    throw new ArLensError(
      'unsupported',
      `config.json: ${key}: expected ${values.map((each) => JSON.stringify(each)).join(' or ')}, got ${JSON.stringify(value)}.`,
    );
  }
}

/** A positive integer; GPT-2's own value when the key is absent, as in transformers. */
function size(json: Json, key: string, standard: number, most: number): number {
  const value = json[key] ?? standard;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw wrong(key, `an integer from 1 to ${most}`, value);
}

function optionalNumber(json: Json, key: string): number | undefined {
  const value = json[key] ?? undefined;
  if (value === undefined || typeof value === 'number') return value;
  throw wrong(key, 'a number', value);
}

function wrong(key: string, expected: string, got: unknown): ArLensError {
  return new ArLensError(
    'badInput',
    `config.json: ${key}: expected ${expected}, got ${JSON.stringify(got)}.`,
  );
}
