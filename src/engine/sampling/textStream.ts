// Text out of tokens as they come: a character of several tokens is held back until it is whole.
import type { Tokenizer } from '../../data/tokenizer';

/** The bytes of one UTF-8 character, at most. */
export const LONGEST_CHARACTER = 4;
/** Tokens before the held ones that may change how they read: some decoders look at a token's neighbour. */
const LOOKED_BACK = 8;

export class TextStream {
  private held: number[] = [];
  /** The last tokens that were shown. */
  private shown: number[] = [];

  constructor(private readonly tokenizer: Tokenizer) {}

  /** @returns what can be shown now; with `last`, everything that was held back. */
  push(id: number, last = false): string {
    this.held.push(id);
    const ready = last ? this.held.length : this.ready();
    return this.show(this.held.splice(0, ready));
  }

  /** How many are held before the beginning of a character that more tokens could complete. */
  private ready(): number {
    switch (this.tokenizer.kind) {
      case 'byte':
        for (let start = 0; start < this.held.length; start++)
          if (isOpen(this.held.slice(start))) return start;
        return this.held.length;
      case 'character':
        return this.held.length;
      case 'token': {
        const open = this.textOf(this.held).endsWith('\ufffd') && this.held.length < LONGEST_CHARACTER;
        return open ? 0 : this.held.length;
      }
      default:
        return this.tokenizer.kind satisfies never;
    }
  }

  private show(ids: readonly number[]): string {
    if (ids.length === 0) return '';
    const text = this.textOf(ids);
    this.shown = [...this.shown, ...ids].slice(-LOOKED_BACK);
    return text;
  }

  /** What tokens add to those before them: the first token of a text may lose a space. */
  private textOf(ids: readonly number[]): string {
    if (this.tokenizer.kind !== 'token' || this.shown.length === 0) return this.tokenizer.decode(ids);
    const before = this.tokenizer.decode(this.shown);
    return this.tokenizer.decode([...this.shown, ...ids]).slice(before.length);
  }
}

/** Whether these bytes are the beginning of one character and not all of it. */
function isOpen([lead = 0, ...rest]: readonly number[]): boolean {
  const length = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? LONGEST_CHARACTER : 1;
  return 1 + rest.length < length && rest.every((byte) => byte >= 0x80 && byte < 0xc0);
}
