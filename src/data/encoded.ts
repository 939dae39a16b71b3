// The tokens of a text as columns, with their exact places in it; and the walk over code points that both
// tokenizers share. Knows no vocabulary.

/** Columns over the tokens of a text, in order. No BOS among them. */
export interface Encoded {
  readonly ids: Int32Array;
  /** UTF-16 range of the character a token belongs to; the bytes of one character share it. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  /** The token's own range in the text's UTF-8 form, where a lone surrogate counts as U+FFFD's three bytes. */
  readonly byteStart: Uint32Array;
  readonly byteEnd: Uint32Array;
  /** How many of the tokens are the unknown token. */
  readonly unknown: number;
}

export const REPLACEMENT = 0xfffd;

/** @returns the code point at a UTF-16 offset; a surrogate without its partner reads as U+FFFD. */
export function codePointAt(text: string, offset: number): number {
  const unit = text.charCodeAt(offset);
  if ((unit & 0xf800) !== 0xd800) return unit;
  if (unit < 0xdc00 && offset + 1 < text.length) {
    const low = text.charCodeAt(offset + 1);
    if ((low & 0xfc00) === 0xdc00) return 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
  }
  return REPLACEMENT;
}

/** Code points and UTF-8 bytes of a text. */
export function measure(text: string): { readonly codePoints: number; readonly bytes: number } {
  let codePoints = 0;
  let bytes = 0;
  for (let offset = 0; offset < text.length; codePoints++) {
    const code = codePointAt(text, offset);
    bytes += utf8Length(code);
    offset += code > 0xffff ? 2 : 1;
  }
  return { codePoints, bytes };
}

export function utf8Length(code: number): 1 | 2 | 3 | 4 {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/** One token per UTF-8 byte; the id is the byte. */
export function encodeBytes(text: string): Encoded {
  const columns = allocate(measure(text).bytes);
  const { ids, start, end, byteStart, byteEnd } = columns;
  let at = 0;
  for (let offset = 0; offset < text.length;) {
    const code = codePointAt(text, offset);
    const next = offset + (code > 0xffff ? 2 : 1);
    const first = at;
    if (code < 0x80) {
      ids[at++] = code;
    } else {
      if (code < 0x800) {
        ids[at++] = 0xc0 | (code >> 6);
      } else {
        if (code < 0x10000) {
          ids[at++] = 0xe0 | (code >> 12);
        } else {
          ids[at++] = 0xf0 | (code >> 18);
          ids[at++] = 0x80 | ((code >> 12) & 0x3f);
        }
        ids[at++] = 0x80 | ((code >> 6) & 0x3f);
      }
      ids[at++] = 0x80 | (code & 0x3f);
    }
    for (let token = first; token < at; token++) {
      start[token] = offset;
      end[token] = next;
      byteStart[token] = token;
      byteEnd[token] = token + 1;
    }
    offset = next;
  }
  return { ...columns, unknown: 0 };
}

/** One token per code point; `idOf` answers undefined for a character it does not know. */
export function encodeCodePoints(
  text: string,
  idOf: (code: number) => number | undefined,
  unknownId: number,
): Encoded {
  const columns = allocate(measure(text).codePoints);
  const { ids, start, end, byteStart, byteEnd } = columns;
  let unknown = 0;
  let at = 0;
  let byte = 0;
  for (let offset = 0; offset < text.length; at++) {
    const code = codePointAt(text, offset);
    const id = idOf(code);
    if (id === undefined) unknown++;
    ids[at] = id ?? unknownId;
    start[at] = offset;
    byteStart[at] = byte;
    offset += code > 0xffff ? 2 : 1;
    byte += utf8Length(code);
    end[at] = offset;
    byteEnd[at] = byte;
  }
  return { ...columns, unknown };
}

function allocate(tokens: number) {
  const column = () => new Uint32Array(tokens);
  return {
    ids: new Int32Array(tokens),
    start: column(),
    end: column(),
    byteStart: column(),
    byteEnd: column(),
  };
}
