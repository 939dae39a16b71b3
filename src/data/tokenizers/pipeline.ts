// A tokenizer out of the parts of a tokenizer.json: added tokens, normaliser, pre-tokenizer, model, decoder.
// Every token's bytes in the document are followed through all of them. Knows no file format.
import type { Encoded } from '../encoded';
import type { TokenizerFiles } from '../tokenizerFiles';
import type { Tokenizer } from '../tokenizerType';
import type { AddedToken, AddedTokens } from './addedTokens';
import { Aligned } from './aligned';
import { bytesOfAlphabet, inAlphabet } from './byteLevel';
import { byteOf, type Decoders } from './decoders';
import { GrowingColumns } from './growing';
import type { PieceModel } from './model';
import { PieceCache } from './pieceCache';
import { PlaceWalker } from './places';
import { preTokenize, type PreTokenizers } from './preTokenizers';
import { bytesText } from './tokenTexts';

export interface Parts {
  readonly model: PieceModel;
  readonly added: readonly AddedToken[];
  readonly finder: AddedTokens;
  readonly preTokenizers: PreTokenizers;
  /** Absent: token texts stand with spaces between them. */
  readonly decoders?: Decoders;
  /** The id in front of every text. */
  readonly bos: number | undefined;
  /** The id that ends a text. */
  readonly end: number | undefined;
  readonly files: TokenizerFiles;
}

const UNKNOWN = '\ufffd';

export function pipelineTokenizer(parts: Parts): Tokenizer {
  const { model, added, bos, preTokenizers, decoders } = parts;
  const addedTexts = new Map(added.map(({ id, content }) => [id, content]));
  const vocabulary = added.reduce((most, { id }) => Math.max(most, id + 1), model.texts.length);
  const cache = new PieceCache();
  const checked = (id: number | undefined): number => {
    if (id !== undefined && Number.isInteger(id) && id >= 0 && id < vocabulary) return id;
    throw new RangeError(`tokenizer: expected an id from 0 to ${vocabulary - 1}, got ${id}`);
  };
  const textOf = (id: number): string => addedTexts.get(id) ?? model.texts[id] ?? '';
  return {
    kind: 'token',
    name: `${preTokenizers.byteLevel || decoders?.byteLevel ? 'byte-level ' : ''}${model.name}`,
    vocabulary,
    bos,
    end: parts.end,
    unknown: model.unknown,
    encode: (text) => encode(parts, cache, text),
    decode(ids) {
      const texts: string[] = [];
      for (let at = 0; at < ids.length; at++) {
        const id = checked(ids[at]);
        if (id === bos) continue;
        texts.push(id === model.unknown ? UNKNOWN : textOf(id));
      }
      return decoders ? decoders.decode(texts).join('') : texts.join(' ');
    },
    tokenText(id) {
      const text = addedTexts.get(checked(id));
      if (text !== undefined) return text;
      const own = model.texts[id];
      return own === undefined ? `<no token ${id}>` : shownText(own, decoders);
    },
    files: () => parts.files,
  };
}

/** One token alone: its bytes in the alphabet, its byte, or its text with the spaces it stands for. */
function shownText(text: string, decoders: Decoders | undefined): string {
  if (!decoders) return text;
  if (decoders.byteLevel) {
    const bytes = bytesOfAlphabet(text);
    return bytes ? bytesText(bytes) : text;
  }
  const byte = byteOf(text);
  return byte === undefined ? decoders.shown(text) : bytesText(Uint8Array.of(byte));
}

function encode({ model, finder, preTokenizers }: Parts, cache: PieceCache, text: string): Encoded {
  const { steps, byteLevel } = preTokenizers;
  // A surrogate without its partner is three bytes of UTF-8, and one unit before and after.
  const document = text.replace(/\p{Surrogate}/gu, '\ufffd');
  const columns = new GrowingColumns();
  const make = (piece: string) => model.encode(byteLevel ? inAlphabet(piece) : piece, byteLevel);
  const addPiece = (piece: Aligned): void => {
    if (piece.text === '') return;
    const { ids, start, end } = cache.get(piece.text, make);
    const ticks = piece.ticks();
    for (let token = 0; token < ids.length; token++) {
      const [first, last] = [start[token] ?? 0, end[token] ?? 0];
      if (ticks) columns.add(ids[token] ?? 0, ...bounds(ticks, first, last));
      else columns.add(ids[token] ?? 0, piece.base + first, piece.base + last);
    }
  };
  finder.split(
    new Aligned(document, 0),
    ({ id }, where) => {
      const { from, to } = where.columns();
      columns.add(id, ...bounds({ from, to }, 0, from.length));
    },
    (part) => preTokenize(steps, part, addPiece),
  );
  return withPlaces(columns.done(), document, model.unknown);
}

/** The bytes of the document that ticks or units [first, last) came from. */
function bounds(
  { from, to }: { readonly from: Uint32Array; readonly to: Uint32Array },
  first: number,
  last: number,
): [start: number, end: number] {
  let [low, high] = [from[first] ?? 0, to[first] ?? 0];
  for (let at = first; at < last; at++) {
    const [start, end] = [from[at] ?? 0, to[at] ?? 0];
    // What was put in has no bytes, and must not pull in those between it and the rest.
    if (start === end) continue;
    if (low === high) [low, high] = [start, end];
    low = Math.min(low, start);
    high = Math.max(high, end);
  }
  return [low, high];
}

function withPlaces(
  columns: Pick<Encoded, 'ids' | 'byteStart' | 'byteEnd'>,
  document: string,
  unknownId: number | undefined,
): Encoded {
  const { ids, byteStart, byteEnd } = columns;
  const start = new Uint32Array(ids.length);
  const end = new Uint32Array(ids.length);
  const [starts, ends] = [new PlaceWalker(document), new PlaceWalker(document)];
  let unknown = 0;
  for (let token = 0; token < ids.length; token++) {
    const [low, high] = [byteStart[token] ?? 0, byteEnd[token] ?? 0];
    start[token] = starts.start(low);
    end[token] = high > low ? ends.end(high) : (start[token] ?? 0);
    if (ids[token] === unknownId) unknown++;
  }
  return { ids, start, end, byteStart, byteEnd, unknown };
}
