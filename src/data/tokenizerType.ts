// What every tokenizer does, whatever it is made of.
import type { Encoded } from './encoded';
import type { TokenizerFiles } from './tokenizerFiles';

export interface Tokenizer {
  /** What one token is: a byte, a character, or whatever a vocabulary holds. */
  readonly kind: 'byte' | 'character' | 'token';
  /** What a person calls it: "byte", "byte-level BPE". */
  readonly name: string;
  /** Number of ids, special ones included: every id is in [0, vocabulary). */
  readonly vocabulary: number;
  readonly bos: number | undefined;
  /** What a model writes when a text is over: BOS, which stands between two texts in training; or what a file names. */
  readonly end: number | undefined;
  readonly unknown: number | undefined;
  encode(text: string): Encoded;
  /** BOS is left out; the unknown token, and bytes that are not UTF-8, read as U+FFFD. */
  decode(ids: ArrayLike<number>): string;
  /** What a person reads for one id: its character, or `\xE2` for a byte that is no character by itself. */
  tokenText(id: number): string;
  files(): TokenizerFiles;
}
