// What the host and the Attention view say to each other. Positions are places in the window, from 0, BOS included.
import type { AttentionRow } from './attentionRow';
import type { Call } from './calls';
import type { AttentionKind, AttentionMap, AttentionWindow, SmallAttention } from './engine';
import type { HostCalls, ViewState } from './views';

/** Which map is shown in full; layers and heads from 0. */
export interface AttentionLook {
  readonly kind: AttentionKind;
  readonly layer: number;
  readonly head: number;
}

/** Attention: who looks at whom? */
export interface AttentionContent {
  readonly file: string;
  readonly model: string;
  /** The model's folder: what a restored panel annotates its text with. */
  readonly folder: string;
  /** The document's URI: kept with the view, so that a restored panel finds its text again. */
  readonly document: string;
  readonly layers: number;
  readonly heads: number;
  readonly window: AttentionWindow;
  readonly look: AttentionLook;
  /** Of the look's kind; absent while it is under way. */
  readonly small?: SmallAttention;
  readonly map: AttentionMap;
  /** Scores behind a row of the map, where the view has asked for them: of the row, layer and head it names. */
  readonly row?: AttentionRow;
  /** Position of the selected token; -1 when none of the window is. */
  readonly selected: number;
  /** The text was edited since, and is not scored again yet. */
  readonly stale: boolean;
}

export interface AttentionViewCalls {
  state: Call<ViewState<AttentionContent>, undefined>;
  /** Parts of the last state that are new. */
  update: Call<
    Partial<Pick<AttentionContent, 'look' | 'small' | 'map' | 'row' | 'selected' | 'stale'>>,
    undefined
  >;
}

export interface AttentionHostCalls extends HostCalls {
  look: Call<AttentionLook, undefined>;
  /** Positions that the person points at; none when at nothing any more. */
  light: Call<{ readonly positions: readonly number[] }, undefined>;
  choose: Call<{ readonly position: number }, undefined>;
  /** Wants the scores behind this row of the head in full; they come with an update. */
  row: Call<{ readonly position: number }, undefined>;
}
