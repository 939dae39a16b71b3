// The scores of a part of a text: rows and places, in parts that the view can put together again.
import { describe, expect, it } from 'vitest';
import type { TokenScores } from '../../protocol/engine';
import { SelectionScores } from './selectionScores';

/** Tokens [from, from + count) of a text of one unit each. */
function chunk(from: number, count: number, tokens: number) {
  const at = Array.from({ length: count }, (_, i) => from + i);
  const scores: TokenScores = {
    from,
    id: Int32Array.from(at, (place) => place % 7),
    start: Uint32Array.from(at),
    end: Uint32Array.from(at, (place) => place + 1),
    byteStart: Uint32Array.from(at),
    byteEnd: Uint32Array.from(at, (place) => place + 1),
    logProb: Float32Array.from(at, (place) => -place),
    entropy: new Float32Array(count),
    rank: new Int32Array(count),
    top: 0,
    topId: new Int32Array(0),
    topLogProb: new Float32Array(0),
  };
  return { scores, texts: [[from % 7, `t${from % 7}`] as const], tokens };
}

describe('SelectionScores', () => {
  it('has its own rows, from the first token that came', () => {
    const scores = new SelectionScores(3);
    scores.add(chunk(100, 40_000, 50_000));
    scores.add(chunk(40_100, 10_000, 50_000));
    expect(scores.first).toBe(100);
    expect(scores.rows).toBe(50_000);
    expect(scores.range).toEqual({ start: 100, end: 50_100 });
    expect(scores.rangeOf(0)).toEqual({ start: 100, end: 101 });
    expect(scores.rangeOf(49_999)).toEqual({ start: 50_099, end: 50_100 });
    for (const row of [-1, 0.5, 50_000, NaN]) expect(scores.rangeOf(row)).toBeUndefined();
    expect([99, 100, 101, 50_099, 50_100, 50_101].map((offset) => scores.rowAt(offset))).toEqual([
      -1, 0, 1, 49_999, 49_999, -1,
    ]);
    const parts = [...scores.parts()];
    expect(parts.map(({ from, rows, id }) => [from, rows, id.length])).toEqual([
      [0, 50_000, 32_768],
      [32_768, 50_000, 17_232],
    ]);
    expect(parts[1]?.logProb[0]).toBe(-(100 + 32_768));
    // A part is a copy: the whole column must not travel with it.
    expect(parts[1]?.id.buffer.byteLength).toBe(4 * 17_232);
  });

  it('of nothing has nothing', () => {
    const scores = new SelectionScores(1);
    expect([...scores.parts()]).toEqual([]);
    expect(scores.rowAt(0)).toBe(-1);
  });

  it('finds the row of a code point of several tokens, the first of them', () => {
    const scores = new SelectionScores(1);
    const whole = chunk(0, 4, 4);
    const pair = { start: Uint32Array.of(0, 0, 0, 0), end: Uint32Array.of(2, 2, 2, 2) };
    scores.add({ ...whole, scores: { ...whole.scores, ...pair } });
    expect(scores.rowAt(1)).toBe(0);
    expect(scores.range).toEqual({ start: 0, end: 2 });
  });
});
