// Finds the next or previous surprising glyph from a place in the text, around the end if need be.
// Works through the tokens in stretches, so that a caller with a million of them can pause in between.
import { UNDERLINE_FROM } from './bins';
import { visitGlyphs, type Glyph } from './glyphs';
import type { Metric } from './metric';
import type { TokenIndex } from './tokenIndex';

/** UTF-16 units looked through at a time. */
const STRETCH = 8_192;

/** Surprising means underlined; where the threshold lies higher, it means drawn at all. */
export const surprisingFrom = (threshold: number): number => Math.max(threshold, UNDERLINE_FROM);

export interface Search {
  readonly index: TokenIndex;
  readonly metric: Metric;
  /** Bits from which a glyph counts. */
  readonly from: number;
  /** UTF-16 length of the text. */
  readonly length: number;
  /** UTF-16 offset of the cursor: a glyph that starts exactly there is not found again. */
  readonly cursor: number;
}

/** Yields undefined between stretches; returns the glyph, or undefined when there is none in the whole text. */
export function* findNext(search: Search): Generator<undefined, Glyph | undefined> {
  const { length, cursor } = search;
  for (const [from, to] of [
    [cursor + 1, length],
    [0, cursor + 1],
  ] as const) {
    for (let at = from; at < to; at += STRETCH) {
      const found = firstIn(search, at, Math.min(to, at + STRETCH));
      if (found !== undefined) return found;
      yield undefined;
    }
  }
  return undefined;
}

export function* findPrevious(search: Search): Generator<undefined, Glyph | undefined> {
  const { length, cursor } = search;
  for (const [from, to] of [
    [0, cursor],
    [cursor, length],
  ] as const) {
    for (let at = to; at > from; at -= STRETCH) {
      const found = lastIn(search, Math.max(from, at - STRETCH), at);
      if (found !== undefined) return found;
      yield undefined;
    }
  }
  return undefined;
}

function firstIn({ index, metric, from }: Search, start: number, end: number): Glyph | undefined {
  let found: Glyph | undefined;
  visitGlyphs(index, start, end, metric, (glyph) => {
    if (glyph.start < start || !(glyph.bits >= from)) return true;
    found = { ...glyph };
    return false;
  });
  return found;
}

function lastIn({ index, metric, from }: Search, start: number, end: number): Glyph | undefined {
  let found: Glyph | undefined;
  visitGlyphs(index, start, end, metric, (glyph) => {
    if (glyph.start >= start && glyph.start < end && glyph.bits >= from) found = { ...glyph };
    return true;
  });
  return found;
}
