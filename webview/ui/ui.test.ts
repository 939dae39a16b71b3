// Shared text and keys: numbers as people read them, tokens with everything made visible, CSV that parses back.
import { describe, expect, it } from 'vitest';
import { surprisalBins, hiddenCount } from '../views/likelihood/bins';
import { toCsv, toJson } from './copyAsData';
import {
  formatClock,
  formatCount,
  formatDuration,
  formatLarge,
  formatShort,
  formatSmall,
  formatValue,
  visibleToken,
} from './format';
import { moveByKey } from './keyboard';
import { NO_GLYPH, visibleText } from './visibleText';

describe('numbers', () => {
  it('group digits by a thin space', () => {
    expect(formatCount(999)).toBe('999');
    expect(formatCount(1_115_394)).toBe('1\u202f115\u202f394');
  });
  it('say what is not finite', () => {
    expect(formatValue(NaN)).toBe('not a number');
    expect(formatValue(-Infinity)).toBe('−∞');
  });
  it('write small and large ones short', () => {
    expect(formatSmall(0.000384)).toBe('3.84e-4');
    expect(formatSmall(0)).toBe('0');
    expect([0.001, 2.5, 1, 0.25, 120_000].map(formatShort)).toEqual(['1e-3', '2.5', '1', '0.25', '1.2e5']);
    expect(formatLarge(10_700_000)).toEqual({ digits: '10.7', scale: 'M' });
    expect(formatLarge(812_000)).toEqual({ digits: '812', scale: 'k' });
    expect(formatLarge(4321).scale).toBe('');
  });
  it('turn seconds into what a clock shows', () => {
    expect(formatDuration(59.4)).toEqual({ digits: '59', unit: 's' });
    expect(formatDuration(607)).toEqual({ digits: '10:07', unit: 'min' });
    expect(formatDuration(3600)).toEqual({ digits: '1:00', unit: 'h' });
    expect(formatDuration(200_000)).toEqual({ digits: '2.3', unit: 'days' });
    const evening = new Date(2026, 0, 1, 23, 50);
    expect(formatClock(300, evening)).toBe('at 23:55 today');
    expect(formatClock(1200, evening)).toBe('at 00:10 tomorrow');
    expect(formatClock(3 * 86_400, evening)).toBe('at 23:50 in 3 days');
  });
});

describe('visibleToken', () => {
  it.each([
    [' the', '·the'],
    ['\r\n', '␍↵'],
    ['\t', '⇥'],
    ['\u0000', '⟨0000⟩'],
    ['\u200d', '⟨200D⟩'],
    ['\ufeffa', '⟨FEFF⟩a'],
    ['\u0301', '⟨0301⟩'],
    ['e\u0301', 'e\u0301'],
    ['\u200d\u0301', '⟨200D⟩⟨0301⟩'],
    ['👩', '👩'],
    ['\ud83d', '⟨D83D⟩'],
    ['', '∅'],
  ])('%j is shown as %s', (token, shown) => {
    expect(visibleToken(token)).toBe(shown);
  });
});

describe('copy as data', () => {
  it('quotes what CSV needs quoted and leaves out what is no number', () => {
    const csv = toCsv([
      { name: 'a, b', values: [1, NaN, null] },
      { name: 'text', values: ['plain', 'say "x"', 'two\nlines'] },
    ]);
    expect(csv).toBe('"a, b",text\n1,plain\n,"say ""x"""\n,"two\nlines"\n');
  });
  it('writes typed arrays as plain ones', () => {
    const json = toJson({ about: 1 }, { table: [{ name: 'x', values: Float64Array.of(1, NaN) }] });
    expect(JSON.parse(json)).toEqual({ about: 1, table: { x: [1, null] } });
  });
});

describe('keys', () => {
  it('move inside the list and no further', () => {
    expect(moveByKey('ArrowDown', 2, 3)).toBe(2);
    expect(moveByKey('ArrowUp', 2, 3)).toBe(1);
    expect(moveByKey('PageUp', 2, 30)).toBe(0);
    expect(moveByKey('End', 0, 30)).toBe(29);
    expect(moveByKey('a', 0, 30)).toBeUndefined();
    expect(moveByKey('End', 0, 0)).toBeUndefined();
  });
});

describe('the bins of surprisal', () => {
  it('are twelve, hollow below the threshold, the last one open', () => {
    const counts = [5, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 7];
    const bins = surprisalBins(counts, 3);
    expect(bins.map((bin) => bin.hollow)).toEqual([true, true, true, ...Array<boolean>(9).fill(false)]);
    expect(bins.at(-1)).toMatchObject({
      label: '11+',
      range: '11 and more',
      count: 7,
      colour: 'ar-surprisal-12',
    });
    expect(hiddenCount(bins)).toBe(12);
  });
  it('draw a bin that the threshold cuts, and the last one at any threshold within it', () => {
    expect(surprisalBins([], 2.5)[2]?.hollow).toBe(false);
    expect(surprisalBins([], 11)[11]?.hollow).toBe(false);
    expect(surprisalBins([], 16)[11]?.hollow).toBe(false);
  });
});

describe('text a model wrote', () => {
  it('shows no box where a character has no glyph, and leaves the rest alone', () => {
    expect(visibleText('a\u0000b\u0007c\u007fd\u0085e\ue000f')).toBe(
      `a${'b c d e f'
        .split(' ')
        .map((c) => NO_GLYPH + c)
        .join('')}`,
    );
    expect(visibleText('line\n\ttab é 你 😀')).toBe('line\n\ttab é 你 😀');
  });
});
