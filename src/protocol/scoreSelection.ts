// What the host and the Score Selection view say to each other: the likelihood of a part of a text, term by term.
// Types only. Columns travel in parts, as typed arrays, before the state that speaks of them.
import type { Call } from './calls';
import type { ScoreSummary } from './engine';
import type { HostCalls, ViewState } from './views';

/** Consecutive tokens of the selection. NaN in `logProb`: not scored (no context). */
export interface SelectionPart {
  /** Parts of one scoring carry the same number; a new number starts anew. */
  readonly scoring: number;
  /** Row of the first token of this part, and how many rows there are in all. */
  readonly from: number;
  readonly rows: number;
  readonly id: Int32Array;
  /** Nats. */
  readonly logProb: Float32Array;
}

/** Line and column, from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

export interface ScoreSelectionContent {
  /** The document's URI and the model's folder: what a restored panel is told by. */
  readonly document: string;
  readonly model: string;
  readonly file: string;
  readonly label: string;
  readonly scoring: number;
  /** The line stands in where nothing is selected. */
  readonly what: 'selection' | 'line';
  /** UTF-16 range that was asked for: whole tokens may reach beyond it. */
  readonly range: { readonly start: number; readonly end: number };
  readonly from: TextPlace;
  readonly to: TextPlace;
  /** UTF-16 units that whole tokens add before and behind the range. */
  readonly widened: { readonly before: number; readonly behind: number };
  /** The first row's place in the text's token sequence, BOS not counted. */
  readonly first: number;
  /** Of these tokens alone. */
  readonly summary: ScoreSummary;
  readonly texts: ReadonlyArray<readonly [id: number, text: string]>;
  /** Stays with this part of the text, whatever is selected. */
  readonly pinned: boolean;
  /** The text was edited after it was scored. */
  readonly stale: boolean;
  /** Row of the token at the cursor, or chosen in another view; -1 when it is none of these. */
  readonly selected: number;
  /** How much of the next scoring is done, while one is under way. */
  readonly share?: number;
}

/** Host → view. */
export interface ScoreSelectionViewCalls {
  part: Call<SelectionPart, undefined>;
  state: Call<ViewState<ScoreSelectionContent>, undefined>;
}

/** View → host. */
export interface ScoreSelectionHostCalls extends HostCalls {
  pin: Call<{ readonly pinned: boolean }, undefined>;
  /** Scores the text as it is now. */
  refresh: Call<undefined, undefined>;
  /** Shows this row's token in the editor. */
  choose: Call<{ readonly scoring: number; readonly row: number }, undefined>;
  /** Rows that the person points at; none when at nothing any more. */
  light: Call<{ readonly scoring: number; readonly rows: readonly number[] }, undefined>;
}

/** What the view keeps, and a restored panel is told by. */
export interface ScoreSelectionKept {
  readonly document: string;
  readonly model: string;
  readonly pinned: boolean;
  readonly start: number;
  readonly end: number;
}
