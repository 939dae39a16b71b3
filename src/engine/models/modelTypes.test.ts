// What is said of models that no family reads, and of licences in READMEs.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../families/registry';
import { ArLensError } from '../../protocol/errors';
import { licenceOf } from './licence';
import { requirePlainWeights, unreadModel } from './modelTypes';

const told = (config: Record<string, unknown>) => unreadModel('x/config.json', config, FAMILIES);

describe('a model that is not read', () => {
  it('and is bidirectional is refused by its name, with the reason', () => {
    for (const type of ['bert', 'roberta', 'distilbert', 'modernbert']) {
      const { message, action, reason } = told({ model_type: type });
      expect(message).toBe(
        `x/config.json: model_type "${type}" is a bidirectional model: its tokens see those after them, so it has no left-to-right likelihood.`,
      );
      expect(reason).toBe('unsupported');
      expect(action).toContain('"gpt2", "llama", "mistral", "qwen2", "qwen3", "gpt_neox"');
    }
  });

  it('is named, with those that are', () => {
    for (const type of ['t5', 'smollm3', 'mamba']) {
      const { message } = told({ model_type: type, hidden_size: 4 });
      expect(message).toContain(
        'model_type: expected one of "gpt2", "llama", "mistral", "qwen2", "qwen3", "gpt_neox"',
      );
      expect(message).toMatch(new RegExp(`got "${type}"\\.$`));
    }
    expect(told({}).message).toMatch(/got none\.$/);
    expect(told({ model_type: 7 }).message).toMatch(/got 7\.$/);
  });

  it('because its weights are quantised, by the method’s name', () => {
    const refused = () => requirePlainWeights('x', { quantization_config: { quant_method: 'gptq' } });
    expect(refused).toThrow(ArLensError);
    expect(refused).toThrow('expected weights as F32, F16 or BF16, got gptq.');
    requirePlainWeights('x', { quantization_config: null });
    requirePlainWeights('x', {});
  });
});

describe('a licence', () => {
  it.each([
    ['---\nlicense: apache-2.0\ntags:\n- x\n---\n# Model', 'apache-2.0'],
    ['---\r\nlanguage: en\r\nlicense: "mit"\r\n---\r\n', 'mit'],
    ['---\nlicense: other\nlicense_name: our-own\n---\n', 'our-own'],
    ['---\nlicense: other\n---\n', 'other'],
    ['---\ntags: license\n---\nlicense: mit', undefined],
    ['# license: mit', undefined],
    ['', undefined],
  ])('is what the README’s first block says: %j', async (text, expected) => {
    const folder = await mkdtemp(join(tmpdir(), 'ar-lens-licence-'));
    expect(await licenceOf(folder)).toBeUndefined();
    await writeFile(join(folder, 'README.md'), text);
    expect(await licenceOf(folder)).toBe(expected);
    await rm(folder, { recursive: true });
  });
});
