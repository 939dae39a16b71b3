// Configs of Llama's relatives as they are met: on the hub, old, with defaults left out, unsupported, wrong.
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { llama } from './family';
import type { LlamaConfig } from './schema';

const { files } = llama;
const read = (json: Record<string, unknown>) => files.fromConfig(json);
const sentence = (json: Record<string, unknown>): string => {
  try {
    read({ model_type: 'llama', vocab_size: 99, ...json });
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

describe('config.json', () => {
  it('of a Llama that leaves everything to its defaults', () => {
    expect(read({ model_type: 'llama' })).toEqual({
      config: {
        ...{ dialect: 'llama', layers: 32, heads: 32, width: 4096, contextLength: 2048 },
        ...{ ropeTheta: 10_000, tiedHead: false, dropout: 0 },
        innerWidth: 11008,
      },
      facts: { vocabulary: 32000, bos: 1 },
    });
  });

  it('of a Mistral: a window of 4,096 unless it says null', () => {
    expect(read({ model_type: 'mistral' })?.config).toMatchObject({ kvHeads: 8, window: 4096 });
    expect(read({ model_type: 'mistral', sliding_window: null })?.config).not.toHaveProperty('window');
  });

  it('of a Qwen2: windows only where they are turned on, from the layer it says', () => {
    const qwen = { model_type: 'qwen2', num_hidden_layers: 4, sliding_window: 8, max_window_layers: 2 };
    expect(read(qwen)?.config).not.toHaveProperty('window');
    expect(read({ ...qwen, use_sliding_window: true })?.config).toMatchObject({
      window: 8,
      windowLayers: [2, 3],
    });
    const types = ['sliding_attention', 'full_attention', 'sliding_attention', 'full_attention'];
    expect(read({ ...qwen, use_sliding_window: true, layer_types: types })?.config).toMatchObject({
      windowLayers: [0, 2],
    });
    expect(read({ model_type: 'qwen2' })?.facts).toEqual({ vocabulary: 151_936 });
  });

  it('of a Qwen3: heads of 128 unless it says otherwise', () => {
    const sizes = { hidden_size: 1024, num_attention_heads: 16, num_key_value_heads: 8 };
    expect(read({ model_type: 'qwen3', ...sizes })?.config).toMatchObject({ headSize: 128, kvHeads: 8 });
    const none = { ...sizes, num_key_value_heads: null, head_dim: null };
    expect(read({ model_type: 'qwen3', ...none })?.config).not.toHaveProperty('kvHeads');
    expect(read({ model_type: 'qwen3', ...none })?.config).not.toHaveProperty('headSize');
  });

  it('with rotary positions as before and since transformers 5', () => {
    const scaled = { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4 };
    const before = { rope_theta: 5e5, rope_scaling: { ...scaled, original_max_position_embeddings: 64 } };
    const since = {
      rope_parameters: { ...scaled, rope_theta: 5e5, original_max_position_embeddings: 64 },
    };
    const expected = {
      ropeTheta: 5e5,
      ropeScaling: {
        ...{ kind: 'llama3', factor: 8, originalContext: 64 },
        ...{ lowFrequencyFactor: 1, highFrequencyFactor: 4 },
      },
    };
    for (const json of [before, since]) {
      expect(read({ model_type: 'llama', ...json })?.config).toMatchObject(expected);
    }
    const outside = { ...since, original_max_position_embeddings: 32 };
    expect(read({ model_type: 'llama', ...outside })?.config.ropeScaling?.originalContext).toBe(32);
  });

  it('with a dynamic stretch: the context is the factor times what it was trained with, and back', () => {
    const json = {
      ...{ model_type: 'llama', max_position_embeddings: 100 },
      rope_scaling: { type: 'dynamic', factor: 2.5 },
    };
    const found = read(json);
    expect(found?.config).toMatchObject({
      contextLength: 250,
      ropeScaling: { kind: 'dynamic', factor: 2.5, originalContext: 100 },
    });
    expect(files.toConfig(found?.config as LlamaConfig, { vocabulary: 9 })).toMatchObject({
      max_position_embeddings: 100,
      rope_scaling: { rope_type: 'dynamic', factor: 2.5 },
    });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ hidden_act: 'gelu' }, 'config.json: hidden_act: expected "silu" or "swish", got "gelu".'],
    [
      { num_attention_heads: 3 },
      'config.json: hidden_size: expected a multiple of num_attention_heads (3), got 4096.',
    ],
    [
      { num_attention_heads: 4, num_key_value_heads: 3 },
      'config.json: num_key_value_heads: expected a divisor of num_attention_heads (4), got 3.',
    ],
    [
      { num_attention_heads: 8, hidden_size: 40, head_dim: 5 },
      'config.json: head_dim: expected an even number of channels in a head, got 5.',
    ],
    [
      { rope_scaling: { rope_type: 'proportional' } },
      'config.json: rope_type: expected "default" or "linear" or "dynamic" or "yarn" or "llama3" or "longrope", got "proportional".',
    ],
    [
      { rope_scaling: { rope_type: 'linear' } },
      'config.json: rope_scaling.factor: expected a number, got null.',
    ],
    [
      { rope_scaling: { rope_type: 'linear', factor: 0.5 } },
      'config.json: rope_scaling.factor: expected a number of at least 1, got 0.5.',
    ],
    [
      { rope_scaling: { rope_type: 'longrope', short_factor: [1], long_factor: [1], factor: 2 } },
      'config.json: rope_scaling: expected 64 shortFactors, one for each pair, got 1.',
    ],
    [
      { rope_parameters: { partial_rotary_factor: 0.5 } },
      'config.json: partial_rotary_factor: expected 1 for "llama", got 0.5.',
    ],
    [
      { rope_parameters: { full_attention: {}, sliding_attention: {} } },
      'config.json: rope_parameters: expected one set of rotary positions for all layers, got "full_attention, sliding_attention".',
    ],
    [
      { model_type: 'mistral', attention_bias: true },
      'config.json: attention_bias: expected false or null, got true.',
    ],
    [
      { model_type: 'qwen2', attention_bias: false },
      'config.json: attention_bias: expected true or null, got false.',
    ],
    [
      { model_type: 'qwen3', num_hidden_layers: 1, layer_types: ['chunked_attention'] },
      'config.json: layer_types: expected "full_attention" or "sliding_attention", got "chunked_attention".',
    ],
    [{ bos_token_id: 99 }, 'config.json: bos_token_id: expected an id below vocab_size (99), got 99.'],
    [{ tie_word_embeddings: 'no' }, 'config.json: tie_word_embeddings: expected true or false, got "no".'],
    [{ pretraining_tp: 2 }, 'accepted'],
  ])('answers %o in one sentence', (json, expected) => {
    expect(sentence(json)).toBe(expected);
  });
});

describe('tensor names', () => {
  it('are met with and without their prefix, beside buffers and a copy of the head', () => {
    const name = (each: string, tiedHead = true) =>
      files.canonicalName?.(each, { ...llama.example, tiedHead });
    expect(name('layers.0.mlp.up_proj.weight')).toBe('model.layers.0.mlp.up_proj.weight');
    expect(name('model.norm.weight')).toBe('model.norm.weight');
    expect(name('model.layers.3.self_attn.rotary_emb.inv_freq')).toBeNull();
    expect(name('lm_head.weight')).toBeNull();
    expect(name('lm_head.weight', false)).toBe('lm_head.weight');
  });
});

describe('sizes', () => {
  it('that the taps declare are those of the variables, in every dialect', () => {
    for (const config of [llama.example, ...(llama.variants ?? [])]) {
      const model = llama.build(config, { vocabulary: 5 }, 1);
      const scalars = model.variables.reduce((sum, { variable }) => sum + variable.size, 0);
      const tapped = llama.taps(config).nodes.reduce((sum, node) => sum + node.parameters, 0);
      expect(tapped + (config.tiedHead ? 1 : 2) * 5 * config.width).toBe(scalars);
      model.dispose();
    }
  });

  it('of SmolLM-135M: 134,515,008 parameters', () => {
    const config: LlamaConfig = {
      ...{ dialect: 'llama', layers: 30, heads: 9, kvHeads: 3, width: 576, innerWidth: 1536 },
      ...{ contextLength: 2048, ropeTheta: 10_000, tiedHead: true, dropout: 0 },
    };
    const tapped = llama.taps(config).nodes.reduce((sum, node) => sum + node.parameters, 0);
    expect(tapped + 49_152 * 576).toBe(134_515_008);
  });

  it.each<[Partial<LlamaConfig>, string]>([
    [{ window: 3 }, 'model.window: expected none for "llama", got 3.'],
    [{ dialect: 'mistral', windowLayers: [0] }, 'model.windowLayers: expected it beside model.window'],
    [
      { dialect: 'qwen2', window: 3, windowLayers: [2] },
      'model.windowLayers: expected layers from 0 to 1, got 2.',
    ],
    [
      { dialect: 'mistral', attentionBias: true },
      'model.attentionBias: expected false for "mistral", got true.',
    ],
    [{ dialect: 'qwen3', mlpBias: true }, 'model.mlpBias: expected false for "qwen3", got true.'],
    [{ ropeScaling: { kind: 'linear' } }, 'model.ropeScaling: expected a factor for "linear", got none.'],
    [
      { contextLength: 50, ropeScaling: { kind: 'dynamic', factor: 2, originalContext: 20 } },
      'model.contextLength: expected at most',
    ],
  ])('that cannot be are refused: %o', (change, expected) => {
    expect(llama.problem?.({ ...llama.example, ...change })).toContain(expected);
  });
});

describe('memory of a decoder', () => {
  it('is bounded by the window in the layers that have one', () => {
    const bytes = (change: Partial<LlamaConfig>) => {
      const model = llama.build({ ...llama.example, contextLength: 100, ...change }, { vocabulary: 5 }, 1);
      const [whole, short] = [model.cacheBytes?.(100), model.cacheBytes?.(3)];
      model.dispose();
      return [whole, short];
    };
    const row = 2 * 4 * 2 * 6; // keys and values, float32, 2 heads of 6
    expect(bytes({})).toEqual([2 * 100 * row, 2 * 3 * row]);
    expect(bytes({ dialect: 'mistral', window: 7 })).toEqual([2 * 7 * row, 2 * 3 * row]);
    expect(bytes({ dialect: 'qwen2', window: 7, windowLayers: [1] })).toEqual([107 * row, 2 * 3 * row]);
  });
});
