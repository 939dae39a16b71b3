// WordPiece: the longest token that starts a word, then the longest that goes on, with a prefix; a word that cannot be
// made so is unknown as a whole. And WordLevel, where a word is a token or unknown.
// Source: Schuster and Nakajima 2012; Devlin et al. 2018, arXiv 1810.04805.
import type { Fields } from './fields';
import { PieceBuilder, type PieceModel, type Pieces } from './model';
import { readVocabulary, type Vocabulary } from './vocabulary';

export function readWordPiece(fields: Fields): PieceModel {
  return new WordModel('WordPiece', readVocabulary(fields, 'vocab'), unknownOf(fields), {
    prefix: fields.text('continuing_subword_prefix', '##'),
    longest: fields.integer('max_input_chars_per_word', 0, Number.MAX_SAFE_INTEGER, 100),
  });
}

export function readWordLevel(fields: Fields): PieceModel {
  return new WordModel('WordLevel', readVocabulary(fields, 'vocab'), unknownOf(fields));
}

function unknownOf(fields: Fields): number {
  const id = readVocabulary(fields, 'vocab').ids.get(fields.text('unk_token'));
  if (id === undefined) throw fields.wrong('unk_token', 'a token of the vocabulary');
  return id;
}

class WordModel implements PieceModel {
  readonly texts: ReadonlyArray<string | undefined>;
  private readonly longestToken: number;

  constructor(
    readonly name: string,
    private readonly vocabulary: Vocabulary,
    readonly unknown: number,
    private readonly parts?: { readonly prefix: string; readonly longest: number },
  ) {
    this.texts = vocabulary.texts;
    this.longestToken = this.texts.reduce((most, text) => Math.max(most, text?.length ?? 0), 0);
  }

  idOf(text: string): number | undefined {
    return this.vocabulary.ids.get(text);
  }

  encode(text: string, alphabet: boolean): Pieces {
    const pieces = new PieceBuilder();
    const ticks = (part: string): number => (alphabet ? part.length : Buffer.byteLength(part));
    const whole = (id: number): Pieces => {
      pieces.add(id, 0, ticks(text));
      return pieces.done();
    };
    if (!this.parts) return whole(this.idOf(text) ?? this.unknown);
    if (text.length > this.parts.longest && [...text].length > this.parts.longest) return whole(this.unknown);
    const found: Array<readonly [id: number, ticks: number]> = [];
    for (let start = 0; start < text.length;) {
      const prefix = start > 0 ? this.parts.prefix : '';
      let end = Math.min(text.length, start + this.longestToken);
      let id: number | undefined;
      for (; end > start; end--) {
        id = this.idOf(prefix + text.slice(start, end));
        if (id !== undefined) break;
      }
      if (id === undefined) return whole(this.unknown);
      found.push([id, ticks(text.slice(start, end))]);
      start = end;
    }
    let tick = 0;
    for (const [id, length] of found) pieces.add(id, tick, (tick += length));
    return pieces.done();
  }
}
