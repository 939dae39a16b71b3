// config.json in transformers' GPT-NeoX form, both ways, and the tensor names met in such files (Pythia's among them).
import type { FamilyFiles } from '../family';
import { ACTIVATION_NAMES, activationName } from '../shared/activationJson';
import {
  dropoutOf,
  epsilonOf,
  factsOf,
  flag,
  named,
  optionalNumber,
  size,
  wrong,
} from '../shared/configJson';
import { readRope, ropeJson } from '../shared/ropeJson';
import { DEFAULT_EPSILON, gptNeoxProblem, innerWidthOf } from './schema';
import type { GptNeoxConfig } from './schema';

const MODEL_TYPE = 'gpt_neox';
const MOST_POSITIONS = 16_777_216;
const STANDARD_SHARE = 0.25;

export const gptNeoxFiles: FamilyFiles<GptNeoxConfig> = {
  modelTypes: [MODEL_TYPE],

  toConfig(config, facts) {
    return {
      architectures: ['GPTNeoXForCausalLM'],
      model_type: MODEL_TYPE,
      num_hidden_layers: config.layers,
      num_attention_heads: config.heads,
      hidden_size: config.width,
      intermediate_size: innerWidthOf(config),
      vocab_size: facts.vocabulary,
      hidden_act: activationName(config.activation ?? 'gelu'),
      layer_norm_eps: config.layerNormEpsilon ?? DEFAULT_EPSILON,
      use_parallel_residual: config.parallelResidual,
      rotary_pct: config.rotaryShare,
      ...ropeJson(config, 'rotary_emb_base'),
      attention_bias: config.attentionBias ?? true,
      attention_dropout: config.dropout,
      hidden_dropout: config.dropout,
      initializer_range: 0.02,
      tie_word_embeddings: config.tiedHead,
      use_cache: true,
      bos_token_id: facts.bos ?? null,
      eos_token_id: facts.eos ?? null,
    };
  },

  fromConfig(json) {
    if (json['model_type'] !== MODEL_TYPE) return null;
    const rope = readRope(
      json,
      size(json, 'max_position_embeddings', 2048, MOST_POSITIONS),
      'rotary_emb_base',
    );
    const share = rope.share ?? optionalNumber(json, 'rotary_pct') ?? STANDARD_SHARE;
    if (!(share > 0 && share <= 1)) throw wrong('rotary_pct', 'a number in (0, 1]', share);
    const activation = named(json, 'hidden_act', 'gelu', ACTIVATION_NAMES);
    const epsilon = epsilonOf(json, 'layer_norm_eps', DEFAULT_EPSILON);
    const config: GptNeoxConfig = {
      layers: size(json, 'num_hidden_layers', 44, 128),
      heads: size(json, 'num_attention_heads', 64, 256),
      width: size(json, 'hidden_size', 6144, 16384),
      innerWidth: size(json, 'intermediate_size', 24576, 131_072),
      contextLength: rope.contextLength,
      parallelResidual: flag(json, 'use_parallel_residual', true),
      rotaryShare: share,
      ropeTheta: rope.theta,
      ...(rope.scaling !== undefined && { ropeScaling: rope.scaling }),
      ...(!flag(json, 'attention_bias', true) && { attentionBias: false }),
      ...(activation !== 'gelu' && { activation }),
      tiedHead: flag(json, 'tie_word_embeddings', false),
      ...(epsilon !== DEFAULT_EPSILON && { layerNormEpsilon: epsilon }),
      dropout: dropoutOf(json, 'hidden_dropout', 0),
    };
    if (innerWidthOf(config) === 4 * config.width) delete config.innerWidth;
    const problem = gptNeoxProblem(config);
    if (problem !== null) {
      const [, key = '', expected = problem] = /^model\.(\w+): expected (.*), got .*$/.exec(problem) ?? [];
      const name = KEYS[key] ?? 'model';
      throw wrong(name, expected.replace('model.heads', 'num_attention_heads'), json[name]);
    }
    return { config, facts: factsOf(json, { vocabulary: 50432, bos: 0 }) };
  },

  canonicalName(name, { tiedHead }) {
    // Old files carry the causal mask and the rotary frequencies as buffers, and some the tied head a second time.
    if (/\.attention\.(bias|masked_bias|rotary_emb\.inv_freq)$/.test(name)) return null;
    if (name === 'embed_out.weight') return tiedHead ? null : name;
    return name.startsWith('gpt_neox.') ? name : `gpt_neox.${name}`;
  },
};

const KEYS: Readonly<Record<string, string>> = {
  width: 'hidden_size',
  rotaryShare: 'rotary_pct',
  ropeScaling: 'rope_scaling',
  contextLength: 'max_position_embeddings',
};
