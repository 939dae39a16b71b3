// Text out of tokens as they come: a character of several tokens is held back until it is whole.
import type { Tokenizer } from '../../data/tokenizer';

/** The bytes of one UTF-8 character, at most. */
const LONGEST_CHARACTER = 4;

export class TextStream {
  private held: number[] = [];

  constructor(private readonly tokenizer: Tokenizer) {}

  /** @returns what can be shown now; with `last`, everything that was held back. */
  push(id: number, last = false): string {
    this.held.push(id);
    const text = this.tokenizer.decode(this.held);
    const whole = this.tokenizer.kind !== 'byte' || !this.isOpen();
    if (!whole && !last) return '';
    this.held = [];
    return text;
  }

  /** Whether the bytes held are the beginning of one character that more bytes could complete. */
  private isOpen(): boolean {
    const lead = this.held[0] ?? 0;
    const length = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? LONGEST_CHARACTER : 1;
    if (this.held.length >= length) return false;
    return this.held.slice(1).every((byte) => byte >= 0x80 && byte < 0xc0);
  }
}
