// GPT-2's alphabet: each of the 256 bytes as one printable character, so that any text is a text of known characters.
// Source: Radford et al. 2019, encoder.py's bytes_to_unicode.
import { codePointAt, utf8Length } from '../encoded';
import { Aligned } from './aligned';

const BYTES = 256;

/** The printable stand-in of every byte: printable Latin-1 is itself, the rest counts up from U+0100. */
export const BYTE_ALPHABET: readonly string[] = alphabet();
const BYTE_OF = new Map(BYTE_ALPHABET.map((character, byte) => [character, byte]));

function alphabet(): string[] {
  let next = BYTES;
  return Array.from({ length: BYTES }, (_, byte) => {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCharCode(printable ? byte : next++);
  });
}

/** The bytes of a text in the alphabet, or undefined where some character is none of it. */
export function bytesOfAlphabet(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const byte = BYTE_OF.get(text[at] ?? '');
    if (byte === undefined) return undefined;
    bytes[at] = byte;
  }
  return bytes;
}

/** A text's UTF-8 bytes in the alphabet: one UTF-16 unit each. */
export function inAlphabet(text: string): string {
  let result = '';
  for (let at = 0; at < text.length;) {
    const code = codePointAt(text, at);
    at += code > 0xffff ? 2 : 1;
    if (code < 0x80) result += BYTE_ALPHABET[code] ?? '';
    else for (const byte of utf8(code)) result += BYTE_ALPHABET[byte] ?? '';
  }
  return result;
}

function utf8(code: number): number[] {
  const length = utf8Length(code);
  if (length === 2) return [0xc0 | (code >> 6), 0x80 | (code & 0x3f)];
  const tail = [0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
  if (length === 3) return [0xe0 | (code >> 12), ...tail];
  return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), ...tail];
}

/** The same for a text that knows its places. */
export function byteLevelText(text: Aligned): Aligned {
  const withColumns = text.from ? text : new Aligned(text.text, text.base, ...columnsOf(text));
  const { from, to } = withColumns.ticks() ?? text.columns();
  return new Aligned(inAlphabet(text.text), text.base, from, to);
}

function columnsOf(text: Aligned): [from: Uint32Array, to: Uint32Array] {
  const { from, to } = text.columns();
  return [from, to];
}
