// config.json in Hugging Face's GPT-2 form, both ways, and the tensor names met in GPT-2 files.
import type { FamilyFiles } from '../family';
import { ACTIVATION_NAMES, activationName } from '../shared/activationJson';
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
import { DEFAULT_EPSILON, innerWidthOf, transformerProblem } from './schema';
import type { TransformerConfig } from './schema';

export const transformerFiles: FamilyFiles<TransformerConfig> = {
  modelTypes: ['gpt2'],

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
      activation_function: activationName(config.activation ?? 'geluNew'),
      layer_norm_epsilon: config.layerNormEpsilon ?? DEFAULT_EPSILON,
      resid_pdrop: config.dropout,
      embd_pdrop: config.dropout,
      attn_pdrop: config.dropout,
      initializer_range: 0.02,
      scale_attn_weights: true,
      scale_attn_by_inverse_layer_idx: config.scaleByLayer ?? false,
      reorder_and_upcast_attn: false,
      tie_word_embeddings: config.tiedHead ?? true,
      use_cache: true,
      bos_token_id: bos,
      eos_token_id: facts.eos ?? null,
    };
  },

  fromConfig(json) {
    if (json['model_type'] !== 'gpt2') return null;
    requireSupported(json, { scale_attn_weights: [true], add_cross_attention: [false] });
    const inner = optionalSize(json, 'n_inner', 65536);
    const epsilon = epsilonOf(json, 'layer_norm_epsilon', DEFAULT_EPSILON);
    const activation = named(json, 'activation_function', 'gelu_new', ACTIVATION_NAMES);
    const config: TransformerConfig = {
      layers: size(json, 'n_layer', 12, 128),
      heads: size(json, 'n_head', 12, 256),
      width: size(json, 'n_embd', 768, 16384),
      contextLength: size(json, 'n_positions', 1024, 65536),
      dropout: dropoutOf(json, 'resid_pdrop', 0.1),
      ...(inner !== undefined && { innerWidth: inner }),
      ...(epsilon !== DEFAULT_EPSILON && { layerNormEpsilon: epsilon }),
      ...(activation !== 'geluNew' && { activation }),
      ...(flag(json, 'scale_attn_by_inverse_layer_idx', false) && { scaleByLayer: true }),
      ...(!flag(json, 'tie_word_embeddings', true) && { tiedHead: false }),
    };
    if (innerWidthOf(config) === 4 * config.width) delete config.innerWidth;
    if (transformerProblem(config) !== null) {
      throw wrong('n_embd', `a multiple of n_head (${config.heads})`, config.width);
    }
    return { config, facts: factsOf(json, { vocabulary: 50257 }) };
  },

  canonicalName(name, { tiedHead }) {
    // Old files carry the causal mask as a buffer, and some carry the tied head a second time.
    if (/(^|\.)h\.\d+\.attn\.(bias|masked_bias)$/.test(name)) return null;
    if (name === 'lm_head.weight') return tiedHead === false ? name : null;
    return name.startsWith('transformer.') ? name : `transformer.${name}`;
  },
};
