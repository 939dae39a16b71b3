// How often one id follows another at some distance: a flat table where the ids are few, a map where they are many.
// Pure; knows no text.

/** Above it a flat table of all pairs would hold more cells than texts have pairs. */
const LARGEST_FLAT = 1024;

export class PairTable {
  private readonly flat: Uint32Array | undefined;
  private readonly sparse = new Map<number, number>();

  /** @param side ids are whole numbers from 0, below it. */
  constructor(private readonly side: number) {
    if (side <= LARGEST_FLAT) this.flat = new Uint32Array(side * side);
  }

  add(first: number, second: number): void {
    const key = first * this.side + second;
    if (this.flat === undefined) this.sparse.set(key, (this.sparse.get(key) ?? 0) + 1);
    else this.flat[key] = (this.flat[key] ?? 0) + 1;
  }

  count(first: number, second: number): number {
    const key = first * this.side + second;
    return (this.flat === undefined ? this.sparse.get(key) : this.flat[key]) ?? 0;
  }

  /** Every cell's count; those of a flat table may be 0. */
  counts(): Iterable<number> {
    return this.flat ?? this.sparse.values();
  }

  clear(): void {
    this.flat?.fill(0);
    this.sparse.clear();
  }
}
