// Sorts a text's tokens into white space, words, digits, punctuation and the rest, by Unicode's properties of the
// characters they stand for, and says what each class costs. Pure; knows no tokenizer: places in a text and costs.
import { CompensatedSum } from '../../math/statistics';

export const TOKEN_CLASSES = ['whitespace', 'words', 'digits', 'punctuation', 'other'] as const;
export type TokenClass = (typeof TOKEN_CLASSES)[number];

/** Tokens sorted before the caller may do something else. */
const SLICE = 2 ** 15;

export interface ClassCost {
  readonly id: TokenClass;
  readonly tokens: number;
  /** Of them, those that have a likelihood. */
  readonly scored: number;
  /** Of them, those that are only a part of a character; they count where the character belongs. */
  readonly parts: number;
  /** −Σ log p over the scored ones. */
  readonly nats: number;
}

export interface ClassInput {
  readonly text: string;
  /** UTF-16 range of the characters each token belongs to; the parts of one character share it. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  /** NaN: not scored. */
  readonly logProb: Float32Array;
}

/**
 * White space: nothing else in it. Words: a letter or a combining mark in it, whatever else there is (`' The'`,
 * `'n’t'`). Digits: any number but no letter. Punctuation: a character of category P, none of the above. Other:
 * symbols (S), control characters and what is not assigned.
 */
export function tokenClass(text: string): TokenClass {
  if (/^\p{White_Space}+$/u.test(text)) return 'whitespace';
  if (/[\p{L}\p{M}]/u.test(text)) return 'words';
  if (/\p{N}/u.test(text)) return 'digits';
  return /\p{P}/u.test(text) ? 'punctuation' : 'other';
}

/** All classes, also those without a token. Yields the share that is done. */
export function* classSteps({ text, start, end, logProb }: ClassInput): Generator<number, ClassCost[]> {
  const known = new Map<string, number>();
  const sums = TOKEN_CLASSES.map(() => ({ tokens: 0, scored: 0, parts: 0, nats: new CompensatedSum() }));
  for (let token = 0; token < start.length; token++) {
    const at = start[token] ?? 0;
    const characters = text.slice(at, end[token]);
    let place = known.get(characters);
    if (place === undefined) {
      place = TOKEN_CLASSES.indexOf(tokenClass(characters));
      known.set(characters, place);
    }
    const sum = sums[place];
    if (sum === undefined) continue;
    sum.tokens++;
    if (start[token - 1] === at || start[token + 1] === at) sum.parts++;
    const value = logProb[token] ?? NaN;
    if (!Number.isNaN(value)) {
      sum.scored++;
      sum.nats.add(-value);
    }
    if ((token + 1) % SLICE === 0) yield token / start.length;
  }
  return TOKEN_CLASSES.map((id, place) => {
    const { tokens = 0, scored = 0, parts = 0, nats } = sums[place] ?? {};
    return { id, tokens, scored, parts, nats: nats?.value ?? 0 };
  });
}
