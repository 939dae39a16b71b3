// What `attentionRow` is asked and answers: the scores whose softmax is one row of an attention map. Types only.

export interface AttentionRowParams {
  readonly model: string;
  readonly text: string;
  /** As in `AttentionParams`: it names the window. */
  readonly token: number;
  readonly layer: number;
  readonly head: number;
  /** Place in the window, BOS included: whose row. */
  readonly position: number;
}
/** What the softmax of one row of one head is given: q·k/√D with every position it may see, none that is masked. */
export interface AttentionRow {
  readonly layer: number;
  readonly head: number;
  readonly position: number;
  /** [position + 1], before the softmax. */
  readonly scores: Float32Array;
  /** D: the numbers of one query. */
  readonly size: number;
}
