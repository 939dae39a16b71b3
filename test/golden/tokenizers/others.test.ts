// Tokenizers of every kind against Python's `tokenizers`: others.py made the files and the ids, on thousands of strings.
import { readFile, readdir } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadTokenizer, type Encoded, type Tokenizer } from '../../../src/data/tokenizer';

interface Golden {
  readonly tokenizers: string;
  readonly ids: ReadonlyArray<readonly number[]>;
  /** In code points, of the first texts. */
  readonly offsets: ReadonlyArray<ReadonlyArray<readonly [number, number]>>;
  readonly decoded: readonly string[];
  readonly first: number | null;
}

const VALUES = new URL('../values/tokenizers/others/', import.meta.url);
const read = async (name: string): Promise<unknown> =>
  JSON.parse(gunzipSync(await readFile(new URL(`${name}.json.gz`, VALUES))).toString('utf8'));
const texts = (await read('texts')) as readonly string[];
const names = (await readdir(VALUES))
  .filter((name) => name.endsWith('.tokenizer.json.gz'))
  .map((name) => name.replace('.tokenizer.json.gz', ''));
/** What these do to a text loses some of it, or tells the same bytes twice. */
const LOSSY = [
  'uncased',
  'cased',
  'words',
  'suffixed',
  'continued',
  'unigram',
  'sentence_piece',
  'added',
  'qwen',
];
const utf8 = new TextEncoder();

describe('nineteen kinds of tokenizers', () => {
  it('are all here', () => {
    expect(names).toHaveLength(19);
    expect(texts.length).toBeGreaterThan(2600);
  });
});

describe.each(names)('%s', async (name) => {
  const tokenizer = loadTokenizer(await read(`${name}.tokenizer`), undefined, `${name}/tokenizer.json`);
  const golden = (await read(name)) as Golden;
  const encoded = texts.map((text) => tokenizer.encode(text));

  it('gives the same ids', () => {
    expect(golden.ids).toHaveLength(texts.length);
    const different = texts.flatMap((text, index) => {
      const ids = Array.from(encoded[index]?.ids ?? []);
      const expected = golden.ids[index] ?? [];
      return String(ids) === String(expected) ? [] : [{ index, text, ids, expected }];
    });
    expect(different.slice(0, 3)).toEqual([]);
    expect(different).toHaveLength(0);
  });

  it('puts the same token in front', () => {
    expect(tokenizer.bos ?? null).toBe(golden.first);
  });

  it('decodes to the same texts', () => {
    const different = golden.decoded.flatMap((expected, index) => {
      const ids = golden.ids[index] ?? [];
      // BOS is left out here, and unknown tokens read U+FFFD.
      if (ids.includes(tokenizer.bos ?? -1) || ids.includes(tokenizer.unknown ?? -1)) return [];
      const text = tokenizer.decode(ids);
      // Python reads an added token that is normalised in its normalised form.
      return text === expected || (name === 'added' && text.toLowerCase() === expected.toLowerCase())
        ? []
        : [{ index, text, expected }];
    });
    expect(different.slice(0, 3)).toEqual([]);
  });

  it('places every token', () => {
    texts.forEach((text, index) =>
      checkPlaces(tokenizer, text, encoded[index] as Encoded, LOSSY.includes(name)),
    );
  });

  // Behind a compiled normaliser Python puts the bytes of a character at the character before, and drops replaced spaces.
  const compared = name === 'sentence_piece' ? [] : golden.offsets;
  it(`covers the characters that Python says (${compared.length} texts)`, () => {
    const different = compared.flatMap((offsets, index) => {
      const text = texts[index] ?? '';
      const { start, end } = encoded[index] as Encoded;
      const unitOf = unitsOf(text);
      return offsets.flatMap(([from, to], token) => {
        const own = [start[token] ?? -1, end[token] ?? -1] as const;
        const theirs = [unitOf[from] ?? -1, unitOf[to] ?? -1] as const;
        // Text that was put in covers nothing here, and its neighbour there.
        if (own[0] === own[1] || String(own) === String(theirs)) return [];
        // Where a normaliser joins or leaves out characters, Python names the first, and here are all.
        const overlap = own[0] < theirs[1] && theirs[0] < own[1];
        return LOSSY.includes(name) && (overlap || theirs[0] === theirs[1])
          ? []
          : [{ text, token, id: golden.ids[index]?.[token], own, theirs }];
      });
    });
    expect(different.slice(0, 3)).toEqual([]);
  });
});

function checkPlaces(tokenizer: Tokenizer, text: string, encoded: Encoded, lossy: boolean): void {
  const { ids, start, end, byteStart, byteEnd } = encoded;
  const bytes = utf8.encode(text);
  let covered = 0;
  for (let token = 0; token < ids.length; token++) {
    const [from, to] = [byteStart[token] ?? -1, byteEnd[token] ?? -1];
    if (to < from || to > bytes.length)
      throw new Error(`${JSON.stringify(text)} ${token}: bytes ${from} to ${to}`);
    if (!lossy && from !== covered) {
      throw new Error(`${JSON.stringify(text)} ${token}: expected byte ${covered}, got ${from}`);
    }
    covered = Math.max(covered, to);
    for (const unit of [start[token] ?? 0, end[token] ?? 0]) {
      if (/[\udc00-\udfff]/.test(text[unit] ?? ''))
        throw new Error(`${JSON.stringify(text)} ${token}: half a pair`);
    }
    const before = utf8.encode(text.slice(0, start[token])).length;
    const behind = utf8.encode(text.slice(0, end[token])).length;
    // The UTF-16 range is that of the characters that hold the bytes, and of no others.
    if (
      from === to ? before !== behind : before > from || behind < to || before + 3 < from || behind - 3 > to
    ) {
      throw new Error(`${JSON.stringify(text)} ${token}: ${before}-${behind} for bytes ${from}-${to}`);
    }
  }
  if (!lossy && covered !== bytes.length)
    throw new Error(`${JSON.stringify(text)}: ${covered} of ${bytes.length}`);
  expect(tokenizer.vocabulary).toBeGreaterThan(Math.max(-1, ...ids));
}

/** The UTF-16 offset of each code point, and the text's length. */
function unitsOf(text: string): number[] {
  const units = [0];
  for (const character of text) units.push((units.at(-1) ?? 0) + character.length);
  return units;
}
