// Our ids against Python's transformers: golden.json was made by golden.py from the files write.mjs writes.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { byteTokenizer, characterTokenizer, loadTokenizer } from '../../../src/data/tokenizer';

interface Row {
  readonly ids: readonly number[];
  readonly decoded: string;
}
const VALUES = '../values/tokenizers/';
const read = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8'));
const cases = (await read('cases.json')) as { readonly training: string; readonly texts: readonly string[] };
const golden = (await read(`${VALUES}golden.json`)) as Record<'byte' | 'character', readonly Row[]>;

describe.each([
  ['byte', byteTokenizer()],
  ['character', characterTokenizer(cases.training)],
] as const)('the %s tokenizer', (name, tokenizer) => {
  it('writes the files that were given to transformers', async () => {
    expect(tokenizer.files().tokenizer).toEqual(await read(`${VALUES}${name}/tokenizer.json`));
    expect(tokenizer.files().tokenizerConfig).toEqual(await read(`${VALUES}${name}/tokenizer_config.json`));
  });

  it('gives the ids of transformers, BOS in front', async () => {
    const loaded = loadTokenizer(
      await read(`${VALUES}${name}/tokenizer.json`),
      await read(`${VALUES}${name}/tokenizer_config.json`),
    );
    expect(golden[name]).toHaveLength(cases.texts.length);
    cases.texts.forEach((text, index) => {
      const expected = golden[name][index];
      for (const one of [tokenizer, loaded])
        expect([one.bos, ...one.encode(text).ids]).toEqual(expected?.ids);
      // transformers leaves <unk> out when it decodes; here it reads U+FFFD
      if (tokenizer.encode(text).unknown === 0)
        expect(tokenizer.decode(expected?.ids ?? [])).toBe(expected?.decoded);
    });
  });
});
