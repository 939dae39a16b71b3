// Pairs of whole numbers to two whole numbers, in flat arrays: a million merges without a million objects.

export class PairTable {
  private size = 0;
  private mask: number;
  private left: Int32Array;
  private right: Int32Array;
  private firsts: Int32Array;
  private seconds: Int32Array;

  /** @param expected how many pairs there will be, about. */
  constructor(expected: number) {
    let capacity = 16;
    while (capacity < 2 * expected) capacity *= 2;
    this.mask = capacity - 1;
    this.left = new Int32Array(capacity).fill(-1);
    this.right = new Int32Array(capacity);
    this.firsts = new Int32Array(capacity);
    this.seconds = new Int32Array(capacity);
  }

  /** Sets the values of a pair, which replaces earlier ones. `left` is not negative. */
  set(left: number, right: number, first: number, second = 0): void {
    if (2 * (this.size + 1) > this.left.length) this.grow();
    const slot = this.find(left, right);
    if (this.left[slot] === -1) {
      this.size++;
      this.left[slot] = left;
      this.right[slot] = right;
    }
    this.firsts[slot] = first;
    this.seconds[slot] = second;
  }

  /** The slot of a pair for `first` and `second`, or −1. */
  slotOf(left: number, right: number): number {
    const slot = this.find(left, right);
    return this.left[slot] === -1 ? -1 : slot;
  }

  first(slot: number): number {
    return this.firsts[slot] ?? -1;
  }

  second(slot: number): number {
    return this.seconds[slot] ?? -1;
  }

  private find(left: number, right: number): number {
    let slot = (Math.imul(left, 0x9e3779b1) ^ Math.imul(right + 1, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & this.mask;
    while (this.left[slot] !== -1 && (this.left[slot] !== left || this.right[slot] !== right)) {
      slot = (slot + 1) & this.mask;
    }
    return slot;
  }

  private grow(): void {
    const old = { left: this.left, right: this.right, firsts: this.firsts, seconds: this.seconds };
    const larger = new PairTable(this.left.length);
    for (let slot = 0; slot < old.left.length; slot++) {
      const left = old.left[slot] ?? -1;
      if (left === -1) continue;
      larger.set(left, old.right[slot] ?? 0, old.firsts[slot] ?? 0, old.seconds[slot] ?? 0);
    }
    this.mask = larger.mask;
    this.left = larger.left;
    this.right = larger.right;
    this.firsts = larger.firsts;
    this.seconds = larger.seconds;
  }
}
