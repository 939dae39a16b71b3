// What `mask` and `check` answer: declared connectivity beside what a network really reads, and five checks of a model.
// Types and limits only.
import type { ImageMaskLayer } from './images';

/** The longest matrix that is measured. */
export const LONGEST_MASK = 1024;

/** Cells are one byte each, row by row: row = output, column = input. */
export interface MaskLayer {
  /** Counted from 1, in the order of the family's tap graph. */
  readonly layer: number;
  readonly id: string;
  readonly title: string;
  readonly type: 'causal' | 'window' | 'strict' | 'strict window' | ImageMaskLayer['type'];
  readonly window?: number;
  readonly cells: Uint8Array;
}
/** Cells that leak at one distance: `offset` = input − output, positive ahead. */
export interface LeakGroup {
  readonly offset: number;
  readonly count: number;
  readonly example: { readonly output: number; readonly input: number };
  readonly words: string;
}
/** One comparison of what is declared with what was measured, and what it found. */
export interface MaskComparison {
  /**
   * predicting: every input at one length · sampled: a few inputs at the longest context, where only a leak counts ·
   * training: as it trains, dropout on, where only a leak counts · rows: rows of a batch that read one another.
   */
  readonly kind: 'predicting' | 'sampled' | 'training' | 'rows';
  /** Positions of its sequences. */
  readonly length: number;
  /** Pairs of an output and an input that were compared. */
  readonly pairs: number;
  readonly leaks: number;
  /** Allowed pairs that no change reached; null where that proves nothing. */
  readonly unseen: number | null;
  /** One sentence. */
  readonly verdict: string;
  readonly leaksByOffset: readonly LeakGroup[];
}
export interface MaskReport {
  readonly family: string;
  readonly device: string;
  /** Whose weights were measured, beside random ones. */
  readonly weights: 'own' | 'random';
  /** Positions that the model can hold: `length` is at most this. */
  readonly context: number;
  readonly causality: 'strict' | 'shifted';
  /** The rule in words. */
  readonly rule: string;
  readonly length: number;
  /** Of images: those that were perturbed; positions are sub-pixels, (row · width + column) · channels + channel. */
  readonly image?: { readonly height: number; readonly width: number; readonly channels: number };
  readonly masks: readonly MaskLayer[];
  /** All layers together: which inputs an output may read, and which it was seen to read. */
  readonly declared: Uint8Array;
  readonly measured: Uint8Array;
  readonly agrees: boolean;
  /** One sentence. */
  readonly verdict: string;
  /** Cells over all comparisons. */
  readonly leaks: number;
  /** Allowed cells that no change of an input reached, over all lengths. */
  readonly unseen: number;
  /** Of the longest comparison that leaks, those of whole matrices first. */
  readonly leaksByOffset: readonly LeakGroup[];
  /** All that were made; the matrices are those of the last one that predicts. */
  readonly comparisons: readonly MaskComparison[];
  /** Lengths and weights that were measured. */
  readonly lengths: readonly number[];
  readonly draws: readonly string[];
}
export const CHECK_IDS = ['causality', 'parity', 'mass', 'finite', 'units'] as const;
export type CheckId = (typeof CHECK_IDS)[number];
export interface CheckOutcome {
  readonly id: CheckId;
  readonly pass: boolean;
  /** Null where there is nothing to measure; `detail` says why. */
  readonly value: number | null;
  readonly tolerance: number;
  /** What `value` and `tolerance` are in. */
  readonly unit: 'leaks' | 'nats' | 'probability' | 'numbers' | 'share';
  /** One sentence. */
  readonly detail: string;
}
export interface CheckReport {
  readonly family: string;
  readonly device: string;
  /** Whose weights were checked. */
  readonly weights: 'own' | 'random';
  readonly verdict: 'pass' | 'fail';
  readonly checks: readonly CheckOutcome[];
}
