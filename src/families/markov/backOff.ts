// Interpolated Witten–Bell: a context's own counts, mixed with the distribution of the context one symbol shorter,
// p(w|h) = (c(h,w) + T(h) p(w|h′)) / (c(h) + T(h)), T(h) = how many different symbols were seen after h;
// below the empty context lies the uniform distribution. Sources: Witten and Bell 1991; Chen and Goodman 1998, 2.6.
// Sums to one by construction. Knows no tensor.
import type { GramCounts } from './gramCounts';

/** One order's successors, grouped by context: row r is `successors[starts[r]…starts[r + 1])`. */
interface Order {
  readonly contexts: Float64Array; // ascending
  readonly starts: Uint32Array; // [rows + 1]
  readonly successors: Int32Array;
  readonly counts: Float64Array;
  readonly totals: Float64Array; // [rows]
}

export class BackOffTable {
  private readonly orders: readonly Order[];

  /** @param grams counts of 1-grams, 2-grams … (order + 1)-grams */
  constructor(
    private readonly vocabulary: number,
    grams: readonly GramCounts[],
  ) {
    this.orders = grams.map((each) => groupByContext(each, vocabulary));
  }

  /**
   * The distribution after `history`, whose last `order` symbols count; a shorter one uses the shorter contexts.
   * @param out [V], overwritten
   */
  distribution(history: ArrayLike<number>, out: Float64Array): Float64Array {
    out.fill(1 / this.vocabulary);
    let context = 0;
    let place = 1;
    for (let order = 0; order < this.orders.length; order++) {
      if (order > 0) {
        const symbol = history[history.length - order];
        if (symbol === undefined) break;
        context += symbol * place;
        place *= this.vocabulary;
      }
      // A context that was never seen gives all its weight to the shorter one; so does every longer one.
      if (!mixIn(this.orders[order] as Order, context, out)) break;
    }
    return out;
  }
}

function mixIn(order: Order, context: number, out: Float64Array): boolean {
  const row = find(order.contexts, context);
  if (row < 0) return false;
  const start = order.starts[row] as number;
  const end = order.starts[row + 1] as number;
  const types = end - start;
  const norm = 1 / ((order.totals[row] as number) + types);
  const share = types * norm;
  for (let w = 0; w < out.length; w++) out[w] = (out[w] as number) * share;
  for (let i = start; i < end; i++) {
    const w = order.successors[i] as number;
    out[w] = (out[w] as number) + (order.counts[i] as number) * norm;
  }
  return true;
}

function find(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = sorted[middle] as number;
    if (found === value) return middle;
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function groupByContext({ keys, counts }: GramCounts, vocabulary: number): Order {
  const contexts: number[] = [];
  const starts: number[] = [];
  const totals: number[] = [];
  const successors = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    const context = Math.floor(key / vocabulary);
    successors[i] = key - context * vocabulary;
    if (contexts.at(-1) !== context) {
      contexts.push(context);
      starts.push(i);
      totals.push(0);
    }
    const row = totals.length - 1;
    totals[row] = (totals[row] as number) + (counts[i] as number);
  }
  starts.push(keys.length);
  return {
    contexts: Float64Array.from(contexts),
    starts: Uint32Array.from(starts),
    successors,
    counts,
    totals: Float64Array.from(totals),
  };
}
