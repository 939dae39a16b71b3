// A matrix of bits, 32 to a word: who may depend on whom, for lengths where a list of booleans would be megabytes.
// Knows no model and no meaning of its rows.

export class BitMatrix {
  private readonly wordsPerRow: number;
  private readonly words: Uint32Array;

  constructor(
    readonly rows: number,
    readonly columns: number,
  ) {
    this.wordsPerRow = Math.ceil(columns / 32);
    this.words = new Uint32Array(rows * this.wordsPerRow);
  }

  static identity(size: number): BitMatrix {
    const matrix = new BitMatrix(size, size);
    for (let i = 0; i < size; i++) matrix.set(i, i);
    return matrix;
  }

  get(row: number, column: number): boolean {
    return ((this.word(row, column) >>> (column & 31)) & 1) === 1;
  }

  set(row: number, column: number): void {
    this.words[row * this.wordsPerRow + (column >>> 5)] = this.word(row, column) | (1 << (column & 31));
  }

  /** Row `into` of this matrix also gets the bits of row `from` of `source`. */
  orRow(into: number, source: BitMatrix, from: number): void {
    const [a, b] = [into * this.wordsPerRow, from * source.wordsPerRow];
    for (let w = 0; w < this.wordsPerRow; w++) {
      this.words[a + w] = (this.words[a + w] ?? 0) | (source.words[b + w] ?? 0);
    }
  }

  or(other: BitMatrix): void {
    for (let i = 0; i < this.rows; i++) this.orRow(i, other, i);
  }

  copy(): BitMatrix {
    const copied = new BitMatrix(this.rows, this.columns);
    copied.words.set(this.words);
    return copied;
  }

  count(): number {
    let total = 0;
    for (const word of this.words) {
      let x = word - ((word >>> 1) & 0x55555555);
      x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
      total += Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
    }
    return total;
  }

  /** One byte a cell, row by row: 0 or 1. */
  cells(): Uint8Array {
    const cells = new Uint8Array(this.rows * this.columns);
    for (let i = 0; i < this.rows; i++) {
      for (let j = 0; j < this.columns; j++) cells[i * this.columns + j] = this.get(i, j) ? 1 : 0;
    }
    return cells;
  }

  private word(row: number, column: number): number {
    return this.words[row * this.wordsPerRow + (column >>> 5)] ?? 0;
  }
}
