// A text on its way through normalisers and pre-tokenizers, which still knows for each UTF-16 unit the bytes of the
// document it came from. Texts that nothing has changed carry no columns: their bytes count along.
import { codePointAt, utf8Length } from '../encoded';

/** A replaced stretch of a text: UTF-16 [start, end), and what stands there instead. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export class Aligned {
  /**
   * @param base the byte of the document at which the text starts
   * @param from first byte of the document that a unit came from; absent where the text is the document's own
   * @param to the byte after the last one; equal to `from` for text that was put in
   */
  constructor(
    readonly text: string,
    readonly base: number,
    readonly from?: Uint32Array,
    readonly to?: Uint32Array,
  ) {}

  /** Cuts [start, end) out. Cuts in rising order cost no more than one walk: see `Slicer`. */
  slicer(): Slicer {
    return new Slicer(this);
  }

  /** @param edits in order, not overlapping. */
  edited(edits: readonly Edit[]): Aligned {
    if (edits.length === 0) return this;
    const { from, to } = this.columns();
    const length = edits.reduce(
      (sum, { start, end, text }) => sum + text.length - (end - start),
      this.text.length,
    );
    const newFrom = new Uint32Array(length);
    const newTo = new Uint32Array(length);
    const parts: string[] = [];
    let [read, written] = [0, 0];
    const keep = (end: number): void => {
      parts.push(this.text.slice(read, end));
      newFrom.set(from.subarray(read, end), written);
      newTo.set(to.subarray(read, end), written);
      written += end - read;
      read = end;
    };
    for (const { start, end, text } of edits) {
      keep(start);
      // What is put in without taking out covers no bytes, at the place where the next unit starts.
      const first = start < this.text.length ? (from[start] ?? 0) : (to[start - 1] ?? this.base);
      let [low, high] = [first, first];
      for (let unit = start; unit < end; unit++) {
        low = Math.min(low, from[unit] ?? low);
        high = Math.max(high, to[unit] ?? high);
      }
      parts.push(text);
      newFrom.fill(low, written, written + text.length);
      newTo.fill(high, written, written + text.length);
      written += text.length;
      read = end;
    }
    keep(this.text.length);
    return new Aligned(parts.join(''), this.base, newFrom, newTo);
  }

  /** `from` and `to`, made where the text has none. */
  columns(): { readonly from: Uint32Array; readonly to: Uint32Array } {
    if (this.from && this.to) return { from: this.from, to: this.to };
    const from = new Uint32Array(this.text.length);
    const to = new Uint32Array(this.text.length);
    let byte = this.base;
    for (let unit = 0; unit < this.text.length;) {
      const code = codePointAt(this.text, unit);
      const next = unit + (code > 0xffff ? 2 : 1);
      const end = byte + utf8Length(code);
      for (; unit < next; unit++) {
        from[unit] = byte;
        to[unit] = end;
      }
      byte = end;
    }
    return { from, to };
  }

  /** The document's bytes of each tick (a byte of this text's own UTF-8 form), where the text has columns. */
  ticks(): { readonly from: Uint32Array; readonly to: Uint32Array } | undefined {
    const { from, to } = this;
    if (!from || !to) return undefined;
    const tickFrom: number[] = [];
    const tickTo: number[] = [];
    for (let unit = 0; unit < this.text.length;) {
      const code = codePointAt(this.text, unit);
      const length = utf8Length(code);
      const [low, high] = [from[unit] ?? 0, to[unit] ?? 0];
      for (let byte = 0; byte < length; byte++) {
        // As many bytes as before: one for one. Otherwise each byte stands for the whole of what was replaced.
        tickFrom.push(high - low === length ? low + byte : low);
        tickTo.push(high - low === length ? low + byte + 1 : high);
      }
      unit += code > 0xffff ? 2 : 1;
    }
    return { from: Uint32Array.from(tickFrom), to: Uint32Array.from(tickTo) };
  }

  /** Where in the document the text starts. */
  get start(): number {
    return this.from ? (this.from[0] ?? this.base) : this.base;
  }
}

/** Cuts stretches out of one text. */
export class Slicer {
  private unit = 0;
  private byte: number;

  constructor(private readonly whole: Aligned) {
    this.byte = whole.base;
  }

  cut(start: number, end: number): Aligned {
    const { text, from, to } = this.whole;
    if (start === 0 && end === text.length) return this.whole;
    if (from && to) {
      const base = from[start] ?? to[start - 1] ?? this.whole.base;
      return new Aligned(text.slice(start, end), base, from.subarray(start, end), to.subarray(start, end));
    }
    if (start < this.unit) {
      this.unit = 0;
      this.byte = this.whole.base;
    }
    for (; this.unit < start;) {
      const code = codePointAt(text, this.unit);
      this.byte += utf8Length(code);
      this.unit += code > 0xffff ? 2 : 1;
    }
    return new Aligned(text.slice(start, end), this.byte);
  }
}
