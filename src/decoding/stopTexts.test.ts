// Stop texts in pieces of every size, against looking at the whole text after each piece.
import { describe, expect, it } from 'vitest';
import { Rng } from '../math/rng';
import { ArLensError } from '../protocol/errors';
import { findStop, StopTexts } from './stopTexts';

const pieces = (texts: readonly string[], ...written: readonly string[]) => {
  const stops = new StopTexts(texts);
  for (const [at, piece] of written.entries()) {
    const found = stops.push(piece);
    if (found !== undefined) return { piece: at, ...found };
  }
  return undefined;
};

describe('StopTexts', () => {
  it('finds a stop that spans pieces, and one in the middle of a piece', () => {
    expect(pieces(['END'], 'the E', 'N', 'D of it')).toEqual({ piece: 2, text: 'END', at: 4 });
    expect(pieces(['\n\n'], 'a\n', 'b\n', '\nc')).toEqual({ piece: 2, text: '\n\n', at: 3 });
    expect(pieces(['END'], 'the E', 'N', 'T')).toBeUndefined();
  });

  it('of several takes the one that is complete first, of those that end together the longest', () => {
    expect(pieces(['cd', 'b'], 'abcd')).toMatchObject({ text: 'b', at: 1 });
    expect(pieces(['c', 'abc', 'bc'], 'xab', 'c')).toEqual({ piece: 1, text: 'abc', at: 1 });
    expect(findStop('abc', ['abc', 'bc'])).toEqual({ text: 'abc', at: 0 });
  });

  it('finds what looking at everything after each piece finds', () => {
    const random = new Rng(4);
    const word = (most: number) =>
      Array.from({ length: 1 + random.integer(most) }, () => 'ab€'[random.integer(3)]).join('');
    for (let round = 0; round < 500; round++) {
      const texts = [word(4), word(4)];
      const written = Array.from({ length: 12 }, () => word(3));
      const ends = (text: string, whole: string) => whole.indexOf(text) + text.length;
      const first = written.findIndex((_, at) => {
        const whole = written.slice(0, at + 1).join('');
        return texts.some((text) => whole.includes(text));
      });
      const found = pieces(texts, ...written);
      expect(found?.piece ?? -1).toBe(first);
      if (found === undefined) continue;
      const whole = written.slice(0, first + 1).join('');
      const end = Math.min(...texts.filter((text) => whole.includes(text)).map((text) => ends(text, whole)));
      expect(found.at + found.text.length).toBe(end);
      expect(whole.indexOf(found.text)).toBe(found.at);
    }
  });

  it('without texts never ends', () => expect(pieces([], 'a', '')).toBeUndefined());

  it.each([
    [[''], 'stop: expected a text of 1 to 1000 characters, got an empty one.'],
    [['x'.repeat(1001)], 'stop: expected a text of 1 to 1000 characters, got one of 1001.'],
    [Array.from({ length: 17 }, () => 'x'), 'stop: expected at most 16 texts, got 17.'],
  ])('refuses %j', (texts, sentence) => {
    expect(() => new StopTexts(texts)).toThrow(ArLensError);
    expect(() => new StopTexts(texts)).toThrow(sentence);
  });
});
