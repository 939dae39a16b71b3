// A run of consecutive scored tokens as it came from the engine, seen through a window and moved by later edits.
// The columns are never copied or changed: trimming narrows the window, an edit changes `shift`.
import type { TokenScores } from '../../protocol/engine';

export interface TokenChunk {
  readonly scores: TokenScores;
  /** Rows of `scores` that are valid: `low` (inclusive) to `high` (exclusive). */
  readonly low: number;
  readonly high: number;
  /** UTF-16 units that edits have moved these tokens by. */
  readonly shift: number;
}

export const chunkOf = (scores: TokenScores): TokenChunk => ({
  scores,
  low: 0,
  high: scores.start.length,
  shift: 0,
});

/** Index in the token sequence of the first valid row. */
export const firstToken = (chunk: TokenChunk): number => chunk.scores.from + chunk.low;
export const endToken = (chunk: TokenChunk): number => chunk.scores.from + chunk.high;
export const tokenStart = (chunk: TokenChunk, row: number): number =>
  (chunk.scores.start[row] ?? 0) + chunk.shift;
export const tokenEnd = (chunk: TokenChunk, row: number): number =>
  (chunk.scores.end[row] ?? 0) + chunk.shift;
export const chunkStart = (chunk: TokenChunk): number => tokenStart(chunk, chunk.low);
export const chunkEnd = (chunk: TokenChunk): number => tokenEnd(chunk, chunk.high - 1);

/** The same chunk with a narrower window, or undefined when nothing is left. */
export function narrowed(
  chunk: TokenChunk,
  low: number,
  high: number,
  shift = chunk.shift,
): TokenChunk | undefined {
  return low < high ? { scores: chunk.scores, low, high, shift } : undefined;
}

/** First row whose end lies after `offset`: the row at `offset`, or the next one. */
export function firstRowEndingAfter(chunk: TokenChunk, offset: number): number {
  return bisect(chunk.low, chunk.high, (row) => tokenEnd(chunk, row) > offset);
}

/** First row that starts at `offset` or later. */
export function firstRowFrom(chunk: TokenChunk, offset: number): number {
  return bisect(chunk.low, chunk.high, (row) => tokenStart(chunk, row) >= offset);
}

/** Smallest value in [low, high) that `holds` is true for, or `high`; `holds` must be false then true. */
export function bisect(low: number, high: number, holds: (value: number) => boolean): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
