// What ends a text, from one config.json to the next: kept as it is met, in every family that reads others' models.
import { describe, expect, it } from 'vitest';
import { gptNeox } from '../gptNeox/family';
import { llama } from '../llama/family';
import { transformer } from '../transformer/family';

type Files = {
  toConfig(config: unknown, facts: unknown): Record<string, unknown>;
  fromConfig(json: Record<string, unknown>): { config: unknown; facts: object } | null;
};

describe.each([
  ['gpt2', transformer.files as Files],
  ['llama', llama.files as Files],
  ['gpt_neox', gptNeox.files as Files],
])('eos_token_id of %s', (type, files) => {
  const again = (eos: unknown): unknown => {
    const found = files.fromConfig({ model_type: type, vocab_size: 200_000, eos_token_id: eos });
    return files.toConfig(found?.config, found?.facts)['eos_token_id'];
  };

  it.each([[50_256], [0], [[128_001, 128_009]]])('%j is saved as it was read', (eos) => {
    expect(again(eos)).toEqual(eos);
  });

  it.each([[null], [undefined], [-1], [1.5], ['</s>'], [[]], [[1, null]]])('%j is none', (eos) => {
    expect(again(eos)).toBeNull();
  });
});
