// Bits of a line: the surprisal of the tokens that start in it, its line end included. Always surprisal, whatever the colours show.
import { rowBits } from './glyphs';
import { tokenStart } from './tokenChunk';
import type { TokenIndex } from './tokenIndex';

/** A line longer than this is summed up to here only: a sum over a part says nothing, so it gives none. UTF-16 units. */
const LONGEST_LINE = 200_000;

/** @returns bits of the tokens that start in [start, end); NaN where none has a value. */
export function sumBits(index: TokenIndex, start: number, end: number): number {
  if (end - start > LONGEST_LINE) return NaN;
  let sum = NaN;
  index.visit(start, end, (chunk, row) => {
    if (tokenStart(chunk, row) < start) return;
    const bits = rowBits(chunk, row, 'surprisal');
    if (!Number.isNaN(bits)) sum = Number.isNaN(sum) ? bits : sum + bits;
  });
  return sum;
}

export function lineEndText(bits: number): string {
  return `${bits.toFixed(1)} bits`;
}
