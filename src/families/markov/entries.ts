// The tables as they lie in model.safetensors: one float32 matrix for each order, a row for each gram that occurred.
import { ArLensError } from '../../protocol/errors';
import type { GramCounts } from './gramCounts';

/** @returns the tensor's name for grams of `length` symbols */
export function tableName(length: number): string {
  return `markov.grams.${length}`;
}

/** @returns rows of `length` symbols, oldest first, and the count: [grams, length + 1] */
export function toEntries({ keys, counts }: GramCounts, length: number, vocabulary: number): Float32Array {
  const columns = length + 1;
  const entries = new Float32Array(keys.length * columns);
  for (let row = 0; row < keys.length; row++) {
    let rest = keys[row] as number;
    for (let column = length - 1; column >= 0; column--) {
      const shorter = Math.floor(rest / vocabulary);
      entries[row * columns + column] = rest - shorter * vocabulary;
      rest = shorter;
    }
    entries[row * columns + length] = counts[row] as number;
  }
  return entries;
}

/** Trusts nothing: rows must ascend, symbols lie in the vocabulary and counts be positive. */
export function fromEntries(entries: Float32Array, length: number, vocabulary: number): GramCounts {
  const columns = length + 1;
  const rows = entries.length / columns;
  if (!Number.isInteger(rows)) throw wrong(length, `a multiple of ${columns} values`, `${entries.length}`);
  const keys = new Float64Array(rows);
  const counts = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let key = 0;
    for (let column = 0; column < length; column++) {
      const symbol = entries[row * columns + column] as number;
      if (!Number.isInteger(symbol) || symbol < 0 || symbol >= vocabulary) {
        throw wrong(length, `symbols in [0, ${vocabulary})`, `${symbol} in row ${row}`);
      }
      key = key * vocabulary + symbol;
    }
    const count = entries[row * columns + length] as number;
    if (!(count > 0 && count < Infinity)) throw wrong(length, 'positive counts', `${count} in row ${row}`);
    if (row > 0 && key <= (keys[row - 1] as number)) {
      throw wrong(length, 'rows in ascending order, each once', `row ${row} out of order`);
    }
    keys[row] = key;
    counts[row] = count;
  }
  return { keys, counts };
}

function wrong(length: number, expected: string, got: string): ArLensError {
  return new ArLensError('badInput', `tensor ${tableName(length)}: expected ${expected}, got ${got}.`);
}
