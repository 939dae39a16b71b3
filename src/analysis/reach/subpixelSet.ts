// A set of an image's sub-pixels as bits: one plane for each channel, a row of words for each row of pixels, so that
// moving a whole row is a shift. A sequence is an image of one row. Knows no graph.

/** A sequence of T positions is 1 × T × 1. */
export interface GridShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export class SubpixelSet {
  readonly wordsPerRow: number;
  /** [channels, height, wordsPerRow]; column c is bit c & 31 of word c >>> 5. */
  readonly words: Uint32Array;
  /** Rows outside of first … last are empty. */
  firstRow = 0;
  lastRow = -1;
  private readonly lastWordMask: number;

  constructor(readonly shape: GridShape) {
    this.wordsPerRow = Math.ceil(shape.width / 32);
    this.words = new Uint32Array(shape.channels * shape.height * this.wordsPerRow);
    const rest = shape.width & 31;
    this.lastWordMask = rest === 0 ? 0xffffffff : (1 << rest) - 1;
  }

  get isEmpty(): boolean {
    return this.lastRow < this.firstRow;
  }

  clear(): void {
    if (this.isEmpty) return;
    const { height, channels } = this.shape;
    const [from, to] = [this.firstRow * this.wordsPerRow, (this.lastRow + 1) * this.wordsPerRow];
    const plane = height * this.wordsPerRow;
    for (let channel = 0; channel < channels; channel++) {
      this.words.fill(0, channel * plane + from, channel * plane + to);
    }
    [this.firstRow, this.lastRow] = [0, -1];
  }

  /** @param index (row · width + column) · channels + channel: the order of generation */
  add(index: number): void {
    const { width, channels } = this.shape;
    const pixel = Math.floor(index / channels);
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    const at = this.rowAt(index % channels, row) + (column >>> 5);
    this.words[at] = (this.words[at] as number) | (1 << (column & 31));
    this.touch(row, row);
  }

  has(index: number): boolean {
    const { width, channels } = this.shape;
    const pixel = Math.floor(index / channels);
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    const word = this.words[this.rowAt(index % channels, row) + (column >>> 5)] as number;
    return ((word >>> (column & 31)) & 1) === 1;
  }

  /** Indices in ascending order. */
  indices(): Int32Array {
    const { height, width, channels } = this.shape;
    const found: number[] = [];
    for (let index = 0; index < height * width * channels; index++) if (this.has(index)) found.push(index);
    return Int32Array.from(found);
  }

  /** Where the row of a plane begins in `words`. */
  rowAt(channel: number, row: number): number {
    return (channel * this.shape.height + row) * this.wordsPerRow;
  }

  touch(first: number, last: number): void {
    if (this.isEmpty) [this.firstRow, this.lastRow] = [first, last];
    else {
      if (first < this.firstRow) this.firstRow = first;
      if (last > this.lastRow) this.lastRow = last;
    }
  }

  /** Row `into` (of `words`) also gets `source` moved right by `columns`; what leaves the image is lost. */
  orShifted(into: number, source: Uint32Array, from: number, columns: number): void {
    const { words, wordsPerRow } = this;
    if (wordsPerRow === 1) {
      const word = source[from] as number;
      const moved = columns > 31 || columns < -31 ? 0 : columns >= 0 ? word << columns : word >>> -columns;
      words[into] = (words[into] as number) | (moved & this.lastWordMask);
      return;
    }
    const whole = columns >> 5; // towards −∞, so that the rest is 0 … 31
    const bits = columns & 31;
    for (let w = 0; w < wordsPerRow; w++) {
      const [high, low] = [w - whole, w - whole - 1];
      let moved = high >= 0 && high < wordsPerRow ? (source[from + high] as number) << bits : 0;
      if (bits > 0 && low >= 0 && low < wordsPerRow) moved |= (source[from + low] as number) >>> (32 - bits);
      if (w === wordsPerRow - 1) moved &= this.lastWordMask;
      words[into + w] = (words[into + w] as number) | moved;
    }
  }
}
