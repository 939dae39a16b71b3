// The unigram model: of all ways to cut a piece into tokens, the one whose scores sum highest (Viterbi).
// Source: Kudo 2018, arXiv 1804.10959; ties and unknown characters as in SentencePiece and Hugging Face's tokenizers.
import { codePointAt, utf8Length } from '../encoded';
import { byteToken } from './bpe';
import type { Fields } from './fields';
import { shown, wrong } from './fields';
import { MOST_TOKENS, PieceBuilder, type PieceModel, type Pieces } from './model';
import { PairTable } from './pairTable';

/** An unknown character costs this much more than the least likely token. */
const UNKNOWN_PENALTY = 10;

export function readUnigram(fields: Fields): UnigramModel {
  const entries = fields.list('vocab', MOST_TOKENS).map((value, index): [string, number] => {
    const [text, score] = Array.isArray(value) ? (value as readonly unknown[]) : [];
    if (typeof text !== 'string' || typeof score !== 'number' || !Number.isFinite(score)) {
      throw fields.wrong(`vocab[${index}]`, 'a text and its score', shown(value));
    }
    return [text, score];
  });
  if (entries.length === 0) throw fields.wrong('vocab', 'at least one token', 'none');
  const unknown = fields.has('unk_id') ? fields.integer('unk_id', 0, entries.length - 1) : undefined;
  return new UnigramModel(entries, unknown, fields.flag('byte_fallback', false), fields.file);
}

export class UnigramModel implements PieceModel {
  readonly name = 'Unigram';
  readonly texts: readonly string[];
  private readonly ids = new Map<string, number>();
  /** (node, UTF-16 unit) to the node behind it, and 1 + the id of the token that ends there. */
  private readonly trie: PairTable;
  private readonly scores: Float64Array;
  private readonly unknownScore: number;

  constructor(
    entries: ReadonlyArray<readonly [text: string, score: number]>,
    readonly unknown: number | undefined,
    private readonly byteFallback: boolean,
    private readonly file: string,
  ) {
    this.texts = entries.map(([text]) => text);
    this.scores = Float64Array.from(entries, ([, score]) => score);
    this.unknownScore =
      this.scores.reduce((least, score) => Math.min(least, score), Infinity) - UNKNOWN_PENALTY;
    entries.forEach(([text], id) => this.ids.set(text, id)); // of equals the last counts
    this.trie = new PairTable(4 * entries.length);
    let nodes = 1;
    for (const [text, id] of this.ids) {
      let node = 0;
      for (let at = 0; at < text.length; at++) {
        const unit = text.charCodeAt(at);
        const slot = this.trie.slotOf(node, unit);
        const child = slot < 0 ? nodes++ : this.trie.first(slot);
        const ends = at === text.length - 1 ? id + 1 : slot < 0 ? 0 : this.trie.second(slot);
        if (slot < 0 || at === text.length - 1) this.trie.set(node, unit, child, ends);
        node = child;
      }
    }
  }

  idOf(text: string): number | undefined {
    return this.ids.get(text);
  }

  encode(text: string, alphabet: boolean): Pieces {
    const starts = this.bestPath(text);
    // From the end back: stretches of unknown characters are one token.
    const cuts: number[] = [];
    let unknownEnd = -1;
    for (let end = text.length; end > 0;) {
      const start = starts.from[end] ?? 0;
      const isUnknown = this.unknown !== undefined && starts.id[end] === this.unknown;
      if (!isUnknown && unknownEnd >= 0) cuts.push(end, unknownEnd);
      unknownEnd = isUnknown ? (unknownEnd < 0 ? end : unknownEnd) : -1;
      if (!isUnknown) cuts.push(start, end);
      end = start;
    }
    if (unknownEnd >= 0) cuts.push(0, unknownEnd);
    const pieces = new PieceBuilder();
    let tick = 0;
    for (let at = cuts.length - 2; at >= 0; at -= 2) {
      tick = this.add(pieces, text.slice(cuts[at], cuts[at + 1]), tick, alphabet);
    }
    return pieces.done();
  }

  private bestPath(text: string): { readonly from: Int32Array; readonly id: Int32Array } {
    const from = new Int32Array(text.length + 1).fill(-1);
    const id = new Int32Array(text.length + 1);
    const score = new Float64Array(text.length + 1);
    const offer = (start: number, end: number, token: number, total: number): void => {
      if (from[end] !== -1 && total <= (score[end] ?? 0)) return;
      from[end] = start;
      id[end] = token;
      score[end] = total;
    };
    for (let start = 0; start < text.length;) {
      const next = start + (codePointAt(text, start) > 0xffff ? 2 : 1);
      const before = score[start] ?? 0;
      let single = false;
      for (let node = 0, end = start; end < text.length;) {
        const slot = this.trie.slotOf(node, text.charCodeAt(end));
        if (slot < 0) break;
        node = this.trie.first(slot);
        end++;
        const token = this.trie.second(slot) - 1;
        if (token < 0) continue;
        offer(start, end, token, (this.scores[token] ?? 0) + before);
        if (end === next) single = true;
      }
      if (!single) offer(start, next, this.unknownOr(), this.unknownScore + before);
      start = next;
    }
    return { from, id };
  }

  private add(pieces: PieceBuilder, part: string, tick: number, alphabet: boolean): number {
    const end = tick + (alphabet ? part.length : Buffer.byteLength(part));
    const id = this.ids.get(part);
    const bytes = id === undefined && this.byteFallback ? this.bytesOf(part) : undefined;
    if (!bytes) {
      pieces.add(id ?? this.unknownOr(), tick, end);
      return end;
    }
    let at = tick;
    let next = 0;
    for (const character of part) {
      const length = utf8Length(character.codePointAt(0) ?? 0);
      for (let byte = 0; byte < length; byte++) {
        const exact = !alphabet;
        pieces.add(bytes[next++] ?? 0, exact ? at + byte : at, exact ? at + byte + 1 : at + 1);
      }
      at += alphabet ? 1 : length;
    }
    return end;
  }

  private bytesOf(part: string): number[] | undefined {
    const ids: number[] = [];
    for (const byte of Buffer.from(part)) {
      const id = this.ids.get(byteToken(byte));
      if (id === undefined) return undefined;
      ids.push(id);
    }
    return ids;
  }

  private unknownOr(): number {
    if (this.unknown !== undefined) return this.unknown;
    throw wrong(this.file, 'model.unk_id', 'the id of the unknown token, which this text needs', 'none');
  }
}
