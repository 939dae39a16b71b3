// What the host and the Log-probs view say to each other: the likelihood of a whole text, token by token.
// Types only. Columns and text travel in parts, as typed arrays and slices, before the state that speaks of them.
import type { Call } from './calls';
import type { ScoreSummary } from './engine';
import type { HostCalls, ViewState } from './views';

/** Whose scores: the model that is asked about, or the one that is compared with it. */
export type LogProbsSlot = 'first' | 'second';

/** Consecutive tokens of one model's scores. NaN in `logProb`: not scored (no context). */
export interface ScoredPart {
  /** Parts of one scoring carry the same number; a new number starts anew. */
  readonly scoring: number;
  /** Place of the first token of this part, and how many tokens there are in all. */
  readonly from: number;
  readonly tokens: number;
  /** UTF-16 offsets. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly byteStart: Uint32Array;
  readonly byteEnd: Uint32Array;
  /** Nats. */
  readonly logProb: Float32Array;
  /** Nats: each token's per-context entropy. */
  readonly entropy: Float32Array;
}

export interface LogProbsPart extends Omit<ScoredPart, 'entropy'> {
  readonly slot: LogProbsSlot;
}

/** A slice of the text that was scored. */
export interface LogProbsText {
  readonly scoring: number;
  /** UTF-16 offset of this slice, and the length of the whole. */
  readonly from: number;
  readonly length: number;
  readonly text: string;
}

export interface LogProbsRun {
  readonly scoring: number;
  /** Absolute path of the model folder. */
  readonly run: string;
  readonly label: string;
  readonly summary: ScoreSummary;
}

export type LogProbsComparison =
  | { readonly kind: 'none' }
  | { readonly kind: 'working'; readonly label: string; readonly share: number }
  | { readonly kind: 'failed'; readonly label: string; readonly sentence: string }
  | { readonly kind: 'result'; readonly second: LogProbsRun };

export interface LogProbsContent {
  /** The document's URI: what a restored panel is told by. */
  readonly document: string;
  readonly file: string;
  readonly first: LogProbsRun;
  readonly comparison: LogProbsComparison;
  /** Other runs of the workspace that have weights. */
  readonly comparable: ReadonlyArray<{ readonly run: string; readonly label: string }>;
  /** The text was edited after it was scored. */
  readonly stale: boolean;
}

/** Host → view. */
export interface LogProbsViewCalls {
  text: Call<LogProbsText, undefined>;
  part: Call<LogProbsPart, undefined>;
  state: Call<ViewState<LogProbsContent>, undefined>;
  /** Where the editor's cursor is: a UTF-16 offset of the scored text, or null where it is not in it. */
  cursor: Call<{ readonly offset: number | null }, undefined>;
}

/** View → host. */
export interface LogProbsHostCalls extends HostCalls {
  /** Compares with this run; '' with none. */
  compare: Call<{ readonly run: string }, undefined>;
  /** Stops the scoring of the second run. */
  cancelCompare: Call<undefined, undefined>;
  /** Scores the text as it is now. */
  refresh: Call<undefined, undefined>;
  /** This token is selected in the view; `reveal` also brings it on the editor's screen. */
  select: Call<
    {
      readonly scoring: number;
      readonly token: number;
      readonly start: number;
      readonly end: number;
      readonly reveal: boolean;
    },
    undefined
  >;
}

/** What the view keeps, and a restored panel is told by. */
export interface LogProbsKept {
  readonly document: string;
  readonly model: string;
  readonly compared: string;
}
