import { describe, expect, it } from 'vitest';
import { visibleWhitespace } from './visibleWhitespace';

describe('visibleWhitespace', () => {
  it.each([
    [' the', '·the'],
    ['\r\n', '␍↵'],
    ['\t', '→'],
    ['\0', '␀'],
    ['\u001b', '␛'],
    ['\u007f', '␡'],
    ['\u00a0', '⍽'],
    ['\ufeff', 'U+FEFF'],
    ['\u200d', 'U+200D'],
    ['\u2028', 'U+2028'],
    ['\u0301', '◌\u0301'],
    ['e\u0301', 'e\u0301'],
    ['\ud800', 'U+D800'],
    ['\ufe0f', 'U+FE0F'],
    ['', '∅'],
    ['\\xE2', '\\xE2'],
  ])('shows %j as %j', (text, shown) => {
    expect(visibleWhitespace(text)).toBe(shown);
  });

  it('leaves an emoji whole', () => {
    const family = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}';
    expect(visibleWhitespace(family)).toBe(family);
    expect(visibleWhitespace('❤\ufe0f')).toBe('❤\ufe0f');
  });
});
