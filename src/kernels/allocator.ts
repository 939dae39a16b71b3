// Hands out ranges of one growing linear memory: two-level segregated fit (M. Masmano et al., 2004), so that
// allocating and freeing take constant time and neighbours that are free become one again. It keeps its records
// outside the memory it manages, and must not know what is stored there.

/** A class, not a literal with spreads: blocks come and go with every tensor, and all must have one hidden shape. */
class Block {
  free = false;
  bin = 0;
  place = 0; // position within its bin
  constructor(
    public offset: number,
    public size: number,
    public before: Block | undefined, // neighbours in memory
    public after: Block | undefined,
  ) {}
}

const alignment = 64; // a cache line, and the widest vector
const steps = 8; // bins per power of two

export class Allocator {
  readonly #bins: Block[][] = [];
  readonly #used = new Map<number, Block>();
  #last: Block | undefined;
  #end: number;
  #usedBytes = 0;

  /** @param start first byte to hand out; @param end first byte that is not there yet */
  constructor(start: number, end: number) {
    this.#end = roundUp(start);
    this.extend(end);
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Bytes missing at the end for a block of `bytes` to fit once `extend` has added them. */
  missing(bytes: number): number {
    const tail = this.#last?.free === true ? this.#last.size : 0;
    return Math.max(0, roundUp(bytes) - tail);
  }

  /** @returns the offset, a multiple of 64, or undefined when nothing free is large enough */
  allocate(bytes: number): number | undefined {
    const size = roundUp(bytes);
    const block = this.#find(size);
    if (!block) return undefined;
    this.#unlist(block);
    if (block.size > size) this.#split(block, size);
    block.free = false;
    this.#used.set(block.offset, block);
    this.#usedBytes += block.size;
    return block.offset;
  }

  free(offset: number): void {
    const block = this.#used.get(offset);
    if (!block) throw new Error(`Allocator.free: expected the offset of an allocated block, got ${offset}`);
    this.#used.delete(offset);
    this.#usedBytes -= block.size;
    this.#list(this.#joinNeighbours(block));
  }

  /** The memory now reaches to `end`. */
  extend(end: number): void {
    const size = Math.floor((end - this.#end) / alignment) * alignment;
    if (size <= 0) return;
    const block = new Block(this.#end, size, this.#last, undefined);
    if (this.#last) this.#last.after = block;
    this.#last = block;
    this.#end += size;
    this.#list(this.#joinNeighbours(block));
  }

  #find(size: number): Block | undefined {
    // Any block of a higher bin fits; in the size's own bin, one may.
    const first = binOf(size);
    const own = this.#bins[first]?.find((block) => block.size >= size);
    if (own) return own;
    for (let bin = first + 1; bin < this.#bins.length; bin++) {
      const block = this.#bins[bin]?.at(-1);
      if (block) return block;
    }
    return undefined;
  }

  #split(block: Block, size: number): void {
    const rest = new Block(block.offset + size, block.size - size, block, block.after);
    if (block.after) block.after.before = rest;
    else this.#last = rest;
    block.after = rest;
    block.size = size;
    this.#list(rest);
  }

  #joinNeighbours(block: Block): Block {
    let joined = block;
    if (block.before?.free === true) {
      joined = block.before;
      this.#unlist(joined);
      this.#absorbNext(joined);
    }
    if (joined.after?.free === true) {
      this.#unlist(joined.after);
      this.#absorbNext(joined);
    }
    return joined;
  }

  #absorbNext(block: Block): void {
    const next = block.after;
    if (!next) return;
    block.size += next.size;
    block.after = next.after;
    if (next.after) next.after.before = block;
    else this.#last = block;
  }

  #list(block: Block): void {
    block.free = true;
    block.bin = binOf(block.size);
    while (this.#bins.length <= block.bin) this.#bins.push([]);
    const bin = this.#bins[block.bin];
    if (!bin) return;
    block.place = bin.length;
    bin.push(block);
  }

  #unlist(block: Block): void {
    const bin = this.#bins[block.bin];
    const moved = bin?.pop();
    if (bin && moved && moved !== block) {
      moved.place = block.place;
      bin[block.place] = moved;
    }
    block.free = false;
  }
}

/** Eight bins per power of two: 64, 72, 80 … are 64-byte units, so small sizes have a bin each. */
function binOf(size: number): number {
  const units = size / alignment;
  if (units < steps) return units;
  const power = 31 - Math.clz32(units);
  return (power - 2) * steps + Math.floor(units / 2 ** (power - 3)) - steps;
}

function roundUp(bytes: number): number {
  return Math.max(alignment, Math.ceil(bytes / alignment) * alignment);
}
