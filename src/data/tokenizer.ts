// Text to ids with exact places in the text, and back: by bytes, by characters of a training text, or by the parts of
// somebody's tokenizer.json. Knows no model; how a tokenizer looks on disk is tokenizerFiles' and readTokenizer's business.
import { codePointAt, encodeBytes, encodeCodePoints } from './encoded';
import { BOS_TEXT, UNKNOWN_TEXT, byteFiles, characterFiles, isOwnKind, parseFiles } from './tokenizerFiles';
import type { Tokenizer } from './tokenizerType';
import { readTokenizer } from './tokenizers/readTokenizer';

export type { Encoded } from './encoded';
export type { Tokenizer } from './tokenizerType';
export type { TokenizerFiles } from './tokenizerFiles';

const BYTES = 256;

/** Ids 0–255 are the bytes of UTF-8, 256 is BOS: nothing is unknown. */
export function byteTokenizer(): Tokenizer {
  const bos = BYTES;
  return {
    kind: 'byte',
    name: 'byte',
    vocabulary: BYTES + 1,
    bos,
    end: bos,
    unknown: undefined,
    encode: encodeBytes,
    decode(ids) {
      const bytes = new Uint8Array(ids.length);
      let length = 0;
      for (let i = 0; i < ids.length; i++) {
        const id = checkedId(ids[i], BYTES + 1);
        if (id !== bos) bytes[length++] = id;
      }
      // ignoreBOM: keep U+FEFF, which is a character like any other here.
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, length));
    },
    tokenText(id) {
      if (checkedId(id, BYTES + 1) === bos) return BOS_TEXT;
      return id < 0x80 ? String.fromCharCode(id) : `\\x${id.toString(16).toUpperCase()}`;
    },
    files: byteFiles,
  };
}

/** Ids count the code points of `trainingText` in their order, then `<bos>`, then `<unk>`. */
export function characterTokenizer(trainingText: string): Tokenizer {
  const seen = new Set<number>();
  for (let offset = 0; offset < trainingText.length;) {
    const code = codePointAt(trainingText, offset);
    seen.add(code);
    offset += code > 0xffff ? 2 : 1;
  }
  return tokenizerOfCharacters([...seen].sort((a, b) => a - b));
}

/**
 * Reads tokenizer.json and tokenizer_config.json, parsed: what `files()` gave, or anybody's of a kind that is known.
 * @param file names tokenizer.json in the sentence of the ArLensError thrown for one that is broken or not known.
 */
export function loadTokenizer(
  tokenizer: unknown,
  tokenizerConfig: unknown,
  file = 'tokenizer.json',
): Tokenizer {
  if (!isOwnKind(tokenizerConfig)) return readTokenizer(tokenizer, tokenizerConfig, file);
  const parsed = parseFiles(tokenizer, tokenizerConfig, file);
  return parsed.kind === 'byte' ? byteTokenizer() : tokenizerOfCharacters(parsed.characters);
}

/** The same with more ids, which no text has: a model's table may be larger than its tokenizer. */
export function paddedTokenizer(tokenizer: Tokenizer, vocabulary: number): Tokenizer {
  return {
    ...tokenizer,
    vocabulary,
    decode: (ids) =>
      tokenizer.decode(Array.from(ids).filter((id) => checkedId(id, vocabulary) < tokenizer.vocabulary)),
    tokenText: (id) =>
      checkedId(id, vocabulary) < tokenizer.vocabulary ? tokenizer.tokenText(id) : `<no token ${id}>`,
  };
}

/** @param characters code points, ascending. */
function tokenizerOfCharacters(characters: readonly number[]): Tokenizer {
  const bos = characters.length;
  const unknown = bos + 1;
  const vocabulary = unknown + 1;
  const idOf = new Map(characters.map((code, id) => [code, id]));
  // The common characters by table: a map's look-up per character would dominate a long text.
  const low = new Int32Array(0x800).fill(-1);
  for (const [code, id] of idOf) if (code < low.length) low[code] = id;
  const find = (code: number): number | undefined => {
    if (code >= low.length) return idOf.get(code);
    const id = low[code];
    return id === -1 ? undefined : id;
  };
  const textOf = [...characters.map((code) => String.fromCodePoint(code)), BOS_TEXT, UNKNOWN_TEXT];
  return {
    kind: 'character',
    name: 'character',
    vocabulary,
    bos,
    end: bos,
    unknown,
    encode: (text) => encodeCodePoints(text, find, unknown),
    decode(ids) {
      let text = '';
      for (let i = 0; i < ids.length; i++) {
        const id = checkedId(ids[i], vocabulary);
        if (id !== bos) text += id === unknown ? '\ufffd' : textOf[id];
      }
      return text;
    },
    tokenText: (id) => textOf[checkedId(id, vocabulary)] ?? '',
    files: () => characterFiles(characters),
  };
}

function checkedId(id: number | undefined, vocabulary: number): number {
  if (id === undefined || !Number.isInteger(id) || id < 0 || id >= vocabulary) {
    throw new RangeError(`tokenizer: expected an id from 0 to ${vocabulary - 1}, got ${id}`);
  }
  return id;
}
