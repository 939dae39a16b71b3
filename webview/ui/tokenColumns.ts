// One model's scores of one text as whole columns with prefix sums: sums over any range of tokens in two look-ups.
// Must not know the DOM. Sums are doubles: a million float32 terms added as float32 would be wrong in the third digit.
import type { LogProbsPart } from '../../src/protocol/logProbs';

export class TokenColumns {
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly byteStart: Uint32Array;
  readonly byteEnd: Uint32Array;
  /** Surprisal; NaN where a token was not scored. */
  readonly bits: Float32Array;
  /** Bits of all tokens before a place; tokens that were not scored add nothing. One entry more than tokens. */
  readonly before: Float64Array;
  private filled = 0;

  constructor(readonly tokens: number) {
    this.start = new Uint32Array(tokens);
    this.end = new Uint32Array(tokens);
    this.byteStart = new Uint32Array(tokens);
    this.byteEnd = new Uint32Array(tokens);
    this.bits = new Float32Array(tokens);
    this.before = new Float64Array(tokens + 1);
  }

  get complete(): boolean {
    return this.filled === this.tokens;
  }

  /** Parts come in order. */
  add(part: Pick<LogProbsPart, 'from' | 'start' | 'end' | 'byteStart' | 'byteEnd' | 'logProb'>): void {
    const { from, logProb } = part;
    if (from !== this.filled || from + logProb.length > this.tokens)
      throw new RangeError(`TokenColumns: expected a part from ${this.filled}, got one from ${from}`);
    this.start.set(part.start, from);
    this.end.set(part.end, from);
    this.byteStart.set(part.byteStart, from);
    this.byteEnd.set(part.byteEnd, from);
    let sum = this.before[from] ?? 0;
    for (let row = 0; row < logProb.length; row++) {
      const bits = -(logProb[row] ?? NaN) / Math.LN2;
      this.bits[from + row] = bits;
      if (!Number.isNaN(bits)) sum += bits;
      this.before[from + row + 1] = sum;
    }
    this.filled = from + logProb.length;
  }

  /** Bits of the tokens from `low` to `high`, `high` not included. */
  sum(low: number, high: number): number {
    return (this.before[high] ?? 0) - (this.before[low] ?? 0);
  }

  /** The token that holds this UTF-16 offset; at the end of the text, the last one. */
  at(offset: number): number {
    return Math.min(this.tokens - 1, firstAfter(this.end, offset));
  }

  /** The token that holds this byte. */
  atByte(byte: number): number {
    return Math.min(this.tokens - 1, firstAfter(this.byteEnd, byte));
  }

  get totalBytes(): number {
    return this.byteEnd[this.tokens - 1] ?? 0;
  }
}

/** First index whose (rising) value is above `value`; the length when none is. */
export function firstAfter(values: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
