// Tokenizer files that are broken, hostile or not known: one sentence with file, place, expected and got.
import { describe, expect, it } from 'vitest';
import { ArLensError } from '../../protocol/errors';
import { loadTokenizer } from '../tokenizer';
import { readTokenizer, tokenizerJsonOf } from './readTokenizer';

const model = { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: [['a', 'b']] };
const file = '/models/x/tokenizer.json';

function sentence(json: unknown): string {
  try {
    readTokenizer(json, undefined, file);
  } catch (error) {
    expect(error).toBeInstanceOf(ArLensError);
    return (error as Error).message;
  }
  throw new Error('expected a refusal');
}

const split = (pattern: unknown) => ({ type: 'Split', pattern, behavior: 'Isolated', invert: false });
const refused: ReadonlyArray<readonly [what: string, json: unknown, place: string, got: string]> = [
  ['nothing', null, '', 'expected an object, got null'],
  ['no model', {}, 'model:', 'got nothing'],
  ['an unknown model', { model: { type: 'Neural' } }, 'model.type:', '"BPE", "Unigram", "WordLevel" or "WordPiece", got "Neural"'],
  ['no vocabulary', { model: { ...model, vocab: [] } }, 'model.vocab:', 'an object of tokens'],
  ['an id twice', { model: { ...model, vocab: { a: 0, b: 0 } } }, 'model.vocab["b"]:', 'an id of its own'],
  ['a huge id', { model: { ...model, vocab: { a: 2 ** 31 } } }, 'model.vocab["a"]:', 'got 2147483648'],
  ['a half id', { model: { ...model, vocab: { a: 0.5 } } }, 'model.vocab["a"]:', 'got 0.5'],
  ['a merge of no token', { model: { ...model, merges: [['a', 'c']] } }, 'model.merges[0]:', '"c", which is none'],
  ['a merge into no token', { model: { ...model, merges: ['b a'] } }, 'model.merges[0]:', '"ba", which is none'],
  ['a merge of three', { model: { ...model, merges: ['a b c'] } }, 'model.merges[0]:', 'expected two tokens'],
  ['chance', { model: { ...model, dropout: 0.1 } }, 'model.dropout:', 'one likelihood, got 0.1'],
  ['an unknown token that is none', { model: { ...model, unk_token: '<unk>' } }, 'model.unk_token:', 'got "<unk>"'],
  ['a score that is none', { model: { type: 'Unigram', vocab: [['a', null]] } }, 'model.vocab[0]:', 'a text and its score'],
  ['an unknown id beyond', { model: { type: 'Unigram', vocab: [['a', 0]], unk_id: 7 } }, 'model.unk_id:', 'got 7'],
  ['an unknown normaliser', { model, normalizer: { type: 'Rot13' } }, 'normalizer.type:', 'got "Rot13"'],
  ['one deep inside', { model, normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'X' }] } }, 'normalizer.normalizers[1].type:', 'got "X"'],
  ['a broken compiled normaliser', { model, normalizer: { type: 'Precompiled', precompiled_charsmap: '/////w==' } }, 'normalizer.precompiled_charsmap:', 'in base64'],
  ['an unknown pre-tokenizer', { model, pre_tokenizer: { type: 'UnicodeScripts' } }, 'pre_tokenizer.type:', '"Metaspace"'],
  ['an unknown behaviour', { model, pre_tokenizer: { ...split({ String: 'x' }), behavior: 'Eaten' } }, 'pre_tokenizer.behavior:', 'got "Eaten"'],
  ['a pattern that is none', { model, pre_tokenizer: split('x') }, 'pre_tokenizer.pattern:', '{ "Regex": … }'],
  ['a backreference', { model, pre_tokenizer: split({ Regex: '(a)\\1' }) }, 'pre_tokenizer.pattern:', 'the escape \\1 at offset 3 of "(a)\\\\1"'],
  ['an unknown decoder', { model, decoder: { type: 'CTC' } }, 'decoder.type:', 'got "CTC"'],
  ['an unknown post-processor', { model, post_processor: { type: 'X' } }, 'post_processor.type:', '"TemplateProcessing"'],
  ['two tokens in front', { model, post_processor: { type: 'TemplateProcessing', single: [{ SpecialToken: { id: 'a' } }, { SpecialToken: { id: 'b' } }, { Sequence: { id: 'A' } }], special_tokens: { a: { ids: [0] }, b: { ids: [1] } } } }, 'post_processor.single:', 'at most one token'],
  ['a token in front that is none', { model, post_processor: { type: 'BertProcessing', cls: ['c', 9] } }, 'post_processor:', 'got id 9'],
  ['an added token elsewhere', { model, added_tokens: [{ id: 5, content: 'a', special: true }] }, 'added_tokens[0].id:', 'got 5'],
]; // prettier-ignore

describe('readTokenizer', () => {
  it.each(refused)('refuses %s', (_, json, place, got) => {
    const text = sentence(json);
    expect(text.startsWith(`${file}: ${place}`)).toBe(true);
    expect(text).toContain(got);
    expect(text).toMatch(/^[^\n]*expected [^\n]*, got [^\n]*\.$/);
  });

  it('takes names that are special to objects as tokens like any other', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const vocab = `{${['u', ...names].map((name, id) => `"${name}":${id}`).join(',')}}`;
    const json = JSON.parse(
      `{"model":{"type":"WordLevel","unk_token":"u","vocab":${vocab}},"pre_tokenizer":{"type":"WhitespaceSplit"}}`,
    ) as unknown;
    const tokenizer = readTokenizer(json, undefined, file);
    expect(Array.from(tokenizer.encode(`${names.join(' ')} valueOf`).ids)).toEqual([1, 2, 3, 4, 0]);
    expect(names.map((_, index) => tokenizer.tokenText(index + 1))).toEqual(names);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(
      sentence({ model: JSON.parse('{"__proto__":{"type":"BPE"},"vocab":{"a":0}}') as unknown }),
    ).toContain('model.type');
  });

  it('says of a text on which a pattern runs away that it does', () => {
    const tokenizer = readTokenizer({ model, pre_tokenizer: split({ Regex: '(?:a+)+b' }) }, undefined, file);
    expect(() => tokenizer.encode('a'.repeat(2000))).toThrow(
      /^\/models.*pre_tokenizer\.pattern: expected .*, got too many steps for "\(\?:a\+\)\+b" on a text of 2000 UTF-16 units\.$/,
    );
  });

  it('refuses an id that no token has', () => {
    const tokenizer = loadTokenizer({ model }, undefined);
    expect(() => tokenizer.decode([3])).toThrow('expected an id from 0 to 2, got 3');
    expect(() => tokenizer.tokenText(-1)).toThrow(RangeError);
  });
});

describe('special tokens in a text', () => {
  const added = { model, added_tokens: [{ id: 3, content: '<s>', special: true }] };
  it('are tokens, as in Python', () => {
    expect(Array.from(readTokenizer(added, undefined, file).encode('a<s>b').ids)).toEqual([0, 3, 1]);
  });
  it('are text where tokenizer_config.json says so', () => {
    const tokenizer = readTokenizer(added, { split_special_tokens: true }, file);
    expect(Array.from(tokenizer.encode('a<s>b').ids)).toEqual([2]); // "<", "s" and ">" are no tokens and vanish
  });
});

describe('the token that ends a text', () => {
  const first = { type: 'BertProcessing', cls: ['a', 0] };
  it.each([
    ['the one that the configuration names', { eos_token: { content: 'b' } }, 1],
    ['BOS where none is named', {}, 0],
    ['none where the one that is named is no token', { eos_token: '</s>' }, undefined],
  ])('is %s', (_, config, end) => {
    expect(readTokenizer({ model, post_processor: first }, config, file).end).toBe(end);
  });
});

describe('tokenizerJsonOf', () => {
  const files = { vocabulary: 'vocab.json', merges: 'merges.txt', added: 'added_tokens.json' };
  it('names the line of a merge that is none', () => {
    expect(() => tokenizerJsonOf({ a: 0 }, '#version: 0.2\na b\na\n', undefined, undefined, files)).toThrow(
      'merges.txt: line 3: expected two tokens, got "a".',
    );
    expect(() => tokenizerJsonOf([], '', undefined, undefined, files)).toThrow(
      'vocab.json: expected an object',
    );
    expect(() => tokenizerJsonOf({}, '', undefined, [], files)).toThrow(
      'added_tokens.json: expected an object',
    );
  });
});
