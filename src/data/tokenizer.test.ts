// Offsets and round trips of both tokenizers on any string, lone surrogates included.
import { describe, expect, it } from 'vitest';
import { randomText } from '../../test/support/randomText';
import { ArLensError } from '../protocol/errors';
import { Rng } from '../math/rng';
import { byteTokenizer, characterTokenizer, loadTokenizer, type Tokenizer } from './tokenizer';

const utf8 = new TextEncoder(); // replaces lone surrogates by U+FFFD, as the tokenizers do
const strict = new TextDecoder('utf-8', { ignoreBOM: true });

function checkOffsets(tokenizer: Tokenizer, text: string): void {
  const { ids, start, end, byteStart, byteEnd } = tokenizer.encode(text);
  const bytes = utf8.encode(text);
  const count = ids.length;
  expect([start.length, end.length, byteStart.length, byteEnd.length]).toEqual([count, count, count, count]);
  let byte = 0;
  let unit = 0;
  for (let token = 0; token < count; token++) {
    const [from, to] = [start[token] ?? -1, end[token] ?? -1];
    const [byteFrom, byteTo] = [byteStart[token] ?? -1, byteEnd[token] ?? -1];
    expect(byteFrom).toBe(byte); // the bytes are covered, in order, once
    byte = byteTo;
    if (from !== unit) expect(from).toBe(start[token - 1]); // a byte further into the same character
    unit = to;
    const character = utf8.encode(text.slice(from, to));
    expect([...text.slice(from, to)]).toHaveLength(1);
    const own = bytes.subarray(byteFrom, byteTo);
    if (tokenizer.kind === 'byte') {
      expect(Array.from(own)).toEqual([ids[token]]);
      const first = utf8.encode(text.slice(0, from)).length;
      expect(character[byteFrom - first]).toBe(ids[token]);
    } else {
      expect(own).toEqual(character);
    }
  }
  expect(byte).toBe(bytes.length);
  expect(unit).toBe(text.length);
}

describe('both tokenizers', () => {
  it('place every token exactly in any string', () => {
    const rng = new Rng(7);
    for (let round = 0; round < 200; round++) {
      const text = randomText(rng, rng.integer(30), false);
      checkOffsets(byteTokenizer(), text);
      checkOffsets(characterTokenizer(randomText(rng, 20, false)), text);
    }
  });

  it('give back a well-formed text', () => {
    const rng = new Rng(8);
    for (let round = 0; round < 300; round++) {
      const text = randomText(rng, rng.integer(40), true);
      const bytes = byteTokenizer();
      expect(bytes.decode(bytes.encode(text).ids)).toBe(text);
      const characters = characterTokenizer(text);
      const encoded = characters.encode(text);
      expect(encoded.unknown).toBe(0);
      expect(characters.decode(encoded.ids)).toBe(text);
    }
  });

  it('read lone surrogates as U+FFFD and keep the offsets of the original', () => {
    const { ids, start, end, byteEnd } = byteTokenizer().encode('a\ud800b\udc00');
    expect(Array.from(ids)).toEqual([0x61, 0xef, 0xbf, 0xbd, 0x62, 0xef, 0xbf, 0xbd]);
    expect(Array.from(start)).toEqual([0, 1, 1, 1, 2, 3, 3, 3]);
    expect(Array.from(end)).toEqual([1, 2, 2, 2, 3, 4, 4, 4]);
    expect(byteEnd.at(-1)).toBe(8);
  });

  it('are the same after a trip through their files as JSON text', () => {
    const rng = new Rng(9);
    for (const tokenizer of [
      byteTokenizer(),
      characterTokenizer(randomText(rng, 300, true)),
      characterTokenizer(''),
    ]) {
      const { tokenizer: json, tokenizerConfig } = tokenizer.files();
      const back = loadTokenizer(
        JSON.parse(JSON.stringify(json)),
        JSON.parse(JSON.stringify(tokenizerConfig)),
      );
      expect([back.kind, back.vocabulary, back.bos, back.unknown]).toEqual([
        tokenizer.kind,
        tokenizer.vocabulary,
        tokenizer.bos,
        tokenizer.unknown,
      ]);
      const text = randomText(rng, 200, false);
      expect(back.encode(text)).toEqual(tokenizer.encode(text));
      for (let id = 0; id < back.vocabulary; id++) expect(back.tokenText(id)).toBe(tokenizer.tokenText(id));
    }
  });
});

describe('byteTokenizer', () => {
  it('counts bytes as ids and BOS after them', () => {
    const bytes = byteTokenizer();
    expect([bytes.vocabulary, bytes.bos, bytes.unknown]).toEqual([257, 256, undefined]);
    expect(Array.from(bytes.encode('é\n').ids)).toEqual([0xc3, 0xa9, 10]);
    expect([bytes.tokenText(0xc3), bytes.tokenText(0x41), bytes.tokenText(256)]).toEqual([
      '\\xC3',
      'A',
      '<bos>',
    ]);
  });

  it('leaves BOS out of a text and replaces what is not UTF-8', () => {
    const bytes = byteTokenizer();
    expect(bytes.decode([256, 0xef, 0xbb, 0xbf, 0x41])).toBe('\ufeffA');
    expect(bytes.decode([0x41, 0xc3, 0x42])).toBe('A\ufffdB');
    expect(strict.decode(new Uint8Array([0xc3]))).toBe(bytes.decode([0xc3]));
    expect(() => bytes.decode([257])).toThrow('expected an id from 0 to 256, got 257');
    expect(() => bytes.tokenText(-1)).toThrow(RangeError);
  });
});

describe('characterTokenizer', () => {
  it('sorts by code point, not by UTF-16 unit, and puts the special tokens last', () => {
    const characters = characterTokenizer('\uffee😀ba\uffee');
    expect([0, 1, 2, 3, 4, 5].map((id) => characters.tokenText(id))).toEqual([
      'a',
      'b',
      '\uffee',
      '😀',
      '<bos>',
      '<unk>',
    ]);
    expect([characters.vocabulary, characters.bos, characters.unknown]).toEqual([6, 4, 5]);
  });

  it('counts what training never saw instead of dropping it', () => {
    const encoded = characterTokenizer('ab').encode('a😀b\u{10000}');
    expect(Array.from(encoded.ids)).toEqual([0, 3, 1, 3]);
    expect(encoded.unknown).toBe(2);
    expect(characterTokenizer('ab').decode(encoded.ids)).toBe('a\ufffdb\ufffd');
  });

  it('takes characters that are special to objects and JSON', () => {
    const text = '"\\\0\u2028__proto__0123456789';
    const { tokenizer, tokenizerConfig } = characterTokenizer(text).files();
    const back = loadTokenizer(JSON.parse(JSON.stringify(tokenizer)), tokenizerConfig);
    expect(back.decode(back.encode(text).ids)).toBe(text);
  });
});

describe('loadTokenizer', () => {
  const { tokenizer, tokenizerConfig } = byteTokenizer().files();
  const model = tokenizer.model as Record<string, unknown>;
  const characters = characterTokenizer('abc').files();
  const vocabulary = (vocab: unknown) => ({
    ...characters.tokenizer,
    model: { ...(characters.tokenizer.model as Record<string, unknown>), vocab },
  });
  const refused: [string, unknown, unknown, string][] = [
    ['nothing', null, tokenizerConfig, 'null instead of an object'],
    ['a list', [], tokenizerConfig, '[] instead of an object'],
    ['no model', {}, tokenizerConfig, 'no model'],
    [
      'WordPiece',
      { ...tokenizer, model: { type: 'WordPiece' } },
      tokenizerConfig,
      'a model of type "WordPiece"',
    ],
    ['merges', { ...tokenizer, model: { ...model, merges: [['a', 'b']] } }, tokenizerConfig, '1 merges'],
    ['a normalizer', { ...tokenizer, normalizer: { type: 'NFC' } }, tokenizerConfig, 'another normalizer'],
    ['no BOS in front', { ...tokenizer, post_processor: null }, tokenizerConfig, 'another post_processor'],
    ['another BOS', tokenizer, { ...tokenizerConfig, bos_token: '</s>' }, 'bos_token "</s>"'],
    ['no BOS named', tokenizer, { ...tokenizerConfig, bos_token: undefined }, 'bos_token nothing'],
    [
      'a missing id',
      vocabulary({ a: 0, b: 2, '<bos>': 3, '<unk>': 4 }),
      characters.tokenizerConfig,
      'id 4 in',
    ],
    [
      'an id twice',
      vocabulary({ a: 0, b: 0, '<bos>': 2, '<unk>': 3 }),
      characters.tokenizerConfig,
      'id 0 twice',
    ],
    [
      'a long token',
      vocabulary({ ab: 0, '<bos>': 1, '<unk>': 2 }),
      characters.tokenizerConfig,
      'the token "ab"',
    ],
    [
      'disorder',
      vocabulary({ b: 0, a: 1, '<bos>': 2, '<unk>': 3 }),
      characters.tokenizerConfig,
      'out of order',
    ],
    ['no <unk>', vocabulary({ a: 0, '<bos>': 1 }), characters.tokenizerConfig, 'does not end with'],
  ];
  it.each(refused)('refuses %s in a tokenizer that says it is ours', (_, json, config, got) => {
    const act = () => loadTokenizer(json, config, '/run/tokenizer.json');
    expect(act).toThrow(ArLensError);
    expect(act).toThrow(/^\/run\/tokenizer\.json: expected a byte or character tokenizer .*\.$/);
    expect(act).toThrow(got);
  });
});
