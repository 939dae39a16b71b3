// What `inspect` is asked and answers: one token under a model, and where the model looked. Types only.
import type { Badge } from './figure';

export interface InspectParams {
  readonly model: string;
  /** Absent: the text that was sent last under this `document` and `version`; 'notFound' where it is not kept any more. */
  readonly text?: string;
  readonly document?: string;
  readonly version?: number;
  /** Place in the text's token sequence, BOS not counted. */
  readonly token: number;
  readonly stride?: number;
  /** How many of the most likely tokens, 0 to 50; 20 unless told. */
  readonly top?: number;
  /** How many of the most attended tokens per head, 0 to 50; 5 unless told. */
  readonly attended?: number;
}

/** A token that was seen: a place in the text, or BOS (`token` −1, an empty range). */
export interface SeenToken {
  readonly token: number;
  readonly id: number;
  readonly text: string;
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
}

/** Where the model looked when it predicted the token: the attention row of the position before it, head by head. */
export interface InspectedAttention {
  readonly layers: number;
  readonly heads: number;
  /** How many positions the row could see. */
  readonly positions: number;
  /** Entries per head in `place` and `weight`, strongest first. */
  readonly attended: number;
  /** Index into `seen`, [layers, heads, attended]. */
  readonly place: Int32Array;
  /** Probability, [layers, heads, attended]. */
  readonly weight: Float32Array;
  /** Sum of each whole row, [layers, heads]: 1 but for rounding. */
  readonly total: Float64Array;
  /** Bits, [layers, heads]: the entropy of each row; at most log₂ of `positions`. */
  readonly entropy: Float32Array;
  /** The same for the mean over a layer's heads, [layers, attended]. */
  readonly meanPlace: Int32Array;
  readonly meanWeight: Float32Array;
  /** Every token that `place` or `meanPlace` points at, in text order. */
  readonly seen: readonly SeenToken[];
}

/** One token under the model, from the very window in which `score` scores it. */
export interface TokenInspection {
  readonly family: string;
  readonly model: string;
  readonly device: string;
  readonly likelihood: Badge;
  readonly vocabulary: number;
  readonly context: number;
  readonly stride: number;
  /** Of the whole text. */
  readonly tokens: number;
  /** The token itself; byte offsets too. */
  readonly at: SeenToken & { readonly byteStart: number; readonly byteEnd: number };
  /** How many positions stand before it in its window, BOS included. */
  readonly before: number;
  /** Null where the token has no context and so no likelihood; then `top` is empty. */
  readonly scored: {
    /** Nats. */
    readonly logProb: number;
    /** Nats: the entropy of this one distribution. */
    readonly entropy: number;
    /** 1 = the most likely. */
    readonly rank: number;
    readonly top: ReadonlyArray<{ readonly id: number; readonly text: string; readonly logProb: number }>;
    /** All that is not in `top`: how many tokens, and 1 − Σ p of `top`. */
    readonly rest: { readonly count: number; readonly mass: number };
  } | null;
  readonly attention: InspectedAttention | { readonly none: string };
}
