// What is drawn where, for lines made of tokens with known bits.
import { describe, expect, it } from 'vitest';
import { sumBits } from './lineBits';
import { DecorationPlan, LAST_COLUMN, MOST_RANGES } from './plan';
import { scoresOf } from './scoresOf.testSupport';
import { TokenIndex } from './tokenIndex';

function indexOf(lengths: readonly number[], bits: readonly number[]): TokenIndex {
  const index = new TokenIndex();
  index.insert(scoresOf(lengths, 0, 0, bits));
  return index;
}

const options = { metric: 'surprisal', threshold: 3, lineEnds: true } as const;
const drawn = (plan: DecorationPlan): Record<number, number[]> =>
  Object.fromEntries([...plan.bins.entries()].filter(([, triples]) => triples.length > 0));

describe('DecorationPlan', () => {
  it('draws nothing below the threshold and the right bin above it', () => {
    const plan = new DecorationPlan(options);
    plan.addLine(indexOf([2, 3, 1, 4], [2.99, 3, 8.5, 40]), { line: 7, offset: 0, length: 10, next: 10 });
    expect(drawn(plan)).toEqual({ 4: [7, 2, 5], 9: [7, 5, 6], 12: [7, 6, 10] });
    expect(plan.lineEnds).toHaveLength(1);
    expect(plan.lineEnds[0]?.bits).toBeCloseTo(54.49, 4);
    expect(plan.lineEnds[0]).toMatchObject({ line: 7, column: 10 });
  });

  it('joins neighbours of one bin, and only neighbours', () => {
    const plan = new DecorationPlan(options);
    plan.addLine(indexOf([1, 1, 1, 1], [5.1, 5.9, 0, 5.5]), { line: 0, offset: 0, length: 4, next: 4 });
    expect(drawn(plan)).toEqual({ 6: [0, 0, 2, 0, 3, 4] });
  });

  it('counts the line end to its line, CRLF too, and clips a token to the line', () => {
    const index = indexOf([3, 2, 3], [4, 6, 4]); // "abc" "\r\n" "def"
    const [first, second] = [new DecorationPlan(options), new DecorationPlan(options)];
    first.addLine(index, { line: 0, offset: 0, length: 3, next: 5 });
    second.addLine(index, { line: 1, offset: 5, length: 3, next: 8 });
    expect(first.lineEnds[0]?.bits).toBeCloseTo(10, 5);
    expect(second.lineEnds[0]?.bits).toBeCloseTo(4, 5);
    expect(drawn(first)).toEqual({ 5: [0, 0, 3] });
    const across = new DecorationPlan(options);
    across.addLine(indexOf([4], [9]), { line: 0, offset: 0, length: 2, next: 3 });
    expect(drawn(across)).toEqual({ 10: [0, 0, 2] });
  });

  it('adds up the bytes of one character', () => {
    const scores = scoresOf([2, 2, 2], 0, 0, [2, 2, 2.5]);
    [0, 1, 2].forEach((row) => {
      scores.start[row] = 0;
      scores.end[row] = 2;
    });
    const index = new TokenIndex();
    index.insert(scores);
    const plan = new DecorationPlan(options);
    plan.addLine(index, { line: 0, offset: 0, length: 2, next: 3 });
    expect(drawn(plan)).toEqual({ 7: [0, 0, 2] });
  });

  it('has no figure for a token without context', () => {
    const plan = new DecorationPlan(options);
    plan.addLine(indexOf([1], [NaN]), { line: 0, offset: 0, length: 1, next: 1 });
    expect(drawn(plan)).toEqual({});
    expect(plan.lineEnds).toEqual([]);
  });

  it('stops where the editor stops drawing', () => {
    const count = LAST_COLUMN + 500;
    const index = indexOf(new Array<number>(count).fill(1), new Array<number>(count).fill(5));
    const plan = new DecorationPlan({ ...options, lineEnds: false });
    plan.addLine(index, { line: 0, offset: 0, length: count, next: count });
    expect(drawn(plan)).toEqual({ 6: [0, 0, LAST_COLUMN] });
  });

  it('stops at the most ranges it may have', () => {
    const count = LAST_COLUMN;
    const bits = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 9 : 5));
    const index = indexOf(new Array<number>(count).fill(1), bits);
    const plan = new DecorationPlan({ ...options, lineEnds: false });
    plan.addLine(index, { line: 0, offset: 0, length: count, next: count });
    const triples = plan.bins.flat();
    expect(triples.length / 3).toBe(MOST_RANGES);
    expect(plan.full).toBe(true);
  });
});

describe('sumBits', () => {
  it('counts a token to the line it starts in', () => {
    const index = indexOf([4, 4], [3, 5]);
    expect(sumBits(index, 0, 2)).toBeCloseTo(3, 5);
    expect(sumBits(index, 2, 8)).toBeCloseTo(5, 5);
    expect(sumBits(index, 5, 6)).toBeNaN();
  });
});
