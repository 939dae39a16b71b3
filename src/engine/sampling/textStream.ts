// Text out of tokens as they come: a character of several tokens is held back until it is whole.
import type { Tokenizer } from '../../data/tokenizer';

/** The bytes of one UTF-8 character, at most. */
export const LONGEST_CHARACTER = 4;

export class TextStream {
  private held: number[] = [];

  constructor(private readonly tokenizer: Tokenizer) {}

  /** @returns what can be shown now; with `last`, everything that was held back. */
  push(id: number, last = false): string {
    this.held.push(id);
    const ready = last || this.tokenizer.kind !== 'byte' ? this.held.length : this.ready();
    return this.tokenizer.decode(this.held.splice(0, ready));
  }

  /** How many are held before the beginning of a character that more bytes could complete. */
  private ready(): number {
    for (let start = 0; start < this.held.length; start++) if (isOpen(this.held.slice(start))) return start;
    return this.held.length;
  }
}

/** Whether these bytes are the beginning of one character and not all of it. */
function isOpen([lead = 0, ...rest]: readonly number[]): boolean {
  const length = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? LONGEST_CHARACTER : 1;
  return 1 + rest.length < length && rest.every((byte) => byte >= 0x80 && byte < 0xc0);
}
