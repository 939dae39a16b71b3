// One model's scores of one text, kept by the host so that a view can be filled again after it was hidden.
// Whole columns of numbers, cut into parts on their way out. Knows no vscode; a test times it at a million tokens.
import type { ScoreProgress, TokenScores } from '../../protocol/engine';
import type { LogProbsPart, LogProbsSlot, LogProbsText, ScoredPart } from '../../protocol/logProbs';

/** Tokens and UTF-16 units of a part: small enough that none holds the thread for a frame. */
export const PART_TOKENS = 32_768;
export const PART_TEXT = 131_072;

const COLUMNS = ['start', 'end', 'byteStart', 'byteEnd', 'logProb', 'entropy'] as const;
type ColumnName = (typeof COLUMNS)[number];
type Columns = Pick<ScoredPart, ColumnName | 'tokens'>;

export class ScoredText {
  private columns: Columns | undefined;

  constructor(readonly scoring: number) {}

  get tokens(): number {
    return this.columns?.tokens ?? 0;
  }

  add({ scores, tokens }: Pick<ScoreProgress, 'scores' | 'tokens'>): void {
    const columns = (this.columns ??= {
      tokens,
      start: new Uint32Array(tokens),
      end: new Uint32Array(tokens),
      byteStart: new Uint32Array(tokens),
      byteEnd: new Uint32Array(tokens),
      logProb: new Float32Array(tokens).fill(NaN),
      entropy: new Float32Array(tokens).fill(NaN),
    });
    for (const name of COLUMNS) copy(columns, scores, name);
  }

  /** UTF-16 range of a token. */
  rangeOf(token: number): { readonly start: number; readonly end: number } {
    const { columns } = this;
    return { start: columns?.start[token] ?? 0, end: columns?.end[token] ?? 0 };
  }

  /** The token that holds this UTF-16 offset; at the end of the text, the last one. -1: there is none. */
  tokenAt(offset: number): number {
    const end = this.columns?.end ?? [];
    let low = 0;
    let high = end.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((end[middle] ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return Math.min(low, end.length - 1);
  }

  *parts(slot: LogProbsSlot): Generator<LogProbsPart> {
    for (const part of this.cut(['start', 'end', 'byteStart', 'byteEnd', 'logProb'])) yield { slot, ...part };
  }

  /** With the entropies. */
  *scoredParts(): Generator<ScoredPart> {
    yield* this.cut(COLUMNS);
  }

  private *cut<Name extends ColumnName>(
    names: readonly Name[],
  ): Generator<Pick<ScoredPart, 'scoring' | 'from' | 'tokens'> & Pick<ScoredPart, Name>> {
    const { columns, scoring } = this;
    if (columns === undefined) return;
    const { tokens } = columns;
    for (let from = 0; from < tokens; from += PART_TOKENS) {
      // Copies: a view onto a column would send the whole buffer behind it.
      const cut = names.map((name) => [name, columns[name].slice(from, from + PART_TOKENS)]);
      yield { scoring, from, tokens, ...(Object.fromEntries(cut) as Pick<ScoredPart, Name>) };
    }
  }
}

function copy(columns: Columns, scores: TokenScores, name: ColumnName): void {
  columns[name].set(scores[name], scores.from);
}

export function* textParts(scoring: number, text: string): Generator<LogProbsText> {
  const { length } = text;
  for (let from = 0; from < length; from += PART_TEXT)
    yield { scoring, from, length, text: text.slice(from, from + PART_TEXT) };
}
