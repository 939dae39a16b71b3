// Where each token stands when something has changed the text before: written down by hand, in bytes and UTF-16 units.
import { describe, expect, it } from 'vitest';
import { BYTE_ALPHABET } from './byteLevel';
import { readTokenizer } from './readTokenizer';

interface Case {
  readonly what: string;
  readonly parts: object;
  readonly text: string;
  /** Token text, UTF-16 range, byte range. */
  readonly expected: ReadonlyArray<readonly [string, number, number, number, number]>;
}

const words = (...tokens: string[]) => ({
  type: 'BPE',
  vocab: Object.fromEntries(['<u>', ...tokens].map((token, id) => [token, id])),
  merges: [],
  unk_token: '<u>',
});
const bytes = {
  type: 'BPE',
  vocab: Object.fromEntries(BYTE_ALPHABET.map((token, id) => [token, id])),
  merges: [],
};
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: true };

const cases: readonly Case[] = [
  {
    what: 'parts of a character',
    parts: { model: bytes, pre_tokenizer: byteLevel, decoder: byteLevel },
    text: 'a😀é',
    expected: [
      ['a', 0, 1, 0, 1], ['\\xF0', 1, 3, 1, 2], ['\\x9F', 1, 3, 2, 3], ['\\x98', 1, 3, 3, 4], ['\\x80', 1, 3, 4, 5],
      ['\\xC3', 3, 4, 5, 6], ['\\xA9', 3, 4, 6, 7],
    ], // prettier-ignore
  },
  {
    what: 'a surrogate alone, which is three bytes',
    parts: { model: bytes, pre_tokenizer: byteLevel, decoder: byteLevel },
    text: '\ud83dx',
    expected: [['\\xEF', 0, 1, 0, 1], ['\\xBF', 0, 1, 1, 2], ['\\xBD', 0, 1, 2, 3], ['x', 1, 2, 3, 4]], // prettier-ignore
  },
  {
    what: 'a space that was put in',
    parts: { model: bytes, pre_tokenizer: { ...byteLevel, add_prefix_space: true }, decoder: byteLevel },
    text: 'é',
    expected: [[' ', 0, 0, 0, 0], ['\\xC3', 0, 1, 0, 1], ['\\xA9', 0, 1, 1, 2]], // prettier-ignore
  },
  {
    what: 'two characters that became one',
    parts: { model: words('é', 'x'), normalizer: { type: 'NFC' } },
    text: 'xe\u0301x',
    expected: [['x', 0, 1, 0, 1], ['é', 1, 3, 1, 4], ['x', 3, 4, 4, 5]], // prettier-ignore
  },
  {
    what: 'the bytes of two characters that became one',
    parts: { model: bytes, normalizer: { type: 'NFC' }, pre_tokenizer: byteLevel, decoder: byteLevel },
    text: 'e\u0301x',
    expected: [['\\xC3', 0, 2, 0, 3], ['\\xA9', 0, 2, 0, 3], ['x', 2, 3, 3, 4]], // prettier-ignore
  },
  {
    what: 'one character that became two',
    parts: { model: words('f', 'i', 'x'), normalizer: { type: 'NFKC' } },
    text: 'xﬁx',
    expected: [['x', 0, 1, 0, 1], ['f', 1, 2, 1, 4], ['i', 1, 2, 1, 4], ['x', 2, 3, 4, 5]], // prettier-ignore
  },
  {
    what: 'what was left out',
    parts: {
      model: words('e', 'x'),
      normalizer: { type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'StripAccents' }, { type: 'Strip', strip_left: true, strip_right: true }] },
      pre_tokenizer: { type: 'WhitespaceSplit' },
    }, // prettier-ignore
    text: '  é x ',
    expected: [['e', 2, 3, 2, 4], ['x', 4, 5, 5, 6]], // prettier-ignore
  },
  {
    what: 'spaces replaced, and one put in front',
    parts: {
      model: words('▁', 'a', 'b'),
      normalizer: { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, { type: 'Replace', pattern: { String: ' ' }, content: '▁' }] },
      decoder: { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
    }, // prettier-ignore
    text: 'a b',
    expected: [[' ', 0, 0, 0, 0], ['a', 0, 1, 0, 1], [' ', 1, 2, 1, 2], ['b', 2, 3, 2, 3]], // prettier-ignore
  },
  {
    what: 'an added token with the space around it',
    parts: {
      model: words('a', ' '),
      added_tokens: [{ id: 9, content: '<m>', lstrip: true, rstrip: true, special: true }],
    },
    text: 'a  <m> \na',
    expected: [['a', 0, 1, 0, 1], ['<m>', 1, 8, 1, 8], ['a', 8, 9, 8, 9]], // prettier-ignore
  },
  {
    what: 'an added token within a changed text',
    parts: {
      model: words('s', 'x'),
      normalizer: { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Lowercase' }] },
      added_tokens: [{ id: 9, content: 'KM', normalized: true }],
    },
    text: 'X\u339eſ',
    expected: [['x', 0, 1, 0, 1], ['KM', 1, 2, 1, 4], ['s', 2, 3, 4, 6]], // prettier-ignore
  },
  {
    what: 'fallback bytes behind a changed text',
    parts: {
      model: { ...words('a', ...Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`)), byte_fallback: true },
      normalizer: { type: 'Lowercase' },
      decoder: { type: 'ByteFallback' },
    }, // prettier-ignore
    text: 'Aß',
    expected: [['a', 0, 1, 0, 1], ['\\xC3', 1, 2, 1, 2], ['\\x9F', 1, 2, 2, 3]], // prettier-ignore
  },
];

describe('places', () => {
  it.each(cases)('of $what', ({ parts, text, expected }) => {
    const tokenizer = readTokenizer(parts, undefined, 'tokenizer.json');
    const { ids, start, end, byteStart, byteEnd } = tokenizer.encode(text);
    const rows = Array.from(ids, (id, at) => [
      tokenizer.tokenText(id),
      start[at],
      end[at],
      byteStart[at],
      byteEnd[at],
    ]);
    expect(rows).toEqual(expected);
  });

  it('stay exact in a text of a megabyte without a space, in little time', () => {
    const tokenizer = readTokenizer(
      { model: bytes, pre_tokenizer: byteLevel, decoder: byteLevel },
      undefined,
      'x',
    );
    const begun = performance.now();
    const { ids, end, byteEnd } = tokenizer.encode('中é'.repeat(200_000));
    expect([ids.length, end.at(-1), byteEnd.at(-1)]).toEqual([1_000_000, 400_000, 1_000_000]);
    expect(performance.now() - begun).toBeLessThan(20_000);
  });
});
