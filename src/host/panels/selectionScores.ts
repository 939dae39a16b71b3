// Scores of a part of a text, kept by the host so that its view can be filled again after it was hidden.
// Rows are the part's own; places in the text are known here alone. Knows no vscode.
import type { ScoreProgress, ScoreSummary } from '../../protocol/engine';
import type { SelectionPart } from '../../protocol/scoreSelection';

/** Rows of one message: small enough that none holds the thread for a frame. */
const PART_ROWS = 32_768;

type Columns = Pick<SelectionPart, 'id' | 'logProb'> & {
  readonly start: Uint32Array;
  readonly end: Uint32Array;
};

export class SelectionScores {
  /** Place of the first row's token in the text. */
  first = 0;
  summary: ScoreSummary | undefined;
  private columns: Columns | undefined;
  private readonly words = new Map<number, string>();

  constructor(readonly scoring: number) {}

  get rows(): number {
    return this.columns?.id.length ?? 0;
  }

  get texts(): ReadonlyArray<readonly [id: number, text: string]> {
    return [...this.words];
  }

  /** Chunks come in order: the first begins at the first row. */
  add({ scores, texts, tokens }: Pick<ScoreProgress, 'scores' | 'texts' | 'tokens'>): void {
    if (this.columns === undefined) {
      this.first = scores.from;
      this.columns = {
        id: new Int32Array(tokens),
        start: new Uint32Array(tokens),
        end: new Uint32Array(tokens),
        logProb: new Float32Array(tokens).fill(NaN),
      };
    }
    const at = scores.from - this.first;
    this.columns.id.set(scores.id, at);
    this.columns.start.set(scores.start, at);
    this.columns.end.set(scores.end, at);
    this.columns.logProb.set(scores.logProb, at);
    for (const [id, text] of texts) this.words.set(id, text);
  }

  /** UTF-16 range of a row's token; undefined where there is no such row. */
  rangeOf(row: number): { readonly start: number; readonly end: number } | undefined {
    const { columns } = this;
    if (columns === undefined || !Number.isInteger(row) || row < 0 || row >= this.rows) return undefined;
    return { start: columns.start[row] ?? 0, end: columns.end[row] ?? 0 };
  }

  /** UTF-16 range of all rows. */
  get range(): { readonly start: number; readonly end: number } {
    return { start: this.columns?.start[0] ?? 0, end: this.columns?.end.at(-1) ?? 0 };
  }

  /** The row of the token at an offset; at the very end the last one; -1 outside. */
  rowAt(offset: number): number {
    const { start, end } = this.range;
    if (this.columns === undefined || offset < start || offset > end) return -1;
    let low = 0;
    let high = this.rows;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.columns.end[middle] ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return Math.min(low, this.rows - 1);
  }

  *parts(): Generator<SelectionPart> {
    const { columns, scoring, rows } = this;
    if (columns === undefined) return;
    for (let from = 0; from < rows; from += PART_ROWS) {
      const to = from + PART_ROWS;
      // Copies: a view onto a column would send the whole buffer behind it.
      yield { scoring, from, rows, id: columns.id.slice(from, to), logProb: columns.logProb.slice(from, to) };
    }
  }
}
