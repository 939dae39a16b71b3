// Patterns in Oniguruma's syntax: what they find, what is refused by name, and that no pattern runs for ever.
// That they find what Oniguruma finds is test/golden/tokenizers' business; these are the edges.
import { describe, expect, it } from 'vitest';
import { Pattern, TooManySteps } from './matcher';
import { PatternError } from './reader';

function found(pattern: string, text: string): string[] {
  const matches: string[] = [];
  new Pattern(pattern).findAll(text, (start, end) => matches.push(text.slice(start, end)));
  return matches;
}

describe('a pattern', () => {
  it.each([
    ['(?>a+)a', 'aaa', []],
    ['a++a|b', 'aab', ['b']],
    ['a{2}+', 'aaaaa', ['aaaa']],
    ['a{2}?', 'aaa', ['aa', '']],
    ['a+?b', 'aab', ['aab']],
    ['(?<!\\S)b', 'b ab b', ['b', 'b']],
    ['(?<=a|bc)d', 'adbcd', ['d', 'd']],
    ['\\s+(?!\\S)|\\s+', '  a ', [' ', ' ', ' ']],
    ["(?i:'s|k)", "'s'S'\u017f\u212a", ["'s", "'S", "'\u017f", '\u212a']],
    ['[a-z&&[^aeiou]]', 'hello', ['h', 'l', 'l']],
    ['[^\\s\\p{L}\\p{N}]+', 'a.😀 1', ['.😀']],
    ['\\p{N}', '1²½٣Ⅷa', ['1', '²', '½', '٣', 'Ⅷ']],
    ['[\\w]|\\w', '½', ['½']],
    ['[\\w]', '½', []],
    ['\\s', '\u0085\ufeff', ['\u0085']],
    ['.', '\n😀', ['😀']],
    ['(?m:.)', '\n', ['\n']],
    ['a|', 'ba', ['', 'a']],
    ['\\p{Han}+', 'a東京b', ['東京']],
  ])('%s finds in %j', (pattern, text, matches) => {
    expect(found(pattern, text)).toEqual(matches);
  });

  it.each([
    ['(a)\\1', 'the escape \\1 at offset 3'],
    ['(?(1)a|b)', 'the group (?('],
    ['\\Ka', 'the escape \\K'],
    ['\\X', 'the escape \\X'],
    ['(?x) a', 'the group (?x'],
    ['\\p{Nonsense}', 'an unknown property at offset 0'],
    ['[a', 'an unfinished class'],
    ['(a', 'an unfinished group'],
    ['a)', 'an unmatched ")"'],
    ['*a', 'a repetition of nothing'],
    ['(?:a?)*', 'a repetition of what may be empty'],
    ['(?<=a+)b', 'a look behind of no fixed length'],
    ['(?i:st)', 'which may be one character'],
    ['(?i:é)', 'letters beyond ASCII whatever their case'],
    ['[z-a]', 'a range that is none'],
    ['a{2000}', 'a repetition outside 0 to 1000'],
    ['('.repeat(200), 'groups more than 100 deep'],
    ['a'.repeat(20_000), 'more than 10000 characters'],
  ])('%.20s is refused by name', (pattern, got) => {
    expect(() => new Pattern(pattern)).toThrow(PatternError);
    expect(() => new Pattern(pattern)).toThrow(got);
  });

  it('that would make too large a program is refused', () => {
    expect(() => new Pattern('(?:(?:ab){1000}){1000}')).toThrow('more than 20000 instructions');
  });

  it.each(['(?:a+)+b', '(?:a|aa)+b', '(?:a*a)*?b', '(?:(?:a|a)+)+$'.replace('$', 'c')])(
    '%s ends on a text that it would never end on',
    (pattern) => {
      const begun = performance.now();
      expect(() => found(pattern, 'a'.repeat(3000))).toThrow(TooManySteps);
      expect(performance.now() - begun).toBeLessThan(20_000);
    },
  );

  it('takes a word of a million characters in one go', () => {
    const word = 'é'.repeat(1_000_000);
    expect(found(' ?\\p{L}+|\\s+(?!\\S)', `${word} ${word}`).map(({ length }) => length)).toEqual([
      1e6,
      1e6 + 1,
    ]);
  });
});
