// Stops over real tokens: a text of several, a character that bytes cut, the token between texts; and the same asked of
// a whole text as of one that comes token by token.
import { describe, expect, it } from 'vitest';
import { byteTokenizer, characterTokenizer, type Tokenizer } from '../../data/tokenizer';
import { Rng } from '../../math/rng';
import { StopWatch, stopRule, type StopParams } from './stops';

const bytes = byteTokenizer();

/** After how many tokens it ends, and why. */
function watched(tokenizer: Tokenizer, params: StopParams, ids: readonly number[]) {
  const watch = new StopWatch(tokenizer, params);
  for (const [at, id] of ids.entries()) if (watch.push(id)) return { tokens: at + 1, stopped: watch.stopped };
  return undefined;
}

describe('a stop', () => {
  it('of several tokens, among several texts, after a broken character', () => {
    const ids = [0xe2, 0x82, ...bytes.encode('ab\n\ncd').ids];
    expect(watched(bytes, { stop: ['\n\n', 'cd'] }, ids)).toEqual({
      tokens: 6,
      stopped: { why: 'text', text: '\n\n', at: bytes.decode(ids).indexOf('\n\n') },
    });
  });

  it('of a character of four bytes, only once all of them are there', () => {
    const ids = [...bytes.encode('x😀y').ids];
    expect(watched(bytes, { stop: ['😀'] }, ids)).toEqual({
      tokens: 5,
      stopped: { why: 'text', text: '😀', at: 1 },
    });
    expect(watched(bytes, { stop: ['é'] }, ids)).toBeUndefined();
  });

  it('at the token between texts only where it is asked for, and refused where there is none', () => {
    const ids = [97, bytes.end ?? NaN, 98];
    expect(watched(bytes, { stopAtEnd: true }, ids)).toEqual({ tokens: 2, stopped: { why: 'end' } });
    expect(watched(bytes, {}, ids)).toBeUndefined();
    const none = { ...characterTokenizer('ab'), end: undefined };
    for (const make of [
      () => new StopWatch(none, { stopAtEnd: true }),
      () => stopRule(none, { stopAtEnd: true }),
    ])
      expect(make).toThrow('no token that ends a text');
  });

  it('says the same of a whole text as of its tokens one by one', () => {
    const random = new Rng(6);
    const alphabet = [...bytes.encode('aé€').ids, 98];
    const params = { stop: ['aé', '€b', 'bb'], stopAtEnd: true };
    const rule = stopRule(bytes, params);
    for (let round = 0; round < 300; round++) {
      const ids = Array.from({ length: 20 }, () =>
        random.integer(30) === 0 ? (bytes.end ?? 0) : (alphabet[random.integer(alphabet.length)] ?? 0),
      );
      const one = watched(bytes, params, ids);
      const end = ids.findIndex((_, at) => rule(ids.slice(0, at + 1)) !== undefined);
      expect(end < 0 ? undefined : end + 1).toBe(one?.tokens);
      if (one !== undefined) expect(rule(ids.slice(0, one.tokens))).toEqual(one.stopped);
    }
  });
});
