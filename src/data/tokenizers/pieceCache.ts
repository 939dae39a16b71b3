// The last pieces of text with what the model made of them: after an edit nearly all pieces are the same as before.
import type { Pieces } from './model';

const MOST_PIECES = 50_000;
/** Longer pieces are rare, and seldom the same again. */
const LONGEST_PIECE = 128;
/** From this length on a slice holds on to the whole text that it was cut from. */
const SLICED = 13;

export class PieceCache {
  private recent = new Map<string, Pieces>();
  private older = new Map<string, Pieces>();

  get(text: string, make: (text: string) => Pieces): Pieces {
    if (text.length > LONGEST_PIECE) return make(text);
    const known = this.recent.get(text);
    if (known) return known;
    const pieces = this.older.get(text) ?? make(text);
    if (this.recent.size >= MOST_PIECES) {
      this.older = this.recent;
      this.recent = new Map();
    }
    this.recent.set(text.length < SLICED ? text : ownCopy(text), pieces);
    return pieces;
  }
}

function ownCopy(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
