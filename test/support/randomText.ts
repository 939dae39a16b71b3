// Random strings that reach what tokenizers get wrong: astral characters, joiners, marks, CRLF, NUL, BOM, lone halves.
import type { Rng } from '../../src/math/rng';

const PIECES = [
  'a', 'Z', ' ', '\n', '\r\n', '\r', '\t', '\0', '\ufeff', 'é', 'e\u0301', 'ß', '中', 'ع', '\u0d15\u0d4d\u0d37',
  '😀', '👨‍👩‍👧‍👦', '🏳️‍🌈', '🇩🇪', '\u200d', '\u00ad', '\u0120', '\ufffd', '\uffff', '\u{10ffff}', '<bos>', '<unk>', '\u007f', '\u0080',
]; // prettier-ignore
const HALVES = ['\ud800', '\udbff', '\udc00', '\udfff'];

/** @param wellFormed leaves out surrogates without their partner. */
export function randomText(rng: Rng, pieces: number, wellFormed: boolean): string {
  const choices = wellFormed ? PIECES : [...PIECES, ...HALVES];
  let text = '';
  for (let i = 0; i < pieces; i++) {
    if (rng.uniform() < 0.8) text += choices[rng.integer(choices.length)] ?? '';
    else text += String.fromCodePoint(randomScalar(rng));
  }
  return text;
}

function randomScalar(rng: Rng): number {
  const code = rng.integer(0x110000 - 0x800);
  return code < 0xd800 ? code : code + 0x800;
}
