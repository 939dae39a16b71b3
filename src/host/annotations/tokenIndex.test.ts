// The index against the plainest thing that could be right: a list of tokens, searched from the front.
import { describe, expect, it } from 'vitest';
import { scoresOf } from './scoresOf.testSupport';
import { splitScores } from './splitScores';
import { tokenEnd, tokenStart } from './tokenChunk';
import { TokenIndex } from './tokenIndex';

interface Plain {
  readonly token: number;
  readonly start: number;
  readonly end: number;
}

function inside(index: TokenIndex, start: number, end: number): Plain[] {
  const found: Plain[] = [];
  index.visit(start, end, (chunk, row) => {
    found.push({ token: chunk.scores.from + row, start: tokenStart(chunk, row), end: tokenEnd(chunk, row) });
  });
  return found;
}

const everything = (index: TokenIndex): Plain[] => inside(index, 0, Number.MAX_SAFE_INTEGER);

function plainEdit(tokens: readonly Plain[], offset: number, removed: number, inserted: number): Plain[] {
  const delta = inserted - removed;
  return tokens.flatMap((token) => {
    if (token.end <= offset) return [token];
    if (token.start >= offset + removed)
      return [{ ...token, start: token.start + delta, end: token.end + delta }];
    return [];
  });
}

/** A small generator: the same cases every time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('TokenIndex', () => {
  it('puts chunks that come out of order at their place', () => {
    const index = new TokenIndex();
    index.insert(scoresOf([1, 1, 1], 4, 6));
    index.insert(scoresOf([2, 2], 0, 0));
    expect(everything(index).map((each) => each.token)).toEqual([0, 1, 4, 5, 6]);
    expect(index.covers(0, 4)).toBe(true);
    expect(index.covers(0, 7)).toBe(false);
    index.insert(scoresOf([1, 1], 2, 4));
    expect(index.covers(0, 9)).toBe(true);
    expect(index.covers(0, 10)).toBe(false);
    expect(index.tokens).toBe(7);
  });

  it('lets newer scores of the same tokens win, at the edges and in the middle', () => {
    const index = new TokenIndex();
    index.insert(scoresOf([1, 1, 1, 1, 1, 1], 0, 0, [1, 1, 1, 1, 1, 1]));
    index.insert(scoresOf([1, 1], 2, 2, [9, 9]));
    const bits: number[] = [];
    index.visit(
      0,
      6,
      (chunk, row) => void bits.push(Math.round(-(chunk.scores.logProb[row] ?? 0) / Math.LN2)),
    );
    expect(bits).toEqual([1, 1, 9, 9, 1, 1]);
    expect(index.chunks).toHaveLength(3);
  });

  it('agrees with a plain list over random edits', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const below = numbers(seed);
      const lengths = Array.from({ length: 40 }, () => 1 + below(4));
      const index = new TokenIndex();
      let at = 0;
      for (let from = 0; from < 40; from += 10) {
        const part = lengths.slice(from, from + 10);
        index.insert(scoresOf(part, from, at));
        at += part.reduce((sum, each) => sum + each, 0);
      }
      let plain = everything(index);
      let length = at;
      for (let edit = 0; edit < 12; edit++) {
        const offset = below(length + 1);
        const removed = below(Math.min(8, length - offset) + 1);
        const inserted = below(6);
        index.edit(offset, removed, inserted);
        plain = plainEdit(plain, offset, removed, inserted);
        length += inserted - removed;
        expect(everything(index), `seed ${seed}, edit ${edit}`).toEqual(plain);
        const [a, b] = [below(length + 1), below(length + 1)].sort((x, y) => x - y) as [number, number];
        expect(inside(index, a, b)).toEqual(plain.filter((each) => each.end > a && each.start < b));
      }
    }
  });

  it('moves nothing but what lies behind an insertion at the edge of two tokens', () => {
    const index = new TokenIndex();
    index.insert(scoresOf([2, 2, 2]));
    index.edit(2, 0, 3);
    expect(everything(index)).toEqual([
      { token: 0, start: 0, end: 2 },
      { token: 1, start: 5, end: 7 },
      { token: 2, start: 7, end: 9 },
    ]);
    index.edit(6, 0, 1); // inside token 1: its score no longer holds
    expect(everything(index).map((each) => each.token)).toEqual([0, 2]);
    expect(index.covers(0, 2)).toBe(true);
    expect(index.covers(0, 9)).toBe(false);
  });

  it('finds all tokens of one character: they share its place', () => {
    const index = new TokenIndex();
    const scores = scoresOf([1, 2, 2, 2, 2, 1]);
    [1, 2, 3, 4].forEach((row) => {
      scores.start[row] = 1;
      scores.end[row] = 3;
    });
    scores.start[5] = 3;
    scores.end[5] = 4;
    index.insert(scores);
    expect(inside(index, 1, 2).map((each) => each.token)).toEqual([1, 2, 3, 4]);
    expect(inside(index, 2, 3).map((each) => each.token)).toEqual([1, 2, 3, 4]);
    expect(inside(index, 3, 4).map((each) => each.token)).toEqual([5]);
  });

  it('finds a token by its number, and none where there is none', () => {
    const index = new TokenIndex();
    index.insert(scoresOf([1, 1, 1], 10, 10));
    expect(index.find(11)).toMatchObject({ row: 1 });
    expect(index.find(9)).toBeUndefined();
    expect(index.find(13)).toBeUndefined();
  });
});

describe('splitScores', () => {
  it('cuts over the same memory and keeps every token', () => {
    const scores = scoresOf(new Array<number>(40_000).fill(1));
    const parts = splitScores(scores);
    expect(parts.map((part) => part.start.length)).toEqual([16_384, 16_384, 7_232]);
    expect(parts.map((part) => part.from)).toEqual([0, 16_384, 32_768]);
    expect(parts[1]?.start.buffer).toBe(scores.start.buffer);
    expect(parts[2]?.start[0]).toBe(32_768);
  });
});
