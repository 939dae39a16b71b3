// The least and the most likely passages of a text: windows of a fixed number of bytes that do not overlap. Pure.
import type { TokenColumns } from '../../ui/tokenColumns';

export interface Passage {
  /** Tokens `low` to `high`, `high` not included. */
  readonly low: number;
  readonly high: number;
  readonly bits: number;
  readonly bytes: number;
}

export const bitsPerByte = (passage: Passage): number => passage.bits / passage.bytes;

/**
 * A window starts at a token and holds the whole tokens of the next `width` bytes, at least half of them; the winner is
 * taken first, then the best of what does not overlap it. A text shorter than a window is one passage.
 */
export function passages(columns: TokenColumns, width: number, count: number, sign: 1 | -1): Passage[] {
  const { tokens, byteStart, byteEnd } = columns;
  if (tokens === 0) return [];
  const first = Number.isNaN(columns.bits[0]) ? 1 : 0; // a token without context has no likelihood
  if (first >= tokens) return [];
  const highs = new Uint32Array(tokens);
  const value = new Float64Array(tokens).fill(-Infinity);
  let high = first;
  for (let low = first; low < tokens; low++) {
    const from = byteStart[low] ?? 0;
    while (high < tokens && (byteEnd[high] ?? 0) <= from + width) high++;
    highs[low] = high;
    const bytes = (byteEnd[high - 1] ?? 0) - from;
    if (high > low && bytes * 2 >= width) value[low] = (sign * columns.sum(low, high)) / bytes;
  }
  const found: Passage[] = [];
  while (found.length < count) {
    let best = -1;
    let most = -Infinity;
    for (let low = first; low < tokens; low++) {
      if ((value[low] ?? -Infinity) > most) {
        most = value[low] ?? -Infinity;
        best = low;
      }
    }
    if (best < 0) break;
    const end = highs[best] ?? best;
    found.push(passageOf(columns, best, end));
    for (let low = end - 1; low >= first; low--) {
      if (low < best && (highs[low] ?? 0) <= best) break; // windows before this one end before it, too
      value[low] = -Infinity;
    }
  }
  if (found.length === 0) return [passageOf(columns, first, tokens)];
  return found;
}

function passageOf(columns: TokenColumns, low: number, high: number): Passage {
  const bytes = (columns.byteEnd[high - 1] ?? 0) - (columns.byteStart[low] ?? 0);
  return { low, high, bits: columns.sum(low, high), bytes };
}
