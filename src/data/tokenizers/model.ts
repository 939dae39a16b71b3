// What a tokenizer's model is: one piece of text to ids with their ranges in it. And the limits of what is read.

/** Columns over the tokens of one piece. Ticks are the bytes of the piece's UTF-8 form, before any byte alphabet. */
export interface Pieces {
  readonly ids: Int32Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
}

export interface PieceModel {
  /** What a person calls it: "byte-level BPE". */
  readonly name: string;
  /** Token texts by id; undefined where an id has none. */
  readonly texts: ReadonlyArray<string | undefined>;
  readonly unknown: number | undefined;
  idOf(text: string): number | undefined;
  /** @param text a piece, in the byte alphabet where `alphabet` says so: each UTF-16 unit is one tick then. */
  encode(text: string, alphabet: boolean): Pieces;
}

/** More tokens than any published tokenizer has; also the bound of what their tables take. */
export const MOST_TOKENS = 2 ** 21;
export const LONGEST_TOKEN = 100_000;

/** Collects the columns. */
export class PieceBuilder {
  private readonly ids: number[] = [];
  private readonly start: number[] = [];
  private readonly end: number[] = [];

  add(id: number, start: number, end: number): void {
    this.ids.push(id);
    this.start.push(start);
    this.end.push(end);
  }

  done(): Pieces {
    return {
      ids: Int32Array.from(this.ids),
      start: Uint32Array.from(this.start),
      end: Uint32Array.from(this.end),
    };
  }
}
