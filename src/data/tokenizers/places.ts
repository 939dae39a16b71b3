// From byte ranges in a document to UTF-16 ranges: whole code points, since an editor cannot mark less.
import { codePointAt, utf8Length } from '../encoded';

/** A walk over a text that goes forward and back, cheap where places come in about their order. */
export class PlaceWalker {
  private unit = 0;
  private byte = 0;

  constructor(private readonly text: string) {}

  /** The first UTF-16 unit of the code point that holds the byte; the text's length at its end. */
  start(byte: number): number {
    this.walk(byte);
    return this.unit;
  }

  /** The unit behind the code point that holds the byte before `byte`. */
  end(byte: number): number {
    this.walk(byte);
    return this.byte === byte ? this.unit : this.unit + this.unitsHere();
  }

  /** To the code point that holds `byte`. */
  private walk(byte: number): void {
    while (this.byte > byte) {
      const before = this.text.charCodeAt(this.unit - 1);
      const pair = (before & 0xfc00) === 0xdc00 && (this.text.charCodeAt(this.unit - 2) & 0xfc00) === 0xd800;
      this.unit -= pair ? 2 : 1;
      this.byte -= utf8Length(codePointAt(this.text, this.unit));
    }
    while (this.unit < this.text.length) {
      const end = this.byte + utf8Length(codePointAt(this.text, this.unit));
      if (end > byte) return;
      this.unit += this.unitsHere();
      this.byte = end;
    }
  }

  private unitsHere(): number {
    return codePointAt(this.text, this.unit) > 0xffff ? 2 : 1;
  }
}
