// Which part of a corpus is held out, and the sentence that says so. Knows no tokenizer.
import { ArLensError } from '../protocol/errors';
import type { Corpus } from './corpus';

export interface Split {
  /** Documents or parts of them, in the corpus's order; none is empty. */
  readonly training: readonly string[];
  readonly validation: readonly string[];
  /** How it was made, for run.json. */
  readonly words: string;
}

/** Holds out the last `share` of the text as one contiguous block: characters before floor(n · (1 − share)) train. */
export function splitByShare(corpus: Corpus, share: number): Split {
  if (!(share > 0 && share < 1)) {
    throw new ArLensError('badInput', `data.validation: expected a share between 0 and 1, got ${share}.`);
  }
  const length = corpus.documents.reduce((sum, { text }) => sum + text.length, 0);
  const training: string[] = [];
  const validation: string[] = [];
  let left = Math.floor(length * (1 - share));
  let trained = 0;
  for (const { text } of corpus.documents) {
    const cut = wholeCharacter(text, Math.min(left, text.length));
    left -= cut;
    trained += cut;
    if (cut < text.length) left = 0;
    if (cut > 0) training.push(text.slice(0, cut));
    if (cut < text.length) validation.push(text.slice(cut));
  }
  if (training.length === 0 || validation.length === 0) {
    throw new ArLensError(
      'badInput',
      `data.validation: expected text on both sides of the split, got ${length} characters at a share of ${share}.`,
    );
  }
  const held = length - trained;
  const percent = `${Number((share * 100).toPrecision(6))} %`;
  return {
    training,
    validation,
    words: `the last ${percent} of the text in one block: ${held} of ${length} UTF-16 units`,
  };
}

/** Holds out files of their own; a file that both sources name does not train. */
export function splitByFiles(corpus: Corpus, held: Corpus, pattern: string): Split {
  const heldPaths = new Set(held.documents.map(({ path }) => path));
  const both = corpus.documents.filter(({ path }) => heldPaths.has(path)).length;
  const training = corpus.documents.filter(({ path, text }) => !heldPaths.has(path) && text !== '');
  if (training.length === 0) {
    throw new ArLensError(
      'badInput',
      `data.validation: expected "${pattern}" to leave text to train on, got every file of data.source.`,
    );
  }
  const taken = both === 0 ? '' : `, ${both} of them taken out of the training files`;
  return {
    training: training.map(({ text }) => text),
    validation: held.documents.map(({ text }) => text).filter((text) => text !== ''),
    words: `files of their own: ${held.files} that match "${pattern}"${taken}`,
  };
}

/** Moves a cut between the two halves of a surrogate pair in front of it. */
function wholeCharacter(text: string, cut: number): number {
  const before = text.charCodeAt(cut - 1);
  const after = text.charCodeAt(cut);
  return cut > 0 && before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000 ? cut - 1 : cut;
}
