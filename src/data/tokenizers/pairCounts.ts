// How often each pair of neighbours occurs in a set of words, kept up to date while pairs are joined.
// Knows ids only. A pair may wait several times, each time with the words where it was new: as in Hugging Face's trainer,
// whose order, and so whose ids, depend on it.

export interface PairEntry {
  readonly left: number;
  readonly right: number;
  /** Occurrences when it was last looked at. */
  count: number;
  /** Indices of the words where it stands. */
  readonly words: readonly number[];
}

/** Larger than any id: a pair is one number. */
const WIDTH = 2 ** 20;

export class PairCounts {
  private readonly words: Int32Array[];
  private readonly times: Float64Array;
  private readonly counts = new Map<number, number>();
  private readonly queue: PairEntry[] = [];
  /** Words in which a pair is new, until the next `enqueue`. */
  private fresh = new Map<number, number[]>();

  constructor(words: ReadonlyArray<readonly [word: Int32Array, count: number]>) {
    this.words = words.map(([word]) => word);
    this.times = Float64Array.from(words, ([, count]) => count);
    this.words.forEach((word, index) => {
      for (let at = 1; at < word.length; at++) {
        this.change(word[at - 1] ?? 0, word[at] ?? 0, this.times[index] ?? 0, index);
      }
    });
    this.enqueue();
  }

  /** Takes out the most frequent pair; of equals the one with the lowest ids. Undefined when none is left. */
  next(): PairEntry | undefined {
    for (;;) {
      const top = this.pop();
      if (!top) return undefined;
      const count = this.counts.get(top.left * WIDTH + top.right) ?? 0;
      if (count === top.count) return count < 1 ? undefined : top;
      top.count = count;
      this.push(top);
    }
  }

  /** Joins the pair into `id` in its words. */
  merge({ left, right, words }: PairEntry, id: number): void {
    for (const index of words) {
      const word = this.words[index] ?? new Int32Array(0);
      const times = this.times[index] ?? 0;
      let written = 0;
      for (let at = 0; at < word.length; at++) {
        if (word[at] !== left || word[at + 1] !== right) {
          word[written++] = word[at] ?? 0;
          continue;
        }
        if (written > 0) {
          const before = word[written - 1] ?? 0;
          this.change(before, left, -times, index);
          this.change(before, id, times, index);
        }
        const after = word[at + 2];
        if (after !== undefined) {
          this.change(right, after, -times, index);
          this.change(id, after, times, index);
        }
        word[written++] = id;
        at++;
      }
      this.words[index] = word.subarray(0, written);
    }
    this.enqueue();
  }

  private change(left: number, right: number, by: number, word: number): void {
    const pair = left * WIDTH + right;
    this.counts.set(pair, (this.counts.get(pair) ?? 0) + by);
    if (by <= 0) return;
    const words = this.fresh.get(pair);
    if (!words) this.fresh.set(pair, [word]);
    else if (words.at(-1) !== word) words.push(word);
  }

  private enqueue(): void {
    for (const [pair, words] of this.fresh) {
      const count = this.counts.get(pair) ?? 0;
      if (count > 0) this.push({ left: Math.floor(pair / WIDTH), right: pair % WIDTH, count, words });
    }
    this.fresh = new Map();
  }

  private push(entry: PairEntry): void {
    const { queue } = this;
    let at = queue.length;
    queue.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const other = queue[parent];
      if (!other || !isBefore(entry, other)) break;
      queue[at] = other;
      at = parent;
    }
    queue[at] = entry;
  }

  private pop(): PairEntry | undefined {
    const { queue } = this;
    const top = queue[0];
    const last = queue.pop();
    if (!top || !last || queue.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let next = queue[child];
      if (!next) break;
      const sibling = queue[child + 1];
      if (sibling && isBefore(sibling, next)) [child, next] = [child + 1, sibling];
      if (!isBefore(next, last)) break;
      queue[at] = next;
      at = child;
    }
    queue[at] = last;
    return top;
  }
}

function isBefore(a: PairEntry, b: PairEntry): boolean {
  if (a.count !== b.count) return a.count > b.count;
  return a.left !== b.left ? a.left < b.left : a.right < b.right;
}
