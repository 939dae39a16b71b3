// Scored tokens of one document, found by position in logarithmic time: a sorted list of chunks of typed columns.
// A million tokens are some hundred chunks; nothing here walks them all except where it says so.
import type { TokenScores } from '../../protocol/engine';
import {
  bisect,
  chunkEnd,
  chunkOf,
  chunkStart,
  endToken,
  firstRowEndingAfter,
  firstRowFrom,
  firstToken,
  narrowed,
  tokenStart,
  type TokenChunk,
} from './tokenChunk';

export class TokenIndex {
  private list: TokenChunk[] = [];

  get chunks(): readonly TokenChunk[] {
    return this.list;
  }

  /** Walks the chunks, not the tokens. */
  get tokens(): number {
    return this.list.reduce((sum, chunk) => sum + chunk.high - chunk.low, 0);
  }

  /** Puts scores at their place in the token sequence; what they replace gives way. */
  insert(scores: TokenScores): void {
    if (scores.start.length === 0) return;
    const chunk = chunkOf(scores);
    const [from, to] = [firstToken(chunk), endToken(chunk)];
    const begin = bisect(0, this.list.length, (i) => endToken(this.at(i)) > from);
    const end = bisect(begin, this.list.length, (i) => firstToken(this.at(i)) >= to);
    const kept: TokenChunk[] = [];
    const head = end > begin ? this.at(begin) : undefined;
    const tail = end > begin ? this.at(end - 1) : undefined;
    push(kept, head && narrowed(head, head.low, from - head.scores.from));
    kept.push(chunk);
    push(kept, tail && narrowed(tail, Math.max(tail.low, to - tail.scores.from), tail.high));
    this.list.splice(begin, end - begin, ...kept);
  }

  /** Moves tokens with an edit: those it touches are dropped, those after it shift. */
  edit(offset: number, removed: number, inserted: number): void {
    const delta = inserted - removed;
    const next: TokenChunk[] = [];
    for (const chunk of this.list) {
      if (chunkEnd(chunk) <= offset) {
        next.push(chunk);
        continue;
      }
      // A pure insertion at a token's edge touches nothing; inside a token it drops that token.
      const untouched = firstRowEndingAfter(chunk, offset);
      push(next, narrowed(chunk, chunk.low, untouched));
      push(
        next,
        narrowed(
          chunk,
          Math.max(untouched, firstRowFrom(chunk, offset + removed)),
          chunk.high,
          chunk.shift + delta,
        ),
      );
    }
    this.list = next;
  }

  /** Is every UTF-16 unit of [start, end) inside a token, without a hole in the sequence? */
  covers(start: number, end: number): boolean {
    if (start >= end) return true;
    let i = this.firstChunkEndingAfter(start);
    let chunk = this.list[i];
    if (chunk === undefined || chunkStart(chunk) > start) return false;
    while (chunkEnd(chunk) < end) {
      const following = this.list[++i];
      if (following === undefined || firstToken(following) !== endToken(chunk)) return false;
      chunk = following;
    }
    return true;
  }

  /** Visits tokens that overlap [start, end), in order; stops early when `visit` returns false. */
  visit(start: number, end: number, visit: (chunk: TokenChunk, row: number) => boolean | void): void {
    for (let i = this.firstChunkEndingAfter(start); i < this.list.length; i++) {
      const chunk = this.at(i);
      for (let row = firstRowEndingAfter(chunk, start); row < chunk.high; row++) {
        if (tokenStart(chunk, row) >= end) return;
        if (visit(chunk, row) === false) return;
      }
    }
  }

  /** The row of a token by its place in the sequence. */
  find(token: number): { chunk: TokenChunk; row: number } | undefined {
    const i = bisect(0, this.list.length, (at) => endToken(this.at(at)) > token);
    const chunk = this.list[i];
    if (chunk === undefined || firstToken(chunk) > token) return undefined;
    return { chunk, row: token - chunk.scores.from };
  }

  firstChunkEndingAfter(offset: number): number {
    return bisect(0, this.list.length, (i) => chunkEnd(this.at(i)) > offset);
  }

  private at(i: number): TokenChunk {
    const chunk = this.list[i];
    if (chunk === undefined) throw new RangeError(`TokenIndex: expected a chunk at ${i}, got none`);
    return chunk;
  }
}

function push(list: TokenChunk[], chunk: TokenChunk | undefined): void {
  if (chunk !== undefined) list.push(chunk);
}
