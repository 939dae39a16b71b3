// Every code point that this Node knows, against Oniguruma, Rust and Python's normalisers: unicode.py made the values.
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Aligned } from '../../../src/data/tokenizers/aligned';
import { Fields } from '../../../src/data/tokenizers/fields';
import { readNormalizer } from '../../../src/data/tokenizers/normalizers';
import { Pattern } from '../../../src/data/tokenizers/regex/matcher';
import * as unicode from '../../../src/data/tokenizers/unicode';

type Ranges = ReadonlyArray<readonly [number, number]>;
const TESTS = [
  'isWhitespace',
  'isNumeric',
  'isPunctuation',
  'isWord',
  'isOther',
  'isBertChinese',
  'isMark',
  'isNonspacingMark',
] as const;
const golden = JSON.parse(
  gunzipSync(await readFile(new URL('../values/tokenizers/unicode.json.gz', import.meta.url))).toString(),
) as {
  readonly patterns: Readonly<Record<string, Ranges>>;
  readonly changed: Readonly<Record<string, Ranges>>;
} & Readonly<Record<(typeof TESTS)[number], Ranges>>;

/** Code points whose answer differs; those that this Node's tables do not know yet are left out. */
function differences(expected: Ranges, holds: (code: number) => boolean): string[] {
  const found: string[] = [];
  let next = 0;
  for (let code = 0; code < 0x110000; code++) {
    if (code === 0xd800) code = 0xe000;
    while (next < expected.length && (expected[next]?.[1] ?? 0) < code) next++;
    const wanted = (expected[next]?.[0] ?? Infinity) <= code;
    if (holds(code) !== wanted && !/\p{Cn}/u.test(String.fromCodePoint(code))) found.push(code.toString(16));
  }
  return found;
}

describe('every code point', () => {
  it.each(Object.keys(golden.patterns))('matches %s as in Oniguruma', (source) => {
    const pattern = new Pattern(source);
    const holds = (code: number): boolean => {
      let found = false;
      pattern.findAll(String.fromCodePoint(code), () => (found = true));
      return found;
    };
    expect(differences(golden.patterns[source] ?? [], holds)).toEqual([]);
  });

  it.each(TESTS)('%s', (name) => {
    expect(differences(golden[name], unicode[name])).toEqual([]);
  });

  it.each(Object.keys(golden.changed))('is changed by %s or not', (type) => {
    const normalize = readNormalizer(Fields.of('tokenizer.json', 'normalizer', { type }));
    const holds = (code: number): boolean => {
      const text = String.fromCodePoint(code);
      return normalize(new Aligned(text, 0)).text !== text;
    };
    expect(differences(golden.changed[type] ?? [], holds)).toEqual([]);
  });
});
