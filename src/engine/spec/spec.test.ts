// Spec files as a person mistypes them: each problem has a place, what was expected and what is there.
import { describe, expect, it } from 'vitest';
import { formatProblem, parseSpec, requireSpec, specJsonSchema } from './spec';

const minimal = '{ "family": "transformer", "data": { "source": "*.txt" } }';

function only(text: string): string {
  const { problems, spec } = parseSpec(text);
  expect(spec).toBeUndefined();
  expect(problems).toHaveLength(1);
  const [wrong] = problems;
  return wrong ? formatProblem(text, 'a.arlens.json', wrong) : '';
}

describe('parseSpec', () => {
  it('fills every default from family and data.source alone', () => {
    const { spec } = parseSpec(minimal);
    expect(spec?.model).toMatchObject({ layers: 4, heads: 4, width: 128, contextLength: 64, dropout: 0 });
    expect(spec?.data).toEqual({ source: '*.txt', tokenizer: 'byte', validation: 0.1 });
    expect(spec?.train).toMatchObject({ steps: 2000, batchSize: 12, learningRate: 0.001, seed: 1337 });
    expect(spec?.device).toBe('auto');
  });

  it('allows comments, trailing commas and a byte order mark', () => {
    const text = `\ufeff// about Shakespeare\n${minimal.replace('}', ', /* half */ "validation": 0.5, },').replace(/}$/, ' }')}`;
    expect(parseSpec(text).problems).toEqual([]);
    expect(parseSpec(text).spec?.data.validation).toBe(0.5);
  });

  it.each([
    [
      '{ "family": "transfomer", "data": { "source": "a" } }',
      'a.arlens.json:1:13: family: expected',
      '"transformer"',
    ],
    ['{ "family": 3, "data": { "source": "a" } }', 'a.arlens.json:1:13: family: expected', 'got 3'],
    ['{ "data": { "source": "a" } }', 'a.arlens.json:1:1: family: expected', 'got nothing'],
    ['{ "family": "transformer" }', 'a.arlens.json:1:1: data: expected', 'got nothing'],
    ['{ "family": "transformer", "data": {} }', 'a.arlens.json:1:36: data.source: expected', 'got nothing'],
    [
      '{ "family": "transformer",\n "data": { "source": "" } }',
      'a.arlens.json:2:22: data.source: expected a text',
      'got ""',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a" }, "trian": {} }',
      ':55: trian: expected a known key',
      'did you mean "train"',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a" }, "train": { "step": 3 } }',
      'train.step: expected',
      'did you mean "steps"',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a" }, "train": { "steps": "3" } }',
      'train.steps: expected a whole number',
      'got "3"',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a" }, "train": { "steps": 3.5 } }',
      'train.steps: expected',
      'got 3.5',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a" }, "train": { "steps": -1 } }',
      'at least 1',
      'got -1',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a" }, "train": { "learningRate": 1e999 } }',
      'train.learningRate',
      'got',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a" }, "model": { "layers": 0 } }',
      'model.layers: expected',
      'got 0',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a" }, "model": { "width": 1e30 } }',
      'model.width: expected',
      '1e+30',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a" }, "model": { "width": 100, "heads": 3 } }',
      'model.width: expected',
      'got 100',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a" }, "model": { "contextLength": 1 } }',
      'at least 2',
      'got 1',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a" }, "model": { "layers": 128, "width": 16384 } }',
      'parameters',
      'got',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a" }, "model": { "contextLength": 65536 } }',
      'MiB',
      'got about',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a", "tokenizer": "bytes" } }',
      'data.tokenizer: expected',
      'did you mean "byte"',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a", "tokenizer": { "bpe": 100 } } }',
      'data.tokenizer.bpe: expected a whole number at least 257 and at most 32768',
      'got 100',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a", "tokenizer": { "bpe": 512, "bpw": 1 } } }',
      'data.tokenizer.bpw: expected a known key',
      'did you mean "bpe"',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a", "tokenizer": 512 } }',
      'data.tokenizer: expected "byte" or "character" or {"bpe":512} or a path like "tokenizer.json"',
      'got 512',
    ],
    [
      '{ "family": "transformer", "data": { "source": "a", "validation": 1 } }',
      'data.validation: expected',
      'got 1',
    ],
    ['{ "family": "transformer", "data": { "source": "a", "source": "b" } }', 'once', 'a second time'],
    ['{ "family": "transformer", "data": [] }', 'data: expected an object', 'got a list'],
    [
      '{ "family": "transformer", "__proto__": {}, "data": { "source": "a" } }',
      'expected a known key',
      '__proto__',
    ],
    ['[]', 'the spec: expected an object', 'got a list'],
    ['', 'expected an object', 'got an empty file'],
    ['{ "family": "transformer" "data": 3 }', 'expected JSON', 'comma expected'],
    ['{ "family": ', 'expected JSON', 'got'],
  ])('%s', (text, start, rest) => {
    const sentence = only(text);
    expect(sentence).toContain(start);
    expect(sentence).toContain(rest);
    expect(sentence.split('\n')).toHaveLength(1);
  });

  it('says every problem at once', () => {
    const { problems } = parseSpec(
      '{ "family": "transformer", "data": { "surce": "a" }, "train": { "steps": 0 } }',
    );
    expect(problems.map(({ message }) => message.split(':')[0])).toEqual([
      'data.surce',
      'data.source',
      'train.steps',
    ]);
  });

  it('refuses a spec of megabytes without parsing it', () => {
    expect(only(' '.repeat(1_000_001))).toContain('at most 1000000 characters');
  });

  it('throws all problems as one typed error', () => {
    expect(() => requireSpec('{}', '/x/a.arlens.json')).toThrowError(/^\/x\/a\.arlens\.json:1:1: family/);
  });
});

describe('specJsonSchema', () => {
  it('describes and defaults every key but family and data.source', () => {
    const missing: string[] = [];
    const walk = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const { properties } = schema as { properties?: Record<string, Record<string, unknown>> };
      for (const [key, inner] of Object.entries(properties ?? {})) {
        const at = `${path}.${key}`;
        if (inner['const'] !== undefined) continue;
        if (typeof inner['description'] !== 'string' && !inner['properties'])
          missing.push(`${at} description`);
        walk(inner, at);
      }
    };
    const schema = specJsonSchema();
    walk(schema, '');
    for (const branch of schema['allOf'] as Array<{ then: unknown }>) walk(branch.then, 'then');
    expect(missing).toEqual([]);
    expect(schema['required']).toEqual(['family', 'data']);
    expect(JSON.stringify(schema)).not.toContain('"required":[]');
  });

  it('asks nobody for a key that has a default', () => {
    const properties = specJsonSchema()['properties'] as Record<string, { required?: string[] }>;
    expect(properties['data']?.required).toEqual(['source']);
    expect(properties['train']?.required).toBeUndefined();
  });
});
