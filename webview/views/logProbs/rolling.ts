// Bits/byte in a window that slides over the text, and curves thinned to what a pixel column can show. Pure.
import { firstAfter, type TokenColumns } from '../../ui/tokenColumns';

/**
 * Bits/byte of the `width` bytes that end with each token: the bits of the whole tokens inside, over the bytes they
 * fill. Near the start, where the window is not full yet, of what there is.
 */
export function rollingBitsPerByte(columns: TokenColumns, width: number): Float32Array {
  const { tokens, byteStart, byteEnd, bits } = columns;
  const first = Number.isNaN(bits[0]) ? 1 : 0;
  const values = new Float32Array(tokens).fill(NaN);
  let low = first;
  for (let token = first; token < tokens; token++) {
    const end = byteEnd[token] ?? 0;
    while (low < token && (byteStart[low] ?? 0) < end - width) low++;
    const bytes = end - (byteStart[low] ?? 0);
    if (bytes > 0) values[token] = columns.sum(low, token + 1) / bytes;
  }
  return values;
}

/** Two places a pixel column, in bytes: the same for every curve of one chart. */
export function grid(totalBytes: number, columns: number): Float64Array {
  return Float64Array.from({ length: 2 * columns }, (_, i) => ((i + 0.5) * totalBytes) / (2 * columns));
}

/** Bits of the tokens that have ended by each place of the grid. */
export function cumulativeBits(columns: TokenColumns, places: Float64Array): Float64Array {
  return Float64Array.from(places, (byte) => columns.before[firstAfter(columns.byteEnd, byte)] ?? NaN);
}

/** The lowest and the highest value of each pixel column, in the order they occur, so that no peak is lost. */
export function thinned(columns: TokenColumns, values: Float32Array, places: Float64Array): Float64Array {
  const { byteEnd, tokens } = columns;
  const found = new Float64Array(places.length);
  const half = (places[0] ?? 0) * 2;
  let from = 0;
  for (let i = 0; i < places.length; i += 2) {
    const to = firstAfter(byteEnd, (places[i + 1] ?? 0) + half / 2);
    // A column in which no token ends shows the token that spans it.
    const last = Math.max(to, Math.min(tokens, from + 1));
    let lowest = from;
    let highest = from;
    for (let token = from; token < last; token++) {
      const value = values[token] ?? NaN;
      if (!(value >= (values[lowest] ?? NaN))) lowest = token;
      if (!(value <= (values[highest] ?? NaN))) highest = token;
    }
    found[i] = values[Math.min(lowest, highest)] ?? NaN;
    found[i + 1] = values[Math.max(lowest, highest)] ?? NaN;
    from = Math.min(to, tokens - 1);
  }
  return found;
}
