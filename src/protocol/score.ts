// What `score` is asked and answers: a text's likelihood under a model, token by token, as columns. Types only.
import type { Badge } from './figure';

export interface ScoreParams {
  readonly model: string;
  readonly text: string;
  /** Names the document: the engine keeps its last scores and rescores only what an edit can change. */
  readonly document?: string;
  readonly stride?: number;
  /** How many alternatives per token, 0 to 50. */
  readonly top?: number;
  /** UTF-16 range to score first (what the editor shows). */
  readonly first?: { readonly start: number; readonly end: number };
  /**
   * UTF-16 range: only tokens that overlap it are scored, each as in the whole text, and answered in order. `tokens`,
   * `scored`, `bytes`, `unknown` and what is made from them then count these tokens alone.
   */
  readonly only?: { readonly start: number; readonly end: number };
}

/** Scores of consecutive tokens, as columns. NaN in `logProb` means: not scored (no context). */
export interface TokenScores {
  /** Index of the first token of these columns in the text's token sequence. */
  readonly from: number;
  readonly id: Int32Array;
  /** UTF-16 offsets. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly byteStart: Uint32Array;
  readonly byteEnd: Uint32Array;
  /** Nats. */
  readonly logProb: Float32Array;
  /** Nats: the per-context entropy of the model's distribution at this token. */
  readonly entropy: Float32Array;
  /** 1 = the most likely token. */
  readonly rank: Int32Array;
  readonly top: number;
  /** `top` ids and log-probs per token, most likely first. */
  readonly topId: Int32Array;
  readonly topLogProb: Float32Array;
}

export interface ScoreSummary {
  readonly family: string;
  readonly model: string;
  readonly device: string;
  readonly unit: 'token';
  readonly likelihood: Badge;
  readonly tokens: number;
  readonly scored: number;
  readonly bytes: number;
  /** Tokens that training never saw; with any, the likelihood does not compare with other models'. */
  readonly unknown: number;
  /** Nats over `scored` tokens. */
  readonly nll: number;
  readonly bitsPerByte: number;
  readonly perplexity: number;
  readonly context: number;
  readonly stride: number;
  readonly vocabulary: number;
  /** How many tokens this call computed anew (fewer than `tokens` after an edit). */
  readonly rescored: number;
}

export interface ScoreProgress {
  readonly scores: TokenScores;
  /** Text of every id that occurs in these columns and was not sent before in this call. */
  readonly texts: ReadonlyArray<readonly [id: number, text: string]>;
  readonly done: number;
  readonly tokens: number;
}
