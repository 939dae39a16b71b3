// The text of a file to be scored: UTF-8, not binary, not empty, not too long, or one sentence that says so.
import { readTextFile } from '../../data/textFile';
import { ArLensError } from '../../protocol/errors';
import { LONGEST_TEXT } from './scoreText';

/** A text may hold a NUL or an escape here and there; this many in the first part of a file is a binary format. */
const FEWEST_CONTROLS = 32;
const CONTROL_SHARE = 0.1;
const LOOKED_AT = 65_536;

export async function readTextToScore(path: string): Promise<string> {
  const { text, bytes } = await readTextFile(path, LONGEST_TEXT);
  if (bytes.length === 0) {
    throw new ArLensError('badInput', `${path}: expected a text of at least one byte, got an empty file.`);
  }
  const looked = bytes.subarray(0, LOOKED_AT);
  const controls = looked.reduce((count, byte) => count + Number(isControl(byte)), 0);
  if (controls >= FEWEST_CONTROLS && controls > CONTROL_SHARE * looked.length) {
    const first = looked.findIndex(isControl);
    throw new ArLensError(
      'badInput',
      `${path}: byte ${first}: expected text, got a binary file (${controls} control bytes in the first ${looked.length}).`,
    );
  }
  return text;
}

/** Bytes that texts do not use: not tab, line feed, form feed, carriage return or escape. */
function isControl(byte: number): boolean {
  return byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27;
}
