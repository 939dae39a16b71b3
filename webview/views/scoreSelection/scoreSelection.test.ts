// The running product, where rows of a long list are, and numbers no double holds, in words.
import { describe, expect, it } from 'vitest';
import type { ScoreSelectionContent } from '../../../src/protocol/scoreSelection';
import { rowAtScroll, scrollOfRow, spaceOf, ROW } from './listLayout';
import { Terms } from './terms';
import { probabilityOf, summarySentence } from './words';

describe('terms', () => {
  it('multiply in order, part by part', () => {
    const terms = new Terms(4);
    terms.add({ from: 0, id: Int32Array.of(0, 1), logProb: Float32Array.of(-1, -2) });
    expect(terms.complete).toBe(false);
    terms.add({ from: 2, id: Int32Array.of(2, 1), logProb: Float32Array.of(-4, -8) });
    expect(terms.complete).toBe(true);
    expect([...terms.running]).toEqual([-1, -3, -7, -15]);
    expect(terms.total).toBe(-15);
  });

  it('leave out a token that is not scored, and name the others by their ids', () => {
    const terms = new Terms(3);
    terms.add({ from: 0, id: Int32Array.of(7, 8, 7), logProb: Float32Array.of(NaN, -1, -1) });
    terms.name([
      [7, 'a'],
      [8, ' b'],
    ]);
    expect([...terms.running]).toEqual([0, -1, -2]);
    expect([0, 1, 2].map((row) => terms.textOf(row))).toEqual(['a', ' b', 'a']);
  });
});

describe('a probability in words', () => {
  it.each([
    [0, '1'],
    [Math.log(0.01), '0.01000'],
    [Math.log(0.0005), '5.000 × 10⁻⁴'],
    [-838_860, /^\d\.\d{3} × 10⁻³⁶⁴³¹³$/],
    [NaN, 'not scored'],
  ])('e^%d', (log, words) => {
    if (typeof words === 'string') expect(probabilityOf(log)).toBe(words);
    else expect(probabilityOf(log)).toMatch(words);
  });
});

it('a selection is said with count, stride and badge', () => {
  const summary = { nll: 3 * Math.LN2, scored: 2, perplexity: 2 ** 1.5, stride: 32, likelihood: 'exact' };
  expect(summarySentence({ file: 'a.md', summary } as ScoreSelectionContent)).toBe(
    'a.md: 3.00 bits over 2 tokens, PPL 2.83 with stride 32, exact',
  );
});

describe('a list of any length', () => {
  const HEIGHT = 16 * ROW;
  it.each([1, 16, 17, 5000, 2 ** 20, 16 * 2 ** 20])('of %i rows reaches its first and its last', (rows) => {
    const space = spaceOf(rows, HEIGHT);
    expect(space).toBeLessThanOrEqual(Math.max(HEIGHT, 8_000_000));
    expect(rowAtScroll(0, rows, HEIGHT)).toBe(0);
    const last = rowAtScroll(space - HEIGHT, rows, HEIGHT);
    expect(last).toBe(Math.max(0, rows - 16));
  });

  it.each([5000, 2 ** 20])('of %i rows brings a row into sight, and stays where it is in sight', (rows) => {
    let scroll = 0;
    for (const row of [0, 15, 16, 1000, 999, rows - 1, rows / 2, 0]) {
      scroll = scrollOfRow(row, scroll, rows, HEIGHT);
      const first = rowAtScroll(scroll, rows, HEIGHT);
      expect(row, `${row} from ${first}`).toBeGreaterThanOrEqual(first);
      expect(row).toBeLessThan(first + 17);
      expect(scrollOfRow(row, scroll, rows, HEIGHT)).toBe(scroll);
    }
  });
});
