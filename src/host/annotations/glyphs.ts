// Tokens that share one stretch of text, taken together: the bytes of one character are one thing to look at.
// Surprisal adds up along the chain; rank and entropy show the largest of the parts.
import { metricBits, type Metric } from './metric';
import { tokenEnd, tokenStart, type TokenChunk } from './tokenChunk';
import type { TokenIndex } from './tokenIndex';

export interface Glyph {
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** First token's place in the sequence. */
  readonly token: number;
  /** How many tokens share the stretch. */
  readonly count: number;
  /** Bits under the metric; NaN where no part has a value. */
  readonly bits: number;
}

/** Visits the glyphs that overlap [start, end), in order; stops early when `visit` returns false. */
export function visitGlyphs(
  index: TokenIndex,
  start: number,
  end: number,
  metric: Metric,
  visit: (glyph: Glyph) => boolean | void,
): void {
  let glyph: { start: number; end: number; token: number; count: number; bits: number } | undefined;
  let stopped = false;
  index.visit(start, end, (chunk, row) => {
    const from = tokenStart(chunk, row);
    const to = tokenEnd(chunk, row);
    const bits = rowBits(chunk, row, metric);
    if (glyph !== undefined && glyph.start === from && glyph.end === to) {
      glyph.count++;
      glyph.bits = joined(metric, glyph.bits, bits);
      return true;
    }
    if (glyph !== undefined && visit(glyph) === false) {
      stopped = true;
      return false;
    }
    glyph = { start: from, end: to, token: chunk.scores.from + row, count: 1, bits };
    return true;
  });
  if (glyph !== undefined && !stopped) visit(glyph);
}

export function rowBits(chunk: TokenChunk, row: number, metric: Metric): number {
  const { scores } = chunk;
  return metricBits(metric, scores.logProb[row] ?? NaN, scores.entropy[row] ?? NaN, scores.rank[row] ?? 1);
}

function joined(metric: Metric, a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  if (Number.isNaN(b)) return a;
  return metric === 'surprisal' ? a + b : Math.max(a, b);
}
