// GPT-NeoX configs as they are met: Pythia's, newer ones, unsupported, wrong; and the counts of parameters.
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { gptNeox } from './family';
import type { GptNeoxConfig } from './schema';

const { files } = gptNeox;
const pythia = {
  ...{ model_type: 'gpt_neox', hidden_size: 512, num_attention_heads: 8, num_hidden_layers: 6 },
  ...{ intermediate_size: 2048, vocab_size: 50304, rotary_pct: 0.25, rotary_emb_base: 10000 },
};
const sentence = (json: Record<string, unknown>): string => {
  try {
    files.fromConfig({ ...pythia, ...json });
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

describe('config.json', () => {
  it('of Pythia-70M', () => {
    expect(files.fromConfig(pythia)).toEqual({
      config: {
        ...{
          layers: 6,
          heads: 8,
          width: 512,
          contextLength: 2048,
          parallelResidual: true,
          rotaryShare: 0.25,
        },
        ...{ ropeTheta: 10_000, tiedHead: false, dropout: 0 },
      },
      facts: { vocabulary: 50304, bos: 0 },
    });
  });

  it('with rotary positions since transformers 5', () => {
    const rope_parameters = { rope_type: 'default', rope_theta: 77, partial_rotary_factor: 0.5 };
    expect(files.fromConfig({ ...pythia, rotary_pct: undefined, rope_parameters })?.config).toMatchObject({
      ropeTheta: 77,
      rotaryShare: 0.5,
    });
  });

  it.each<[Record<string, unknown>, string]>([
    [
      { hidden_size: 516 },
      'config.json: hidden_size: expected a multiple of num_attention_heads (8), got 516.',
    ],
    [{ rotary_pct: 2 }, 'config.json: rotary_pct: expected a number in (0, 1], got 2.'],
    [
      { rotary_pct: 0.01 },
      'config.json: rotary_pct: expected pairs of channels within a head of 64, got 0.01.',
    ],
    [
      { use_parallel_residual: 'yes' },
      'config.json: use_parallel_residual: expected true or false, got "yes".',
    ],
    [{ hidden_act: 'gelu_fast' }, 'config.json: hidden_act: expected'],
    [{ hidden_act: 'gelu_new' }, 'accepted'],
  ])('answers %o in one sentence', (json, expected) => {
    expect(sentence(json)).toContain(expected);
  });
});

describe('tensor names', () => {
  it('are met with and without their prefix, beside buffers and a copy of the head', () => {
    const name = (each: string, tiedHead = false) =>
      files.canonicalName?.(each, { ...gptNeox.example, tiedHead });
    expect(name('layers.0.attention.dense.bias')).toBe('gpt_neox.layers.0.attention.dense.bias');
    expect(name('gpt_neox.layers.0.attention.bias')).toBeNull();
    expect(name('gpt_neox.layers.0.attention.masked_bias')).toBeNull();
    expect(name('gpt_neox.layers.0.attention.rotary_emb.inv_freq')).toBeNull();
    expect(name('embed_out.weight')).toBe('embed_out.weight');
    expect(name('embed_out.weight', true)).toBeNull();
  });
});

describe('sizes', () => {
  const tapped = (config: GptNeoxConfig) =>
    gptNeox.taps(config).nodes.reduce((sum, node) => sum + node.parameters, 0);

  it('that the taps declare are those of the variables', () => {
    for (const config of [gptNeox.example, ...(gptNeox.variants ?? [])]) {
      const model = gptNeox.build(config, { vocabulary: 5 }, 1);
      const scalars = model.variables.reduce((sum, { variable }) => sum + variable.size, 0);
      expect(tapped(config) + (config.tiedHead ? 1 : 2) * 5 * config.width).toBe(scalars);
      model.dispose();
    }
  });

  it('of Pythia-70M: 70,426,624 parameters', () => {
    const config = files.fromConfig(pythia)?.config as GptNeoxConfig;
    expect(tapped(config) + 2 * 50304 * 512).toBe(70_426_624);
  });
});
