// A byte-level BPE trained here against Python's BpeTrainer on the same texts: trained.py made the values.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../../src/data/tokenizer';
import { trainBpe } from '../../../src/data/tokenizers/bpeTrainer';

interface Golden {
  readonly size: number;
  readonly tokens: string;
  readonly merges: string;
  readonly last: readonly string[];
  readonly ids: readonly number[];
}

const example = (name: string): Promise<string> =>
  readFile(new URL(`../../../examples/workspace/${name}`, import.meta.url), 'utf8');
const almanac = await example('almanac.txt');
const shakespeare = await example('shakespeare.txt');
const hostile =
  'aaaa aaaaaaa abababab babab '.repeat(7) +
  'e\u0301 café 😀😀 \r\n\r\n\t\0\ufeff <bos> 1234 12345 '.repeat(3);
const golden = JSON.parse(
  await readFile(new URL('../values/tokenizers/trained.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Golden>>;

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

describe('a tokenizer trained here', () => {
  it.each([
    ['almanac', [almanac], 512],
    ['shakespeare', [shakespeare], 2048],
    ['both', [almanac, shakespeare], 4096],
    ['hostile', [hostile], 400],
  ] as const)('has the tokens and merges of Python’s on %s', async (name, texts, size) => {
    const files = await trainBpe(texts, size);
    const model = files.tokenizer['model'] as { vocab: Record<string, number>; merges: unknown };
    const tokens = Object.entries(model.vocab)
      .sort(([, a], [, b]) => a - b)
      .map(([text]) => text);
    const expected = golden[name] as Golden;
    expect(tokens.slice(-5)).toEqual(expected.last);
    expect([tokens.length, digest(tokens), digest(model.merges)]).toEqual([
      expected.size,
      expected.tokens,
      expected.merges,
    ]);
    const tokenizer = loadTokenizer(files.tokenizer, files.tokenizerConfig);
    expect([tokenizer.bos, tokenizer.vocabulary, tokenizer.name]).toEqual([
      0,
      tokens.length,
      'byte-level BPE',
    ]);
    const start = [...(texts[0] ?? '')].slice(0, 300).join('');
    // The bare library finds "<bos>" in a text, which is text here.
    if (name !== 'hostile') expect(Array.from(tokenizer.encode(start).ids)).toEqual(expected.ids);
    expect(tokenizer.decode(tokenizer.encode(start).ids)).toBe(start);
  });
});
