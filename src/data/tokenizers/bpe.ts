// Byte-pair encoding: the pair of neighbours that was learnt first is joined first, until no learnt pair is left.
// A list of neighbours and a heap of pairs make it n log n in the length of a piece, also for a text without spaces.
// Source: Sennrich, Haddow, Birch 2016, arXiv 1508.07909; byte fallback as in SentencePiece.
import { codePointAt, utf8Length } from '../encoded';
import type { Fields } from './fields';
import { shown } from './fields';
import { Heap } from './heap';
import { MOST_TOKENS, type PieceModel, type Pieces } from './model';
import { PairTable } from './pairTable';
import { readVocabulary, type Vocabulary } from './vocabulary';

export interface BpeOptions {
  readonly unknownText?: string;
  /** Stands in front of every symbol but a piece's first. */
  readonly prefix?: string;
  /** Stands behind a piece's last symbol. */
  readonly suffix?: string;
  readonly fuseUnknown?: boolean;
  readonly byteFallback?: boolean;
  /** Whether a piece that is a token is that token, whatever the merges say. */
  readonly ignoreMerges?: boolean;
}

/** Two texts; the whole that they make is a token too. */
export type Merge = readonly [left: string, right: string];

export function readBpe(fields: Fields): BpeModel {
  const dropout = fields.value('dropout') ?? 0;
  if (dropout !== 0) throw fields.wrong('dropout', 'none: a text has one likelihood');
  const vocabulary = readVocabulary(fields, 'vocab');
  const unknownText = fields.optionalText('unk_token');
  const prefix = fields.optionalText('continuing_subword_prefix');
  const suffix = fields.optionalText('end_of_word_suffix');
  const options: BpeOptions = {
    ...(unknownText === undefined ? {} : { unknownText }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(suffix === undefined ? {} : { suffix }),
    fuseUnknown: fields.flag('fuse_unk', false),
    byteFallback: fields.flag('byte_fallback', false),
    ignoreMerges: fields.flag('ignore_merges', false),
  };
  if (unknownText !== undefined && !vocabulary.ids.has(unknownText)) {
    throw fields.wrong('unk_token', 'a token of the vocabulary');
  }
  const merges = fields.list('merges', MOST_TOKENS).map((value, index) => readMerge(fields, value, index));
  return new BpeModel(vocabulary, merges, options, (index, text) =>
    fields.wrong(`merges[${index}]`, 'tokens of the vocabulary', `${shown(text)}, which is none`),
  );
}

function readMerge(fields: Fields, value: unknown, index: number): Merge {
  const parts: readonly unknown[] =
    typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [];
  const [left, right] = parts;
  if (parts.length !== 2 || typeof left !== 'string' || typeof right !== 'string') {
    throw fields.wrong(`merges[${index}]`, 'two tokens', shown(value));
  }
  return [left, right];
}

export class BpeModel implements PieceModel {
  readonly name: string;
  readonly texts: ReadonlyArray<string | undefined>;
  readonly unknown: number | undefined;
  /** Pairs of ids to the rank of their merge and the id of the whole. */
  private readonly merges: PairTable;
  private readonly fallback: readonly number[] | undefined;

  constructor(
    private readonly vocabulary: Vocabulary,
    merges: readonly Merge[],
    private readonly options: BpeOptions,
    noToken: (merge: number, text: string) => Error,
  ) {
    this.texts = vocabulary.texts;
    this.unknown = options.unknownText === undefined ? undefined : vocabulary.ids.get(options.unknownText);
    this.merges = new PairTable(merges.length);
    const skipped = options.prefix?.length ?? 0;
    merges.forEach(([left, right], rank) => {
      const id = (text: string): number => {
        const found = vocabulary.ids.get(text);
        if (found === undefined) throw noToken(rank, text);
        return found;
      };
      this.merges.set(id(left), id(right), rank, id(left + right.slice(skipped)));
    });
    const bytes = Array.from({ length: 256 }, (_, byte) =>
      vocabulary.ids.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
    );
    this.fallback = options.byteFallback && bytes.every((id) => id !== undefined) ? bytes : undefined;
    this.name = options.byteFallback ? 'BPE with byte fallback' : 'BPE';
  }

  idOf(text: string): number | undefined {
    return this.vocabulary.ids.get(text);
  }

  encode(text: string, alphabet: boolean): Pieces {
    if (this.options.ignoreMerges) {
      const whole = this.idOf(text);
      if (whole !== undefined) {
        return {
          ids: Int32Array.of(whole),
          start: Uint32Array.of(0),
          end: Uint32Array.of(ticksOf(text, alphabet)),
        };
      }
    }
    return this.merged(this.symbols(text, alphabet));
  }

  /** One id per character, byte or unknown stretch. */
  private symbols(text: string, alphabet: boolean): Symbols {
    const symbols = new Symbols(text.length);
    const { prefix, suffix } = this.options;
    let tick = 0;
    for (let at = 0; at < text.length;) {
      const code = codePointAt(text, at);
      const next = at + (code > 0xffff ? 2 : 1);
      const end = tick + (alphabet ? 1 : utf8Length(code));
      let symbol = text.slice(at, next);
      if (at > 0 && prefix !== undefined) symbol = prefix + symbol;
      if (next === text.length && suffix !== undefined) symbol += suffix;
      const id = this.idOf(symbol);
      if (id !== undefined) symbols.add(id, tick, end);
      else if (!this.addBytes(symbols, symbol, tick, end) && this.unknown !== undefined) {
        // Without an unknown token such a character has none at all.
        symbols.addUnknown(this.unknown, tick, end, this.options.fuseUnknown ?? false);
      }
      at = next;
      tick = end;
    }
    return symbols;
  }

  private addBytes(symbols: Symbols, symbol: string, start: number, end: number): boolean {
    if (!this.options.byteFallback) return false;
    const bytes = Buffer.from(symbol);
    const ids = Array.from(bytes, (byte) => this.fallback?.[byte] ?? this.idOf(byteToken(byte)));
    if (ids.some((id) => id === undefined)) return false;
    ids.forEach((id, index) => {
      // A prefix or suffix of the symbol has no bytes in the text.
      const exact = ids.length === end - start;
      symbols.add(id ?? 0, exact ? start + index : start, exact ? start + index + 1 : end);
    });
    return true;
  }

  private merged(symbols: Symbols): Pieces {
    const { ids, start, end, count } = symbols;
    const next = new Int32Array(count);
    const previous = new Int32Array(count);
    const gone = new Uint8Array(count);
    for (let at = 0; at < count; at++) {
      next[at] = at + 1 < count ? at + 1 : -1;
      previous[at] = at - 1;
    }
    const heap = new Heap(count);
    const offer = (left: number, right: number): void => {
      const slot = this.merges.slotOf(ids[left] ?? 0, ids[right] ?? 0);
      if (slot >= 0) heap.push(this.merges.first(slot), left);
    };
    for (let at = 0; at + 1 < count; at++) offer(at, at + 1);
    let left = count;
    while (heap.pop()) {
      const at = heap.number;
      const right = next[at] ?? -1;
      if (gone[at] === 1 || right < 0) continue;
      const slot = this.merges.slotOf(ids[at] ?? 0, ids[right] ?? 0);
      // The pair that was meant is no more: one of the two has been joined with another since.
      if (slot < 0 || this.merges.first(slot) !== heap.priority) continue;
      ids[at] = this.merges.second(slot);
      end[at] = end[right] ?? 0;
      gone[right] = 1;
      left--;
      const after = next[right] ?? -1;
      next[at] = after;
      if (after >= 0) {
        previous[after] = at;
        offer(at, after);
      }
      const before = previous[at] ?? -1;
      if (before >= 0) offer(before, at);
    }
    const pieces = { ids: new Int32Array(left), start: new Uint32Array(left), end: new Uint32Array(left) };
    for (let at = 0, written = 0; at >= 0 && written < left; at = next[at] ?? -1, written++) {
      pieces.ids[written] = ids[at] ?? 0;
      pieces.start[written] = start[at] ?? 0;
      pieces.end[written] = end[at] ?? 0;
    }
    return pieces;
  }
}

export function byteToken(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
}

function ticksOf(text: string, alphabet: boolean): number {
  return alphabet ? text.length : Buffer.byteLength(text);
}

/** Growing columns of symbols. */
class Symbols {
  ids: Int32Array;
  start: Uint32Array;
  end: Uint32Array;
  count = 0;
  private lastUnknown = false;

  constructor(expected: number) {
    this.ids = new Int32Array(expected);
    this.start = new Uint32Array(expected);
    this.end = new Uint32Array(expected);
  }

  add(id: number, start: number, end: number): void {
    if (this.count === this.ids.length) this.grow();
    this.ids[this.count] = id;
    this.start[this.count] = start;
    this.end[this.count++] = end;
    this.lastUnknown = false;
  }

  addUnknown(id: number, start: number, end: number, fuse: boolean): void {
    if (fuse && this.lastUnknown) this.end[this.count - 1] = end;
    else this.add(id, start, end);
    this.lastUnknown = true;
  }

  private grow(): void {
    const longer = new Symbols(Math.max(16, 2 * this.count));
    longer.ids.set(this.ids);
    longer.start.set(this.start);
    longer.end.set(this.end);
    [this.ids, this.start, this.end] = [longer.ids, longer.start, longer.end];
  }
}
