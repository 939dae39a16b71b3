// GPT-2 configs as they are met: written here, on the hub, old, unsupported, wrong. And the counts of parameters.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { transformer } from './family';

const { files } = transformer;
const gpt2 = { model_type: 'gpt2', vocab_size: 50257, bos_token_id: 50256 };
const sentence = (json: Record<string, unknown>): string => {
  try {
    files.fromConfig({ ...gpt2, ...json });
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

describe('config.json', () => {
  it('of GPT-2 small, which leaves most keys to their defaults', () => {
    expect(files.fromConfig(gpt2)).toEqual({
      config: { layers: 12, heads: 12, width: 768, contextLength: 1024, dropout: 0.1 },
      facts: { vocabulary: 50257, bos: 50256 },
    });
  });

  it('keeps an inner width and an epsilon that are not the usual ones', () => {
    const config = {
      layers: 1,
      heads: 2,
      width: 6,
      contextLength: 5,
      dropout: 0.2,
      innerWidth: 7,
      layerNormEpsilon: 1e-3,
    };
    const json = files.toConfig(config, { vocabulary: 9 });
    expect(json).toMatchObject({
      n_inner: 7,
      layer_norm_epsilon: 1e-3,
      bos_token_id: null,
      resid_pdrop: 0.2,
    });
    expect(files.fromConfig(json)).toEqual({ config, facts: { vocabulary: 9 } });
    expect(files.fromConfig({ ...json, n_inner: 24 })?.config).not.toHaveProperty('innerWidth');
  });

  it.each([
    [
      { activation_function: 'tanh' },
      'config.json: activation_function: expected "gelu_new" or "gelu_pytorch_tanh" or "gelu" or "relu" or "silu" or "swish", got "tanh".',
    ],
    [{ scale_attn_weights: false }, 'config.json: scale_attn_weights: expected true, got false.'],
    [
      { scale_attn_by_inverse_layer_idx: 1 },
      'config.json: scale_attn_by_inverse_layer_idx: expected true or false, got 1.',
    ],
    [{ n_embd: 770 }, 'config.json: n_embd: expected a multiple of n_head (12), got 770.'],
    [{ n_layer: 0 }, 'config.json: n_layer: expected an integer from 1 to 128, got 0.'],
    [{ n_layer: '12' }, 'config.json: n_layer: expected an integer from 1 to 128, got "12".'],
    [{ n_positions: 1e9 }, 'config.json: n_positions: expected an integer from 1 to 65536, got 1000000000.'],
    [{ n_inner: -1 }, 'config.json: n_inner: expected an integer from 1 to 65536, got -1.'],
    [
      { bos_token_id: 50257 },
      'config.json: bos_token_id: expected an id below vocab_size (50257), got 50257.',
    ],
    [{ layer_norm_epsilon: 0 }, 'config.json: layer_norm_epsilon: expected a number in (0, 0.1], got 0.'],
    [{ resid_pdrop: 'high' }, 'config.json: resid_pdrop: expected a number, got "high".'],
    [{ reorder_and_upcast_attn: true }, 'accepted'],
  ])('answers %o in one sentence', (json, expected) => {
    expect(sentence(json)).toBe(expected);
  });
});

describe('tensor names', () => {
  const tied = transformer.example;

  it('are met with and without their prefix, beside buffers and a copy of the head', () => {
    expect(files.canonicalName?.('transformer.h.0.attn.c_attn.bias', tied)).toBe(
      'transformer.h.0.attn.c_attn.bias',
    );
    expect(files.canonicalName?.('h.11.mlp.c_fc.weight', tied)).toBe('transformer.h.11.mlp.c_fc.weight');
    expect(files.canonicalName?.('h.3.attn.bias', tied)).toBeNull();
    expect(files.canonicalName?.('transformer.h.3.attn.masked_bias', tied)).toBeNull();
    expect(files.canonicalName?.('lm_head.weight', tied)).toBeNull();
    expect(files.canonicalName?.('lm_head.weight', { ...tied, tiedHead: false })).toBe('lm_head.weight');
  });
});

describe('sizes', () => {
  const tapped = (config: Parameters<typeof transformer.taps>[0]) =>
    transformer.taps(config).nodes.reduce((sum, node) => sum + node.parameters, 0);

  it('of GPT-2 small: 124,439,808 parameters', () => {
    const config = { layers: 12, heads: 12, width: 768, contextLength: 1024, dropout: 0 };
    expect(tapped(config) + 50257 * 768).toBe(124_439_808);
  });

  it('that the taps declare are those of the variables', () => {
    const config = { layers: 3, heads: 2, width: 10, contextLength: 6, dropout: 0, innerWidth: 13 };
    const model = transformer.build(config, { vocabulary: 5 }, 1);
    const scalars = model.variables.reduce((sum, { variable }) => sum + variable.size, 0);
    model.dispose();
    expect(tapped(config) + 5 * 10).toBe(scalars);
  });

  it('that do not divide are refused', () => {
    const config = { layers: 1, heads: 3, width: 10, contextLength: 6, dropout: 0 };
    expect(transformer.problem?.(config)).toBe(
      'model.width: expected a multiple of model.heads (3), got 10.',
    );
  });

  it('start as GPT-2 does: .02, residual projections smaller, biases 0, gains 1', () => {
    const config = { layers: 8, heads: 2, width: 64, contextLength: 64, dropout: 0 };
    const model = transformer.build(config, { vocabulary: 64 }, 3);
    for (const { name, variable, decays } of model.variables) {
      const deviation = Math.sqrt(tf.tidy(() => tf.mean(tf.square(variable)).dataSync()[0] as number));
      const expected = name.endsWith('bias')
        ? 0
        : /ln_\w\.weight/.test(name)
          ? 1
          : /c_proj/.test(name)
            ? 0.005
            : 0.02;
      expect(Math.abs(deviation - expected), name).toBeLessThan(0.05 * expected + 1e-12);
      expect(decays, name).toBe(variable.rank === 2);
    }
    model.dispose();
  });
});
