// Two models' scores of the same text, side by side: cut where both have a token's end, so that tokenizers may differ.
// By the chain rule a stretch's bits are the sum of its tokens' bits, whatever the tokens are. Pure.
import type { TokenColumns } from '../../ui/tokenColumns';

export interface Aligned {
  /** How many stretches. */
  readonly count: number;
  /** UTF-16 range of each. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly byteEnd: Uint32Array;
  /** First token of each stretch in either model; one entry more than stretches. */
  readonly firstToken: Uint32Array;
  readonly secondToken: Uint32Array;
  /** Bits of the first less bits of the second: below zero the first model wins. NaN where either did not score. */
  readonly difference: Float32Array;
  /** Sum of the differences before each stretch; one entry more than stretches. */
  readonly before: Float64Array;
}

/**
 * A tokenizer may leave out the end of a text, and several tokens may end at one byte (one character that became two, a
 * space that was put in): those belong to the stretch that ends there, and the last stretch holds all that is left.
 */
export function align(first: TokenColumns, second: TokenColumns): Aligned {
  const most = Math.min(first.tokens, second.tokens);
  const start = new Uint32Array(most);
  const end = new Uint32Array(most);
  const byteEnd = new Uint32Array(most);
  const firstToken = new Uint32Array(most + 1);
  const secondToken = new Uint32Array(most + 1);
  const difference = new Float32Array(most);
  const before = new Float64Array(most + 1);
  let [i, j, count] = [0, 0, 0];
  while (i < first.tokens && j < second.tokens) {
    const [fromFirst, fromSecond] = [i, j];
    let [firstEnd, secondEnd] = [first.byteEnd[i++] ?? 0, second.byteEnd[j++] ?? 0];
    while (firstEnd !== secondEnd && i < first.tokens && j < second.tokens) {
      if (firstEnd < secondEnd) firstEnd = first.byteEnd[i++] ?? 0;
      else secondEnd = second.byteEnd[j++] ?? 0;
    }
    if (firstEnd === secondEnd) {
      while (i < first.tokens && first.byteEnd[i] === firstEnd) i++;
      while (j < second.tokens && second.byteEnd[j] === secondEnd) j++;
    }
    if (i >= first.tokens || j >= second.tokens) {
      [i, j] = [first.tokens, second.tokens];
      firstEnd = Math.max(first.totalBytes, second.totalBytes);
    }
    const scored = isScored(first, fromFirst, i) && isScored(second, fromSecond, j);
    const bits = scored ? first.sum(fromFirst, i) - second.sum(fromSecond, j) : NaN;
    start[count] = first.start[fromFirst] ?? 0;
    end[count] = first.end[i - 1] ?? 0;
    byteEnd[count] = firstEnd;
    difference[count] = bits;
    before[count + 1] = (before[count] ?? 0) + (scored ? bits : 0);
    count++;
    firstToken[count] = i;
    secondToken[count] = j;
  }
  return {
    count,
    start: start.subarray(0, count),
    end: end.subarray(0, count),
    byteEnd: byteEnd.subarray(0, count),
    firstToken: firstToken.subarray(0, count + 1),
    secondToken: secondToken.subarray(0, count + 1),
    difference: difference.subarray(0, count),
    before: before.subarray(0, count + 1),
  };
}

function isScored(columns: TokenColumns, low: number, high: number): boolean {
  for (let token = low; token < high; token++) if (Number.isNaN(columns.bits[token])) return false;
  return true;
}

export interface Wins {
  /** Stretches that both scored. */
  readonly compared: number;
  readonly first: number;
  readonly second: number;
  readonly even: number;
  /** Bits that the winner saves, summed over the stretches it wins. */
  readonly firstSaves: number;
  readonly secondSaves: number;
}

/** Closer than this, in bits, nobody wins: float32 scores of equal models may differ in the last digits. */
export const EVEN = 0.01;

export function wins(difference: ArrayLike<number>): Wins {
  let [compared, first, second, firstSaves, secondSaves] = [0, 0, 0, 0, 0];
  for (let i = 0; i < difference.length; i++) {
    const bits = difference[i] ?? NaN;
    if (Number.isNaN(bits)) continue;
    compared++;
    if (bits < -EVEN) {
      first++;
      firstSaves -= bits;
    } else if (bits > EVEN) {
      second++;
      secondSaves += bits;
    }
  }
  return { compared, first, second, even: compared - first - second, firstSaves, secondSaves };
}
