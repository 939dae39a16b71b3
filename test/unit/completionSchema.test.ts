// The schema the editor completes from: every key and word of the real one, and nothing that could complain a second time.
import { describe, expect, it } from 'vitest';
import { completionSchema } from '../../scripts/lib/completionSchema.mjs';
import { specJsonSchema } from '../../src/engine/spec/spec';
import { FAMILIES } from '../../src/families/registry';

const CHECKS =
  /"(additionalProperties|required|type|minimum|maximum|exclusiveM\w+|m\w\wLength|m\w\wItems|enum|const)":/;

/** Every path of named keys, conditions left out. */
function keys(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap((each) => keys(each, path));
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key === 'properties')
      return Object.entries(value as object).flatMap(([name, inner]) => [
        `${path}.${name}`,
        ...keys(inner, `${path}.${name}`),
      ]);
    return key === 'then' || key === 'allOf' ? keys(value, path) : [];
  });
}

describe('completionSchema', () => {
  const made = completionSchema(specJsonSchema());

  it('keeps every key', () => {
    expect(keys(made)).toEqual(keys(specJsonSchema()));
    expect(keys(made)).toContain('.model.layers');
  });

  it('checks nothing outside conditions', () => {
    const unconditional = JSON.stringify(made, (key, value: unknown) => (key === 'if' ? undefined : value));
    expect(unconditional).not.toMatch(CHECKS);
  });

  it('offers the words that are allowed', () => {
    const { properties } = made as { properties: Record<string, { defaultSnippets: { body: unknown }[] }> };
    expect(properties['family']?.defaultSnippets.map(({ body }) => body)).toEqual(
      FAMILIES.map(({ id }) => id),
    );
    expect(properties['device']?.defaultSnippets.map(({ body }) => body)).toContain('simd');
  });
});
