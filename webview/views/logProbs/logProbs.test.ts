// The arithmetic under the Log-probs view, at its edges: sums of a million terms, windows, passages, two tokenizers.
import { describe, expect, it } from 'vitest';
import type { ScoreSummary } from '../../../src/protocol/engine';
import { align, wins } from './alignment';
import { countCharacters, ledger } from './ledger';
import { bitsPerByte, passages } from './passages';
import { cumulativeBits, grid, rollingBitsPerByte, thinned } from './rolling';
import { cellMean, fileLayout, pageLayout, tokenLayout } from './stripLayout';
import { binOf, histogramOf, rangeOf, surprisalSource } from './stripSource';
import { TokenColumns } from '../../ui/tokenColumns';

/** Tokens of these byte lengths with these bits; text and bytes are the same. */
function columnsOf(bits: readonly number[], lengths?: readonly number[]): TokenColumns {
  const columns = new TokenColumns(bits.length);
  const end = new Uint32Array(bits.length);
  let at = 0;
  bits.forEach((_, i) => (end[i] = at += lengths?.[i] ?? 1));
  const start = Uint32Array.from(end, (_, i) => (i === 0 ? 0 : (end[i - 1] ?? 0)));
  const logProb = Float32Array.from(bits, (value) => -value * Math.LN2);
  columns.add({ from: 0, start, end, byteStart: start, byteEnd: end, logProb });
  return columns;
}

describe('columns', () => {
  it('add a million small terms without losing digits', () => {
    const columns = columnsOf(new Array<number>(1_000_000).fill(0.1));
    expect(columns.sum(0, 1_000_000)).toBeCloseTo(100_000, 1);
    // The same sum in single precision is off by hundreds: what doubles are for.
    const single = new Float32Array(1);
    for (let i = 0; i < 1_000_000; i++) single[0] = (single[0] ?? 0) + 0.1;
    expect(Math.abs((single[0] ?? 0) - 100_000)).toBeGreaterThan(100);
  });

  it('take parts in order and refuse a gap', () => {
    const columns = new TokenColumns(3);
    const part = (from: number, length: number) => {
      const places = Uint32Array.from({ length }, (_, i) => from + i);
      const ends = places.map((place) => place + 1);
      return {
        from,
        start: places,
        end: ends,
        byteStart: places,
        byteEnd: ends,
        logProb: new Float32Array(length),
      };
    };
    columns.add(part(0, 1));
    expect(() => columns.add(part(2, 1))).toThrow(/expected a part from 1, got one from 2/);
    columns.add(part(1, 2));
    expect(columns.complete).toBe(true);
    expect([0, 1, 2, 9].map((offset) => columns.at(offset))).toEqual([0, 1, 2, 2]);
  });

  it('count a token without context as nothing', () => {
    const columns = columnsOf([NaN, 2, 3]);
    expect(columns.sum(0, 3)).toBeCloseTo(5);
    expect(histogramOf(surprisalSource(columns)).reduce((sum, count) => sum + count)).toBe(2);
  });
});

describe('rolling bits/byte', () => {
  it('is over the whole tokens of the last bytes', () => {
    const values = rollingBitsPerByte(columnsOf([1, 2, 3, 4, 5]), 2);
    expect([...values].map((value) => Number(value.toFixed(3)))).toEqual([1, 1.5, 2.5, 3.5, 4.5]);
  });
  it('is of one token where the window is narrower than it', () => {
    const values = rollingBitsPerByte(columnsOf([8, 4], [4, 1]), 2);
    expect([...values].map((value) => Number(value.toFixed(3)))).toEqual([2, 4]);
  });
  it('starts after a token that was not scored', () => {
    const values = rollingBitsPerByte(columnsOf([NaN, 2, 4]), 10);
    expect(values[0]).toBeNaN();
    expect(values[2]).toBeCloseTo(3);
  });
  it('keeps every peak when it is thinned to pixels', () => {
    const bits = new Array<number>(10_000).fill(1);
    bits[7777] = 40;
    const columns = columnsOf(bits);
    const shown = thinned(columns, rollingBitsPerByte(columns, 1), grid(10_000, 100));
    expect(Math.max(...shown)).toBeCloseTo(40, 3);
    expect(shown.filter((value) => value > 2)).toHaveLength(1);
  });
  it('shows the token that spans a pixel in which none ends', () => {
    const columns = columnsOf([8, 2], [8, 2]);
    const shown = thinned(columns, rollingBitsPerByte(columns, 1), grid(10, 10));
    expect([...shown].some(Number.isNaN)).toBe(false);
  });
});

describe('cumulative bits', () => {
  it('rise from nothing and count a token when it has ended', () => {
    expect(
      [...cumulativeBits(columnsOf([1, 2, 3, 4]), Float64Array.of(0.5, 1.5, 3.9, 4))].map(Math.round),
    ).toEqual([0, 1, 6, 10]);
  });
});

describe('passages', () => {
  const bits = new Array<number>(100).fill(1);
  bits.splice(40, 8, 9, 9, 9, 9, 9, 9, 9, 9);
  bits.splice(70, 4, 0, 0, 0, 0);
  const columns = columnsOf(bits);

  it('find the window that costs most, and do not overlap', () => {
    const found = passages(columns, 8, 5, 1);
    expect(found[0]).toMatchObject({ low: 40, high: 48, bytes: 8 });
    expect(bitsPerByte(found[0] ?? { low: 0, high: 0, bits: 0, bytes: 1 })).toBeCloseTo(9);
    const sorted = [...found].sort((a, b) => a.low - b.low);
    sorted.slice(1).forEach((one, i) => expect(one.low).toBeGreaterThanOrEqual(sorted[i]?.high ?? 0));
  });
  it('find the likeliest', () => {
    const [best] = passages(columns, 4, 1, -1);
    expect(best).toMatchObject({ low: 70, high: 74 });
  });
  it('agree with trying every window', () => {
    const random = Array.from({ length: 300 }, (_, i) => Math.abs(Math.sin(i * 12.9898) * 10) % 5);
    const lengths = random.map((_, i) => 1 + (i % 3));
    const all = columnsOf(random, lengths);
    let best = -Infinity;
    for (let low = 0; low < 300; low++) {
      for (let high = low + 1; high <= 300; high++) {
        const bytes = (all.byteEnd[high - 1] ?? 0) - (all.byteStart[low] ?? 0);
        const next = high < 300 ? (all.byteEnd[high] ?? 0) - (all.byteStart[low] ?? 0) : Infinity;
        if (bytes <= 16 && next > 16 && bytes >= 8) best = Math.max(best, all.sum(low, high) / bytes);
      }
    }
    const [found] = passages(all, 16, 1, 1);
    expect(found && bitsPerByte(found)).toBeCloseTo(best, 9);
  });
  it('are the whole text where it is shorter than half a window', () => {
    expect(passages(columnsOf([1, 2]), 64, 5, 1)).toEqual([
      { low: 0, high: 2, bits: expect.closeTo(3) as number, bytes: 2 },
    ]);
    expect(passages(new TokenColumns(0), 64, 5, 1)).toEqual([]);
  });
});

describe('two tokenizers', () => {
  it('are compared where both have a token’s end', () => {
    // |ab|c|def| against |a|bc|de|f|: common ends at 3 and 6.
    const aligned = align(columnsOf([2, 1, 6], [2, 1, 3]), columnsOf([1, 3, 2, 2], [1, 2, 2, 1]));
    expect([...aligned.byteEnd]).toEqual([3, 6]);
    expect([...aligned.difference].map((value) => Number(value.toFixed(3)))).toEqual([-1, 2]);
    expect([...aligned.firstToken]).toEqual([0, 2, 3]);
    expect([...aligned.secondToken]).toEqual([0, 2, 4]);
    expect(wins(aligned.difference)).toEqual({
      compared: 2,
      first: 1,
      second: 1,
      even: 0,
      firstSaves: expect.closeTo(1) as number,
      secondSaves: expect.closeTo(2) as number,
    });
  });
  it('are token by token where they are the same, and even with themselves', () => {
    const columns = columnsOf([1, 2, 3]);
    const aligned = align(columns, columnsOf([1, 2, 3]));
    expect(aligned.count).toBe(3);
    expect(wins(aligned.difference)).toMatchObject({ compared: 3, even: 3 });
  });
  it('leave out what either did not score', () => {
    const aligned = align(columnsOf([NaN, 2]), columnsOf([1, 1]));
    expect(aligned.difference[0]).toBeNaN();
    expect(wins(aligned.difference)).toMatchObject({ compared: 1, second: 1 });
  });
  it('keep the totals: differences add up to the difference of the sums', () => {
    const [one, other] = [columnsOf([2, 1, 6, 3], [2, 1, 3, 1]), columnsOf([1, 3, 2, 9], [1, 2, 3, 1])];
    const aligned = align(one, other);
    expect(aligned.before[aligned.count]).toBeCloseTo(one.sum(0, 4) - other.sum(0, 4), 5);
  });
  it('meet at the end of the text, although one leaves the end out', () => {
    const aligned = align(columnsOf([1, 4], [1, 2]), columnsOf([2, 2, 3, 1], [1, 2, 1, 1]));
    expect([...aligned.byteEnd]).toEqual([1, 5]);
    expect([...aligned.difference].map((value) => Number(value.toFixed(3)))).toEqual([-1, -2]);
  });
  it('count several tokens that end at one byte once, and one that covers none', () => {
    const aligned = align(columnsOf([1, 2, 3, 1], [0, 2, 0, 1]), columnsOf([4, 1], [2, 1]));
    expect([...aligned.firstToken]).toEqual([0, 3, 4]);
    expect([...aligned.secondToken]).toEqual([0, 1, 2]);
    expect(aligned.difference[0]).toBeCloseTo(2);
    expect(aligned.difference[1]).toBeCloseTo(0);
  });
});

describe('the ledger', () => {
  it('quotes one likelihood in six units that agree with each other', () => {
    const summary = {
      nll: 2 * Math.LN2 * 30,
      scored: 30,
      bytes: 40,
      bitsPerByte: 1.5,
      perplexity: 4,
      likelihood: 'exact',
    } as ScoreSummary;
    const values = Object.fromEntries(ledger(summary, 20).map(({ id, figure }) => [id, figure.value]));
    expect(values).toEqual({
      nats: expect.closeTo(41.5888, 3) as number,
      bits: expect.closeTo(60) as number,
      perToken: expect.closeTo(2) as number,
      perCharacter: expect.closeTo(3) as number,
      perByte: 1.5,
      perplexity: 4,
    });
    for (const { figure } of ledger(summary, 20)) {
      expect(figure.badge).toBe('exact');
      expect(figure.count).toBeGreaterThan(0);
    }
  });
  it.each([
    ['abc', 3],
    ['e\u0301', 2],
    ['😀', 1],
    ['\ud83d', 1],
    ['\ud83dx', 2],
    ['', 0],
  ])('counts the code points of %j: %i', (text, count) => {
    expect(countCharacters(text)).toBe(count);
  });
});

describe('bins', () => {
  it('are one bit each, open at the ends, and name what they cover', () => {
    expect([0, 0.99, 1, 11, 99, NaN].map((bits) => binOf('surprisal', bits))).toEqual([0, 0, 1, 11, 11, -1]);
    expect([-99, -0.4, 0, 0.6, 99].map((bits) => binOf('difference', bits))).toEqual([0, 5, 5, 6, 10]);
    expect([0, 5, 10].map((bin) => rangeOf('difference', bin))).toEqual([
      '−4.5 and less',
      '−0.5 to +0.5',
      '+4.5 and more',
    ]);
  });
});

describe('the strip', () => {
  it('fits any text into sixteen rows', () => {
    for (const count of [1, 7, 150, 5_000, 19_200, 19_201, 1_000_000]) {
      for (const width of [336, 824, 1200]) {
        const { cell, perCell, perRow, rows } = fileLayout(count, width);
        expect(rows).toBeLessThanOrEqual(16);
        expect(rows * perRow * perCell).toBeGreaterThanOrEqual(count);
        expect(cell * perRow).toBeLessThanOrEqual(width);
      }
    }
  });
  it('shows the mean of a cell', () => {
    const source = surprisalSource(columnsOf([1, 3, 8]));
    const layout = { cell: 1, perCell: 2, perRow: 2, rows: 1 };
    expect(cellMean(source, layout, 0)).toBeCloseTo(2);
    expect(cellMean(source, layout, 1)).toBeCloseTo(8);
  });
  it('lays out a page around the focus, wherever it is, with the focus on it', () => {
    const text = 'a line of words\n'.repeat(200) + 'x'.repeat(3000) + '\nend';
    const source = surprisalSource(columnsOf(new Array<number>(text.length).fill(1)));
    for (const focus of [0, 15, 16, 1600, 3199, 3200, 4700, text.length - 1]) {
      const glyphs = pageLayout(text, source, focus, 40, 12);
      expect(
        glyphs.some(({ low, high }) => focus >= low && focus < high),
        `focus ${focus}`,
      ).toBe(true);
      expect(Math.max(...glyphs.map(({ row }) => row))).toBeLessThan(12);
      expect(Math.max(...glyphs.map(({ column, width }) => column + width))).toBeLessThanOrEqual(40);
    }
  });
  it('turns pages of tokens', () => {
    expect(tokenLayout(0, 520, 3)).toEqual({ from: 0, perRow: 10, rows: 3 });
    expect(tokenLayout(61, 520, 3).from).toBe(60);
  });
});
