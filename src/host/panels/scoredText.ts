// One model's scores of one text, kept by the host so that a view can be filled again after it was hidden.
// Whole columns of numbers, cut into parts on their way out. Knows no vscode; a test times it at a million tokens.
import type { ScoreProgress, TokenScores } from '../../protocol/engine';
import type { LogProbsPart, LogProbsSlot, LogProbsText } from '../../protocol/logProbs';

/** Tokens and UTF-16 units of a part: small enough that none holds the thread for a frame. */
export const PART_TOKENS = 32_768;
export const PART_TEXT = 131_072;

export class ScoredText {
  private columns: Omit<LogProbsPart, 'slot' | 'scoring' | 'from'> | undefined;

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
    });
    for (const name of ['start', 'end', 'byteStart', 'byteEnd', 'logProb'] as const)
      copy(columns, scores, name);
  }

  *parts(slot: LogProbsSlot): Generator<LogProbsPart> {
    const { columns, scoring } = this;
    if (columns === undefined) return;
    const { tokens } = columns;
    for (let from = 0; from < tokens; from += PART_TOKENS) {
      const to = from + PART_TOKENS;
      yield {
        slot,
        scoring,
        from,
        tokens,
        // Copies: a view onto a column would send the whole buffer behind it.
        start: columns.start.slice(from, to),
        end: columns.end.slice(from, to),
        byteStart: columns.byteStart.slice(from, to),
        byteEnd: columns.byteEnd.slice(from, to),
        logProb: columns.logProb.slice(from, to),
      };
    }
  }
}

function copy(
  columns: Pick<LogProbsPart, 'start' | 'end' | 'byteStart' | 'byteEnd' | 'logProb'>,
  scores: TokenScores,
  name: 'start' | 'end' | 'byteStart' | 'byteEnd' | 'logProb',
): void {
  columns[name].set(scores[name], scores.from);
}

export function* textParts(scoring: number, text: string): Generator<LogProbsText> {
  const { length } = text;
  for (let from = 0; from < length; from += PART_TEXT)
    yield { scoring, from, length, text: text.slice(from, from + PART_TEXT) };
}
