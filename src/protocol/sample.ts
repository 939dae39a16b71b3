// The `sample` call: a text drawn from a model, or searched for with a beam. Types only.
import type { Badge } from './figure';

/** How hypotheses of different lengths compare: src/decoding/beam.ts. A penalty of 0 is none, whatever the rule. */
export type LengthRule = 'gnmt' | 'power';

export interface SampleParams {
  readonly model: string;
  readonly prompt?: string;
  readonly length: number;
  readonly seed: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  /** 1 when absent: off. */
  readonly repetitionPenalty?: number;
  /** Texts that end a sample once one of them is written; it stays in the sample. */
  readonly stop?: readonly string[];
  /** Ends a sample at the token that stands between texts. */
  readonly stopAtEnd?: boolean;
  readonly count?: number;
  /** Lays every draw open: so many of its candidates, those with the largest sums. */
  readonly draws?: number;
  /** Beam search of this width in place of sampling: no temperature, no cuts; `count` best continuations. */
  readonly beam?: number;
  /** With `beam`: the exponent of the length penalty; 0 when absent. */
  readonly lengthPenalty?: number;
  /** 'gnmt' when absent. */
  readonly lengthRule?: LengthRule;
  /** Benchmarks and checks only: recompute everything at each step. */
  readonly cache?: boolean;
}

/** A candidate of one draw. It is drawn if its sum is the largest. */
export interface DrawCandidate {
  readonly id: number;
  readonly text: string;
  /** Nats, under the distribution that is drawn from. */
  readonly logProb: number;
  /** Standard Gumbel. */
  readonly noise: number;
  readonly sum: number;
}

export interface SampledElement {
  readonly id: number;
  /** Nats, under the model's own distribution (before penalty, temperature and truncation). */
  readonly logProb: number;
  /** With `draws`: largest sum first, so the first is the element itself. */
  readonly draw?: readonly DrawCandidate[];
}

export interface SampleProgress {
  readonly sample: number;
  readonly text: string;
  readonly element: SampledElement;
}

/** Why a sample ended. */
export type Stopped =
  | { readonly why: 'length' }
  /** The token that stands between texts. */
  | { readonly why: 'end' }
  /** A stop text, and where it begins in the sample in UTF-16 units. */
  | { readonly why: 'text'; readonly text: string; readonly at: number };

/** Every extension that a beam considered, in the order of the steps, as columns. */
export interface LatticeColumns {
  /** From 1. */
  readonly step: Int32Array;
  /** The node that it extends; −1: the prompt. */
  readonly parent: Int32Array;
  readonly id: Int32Array;
  /** Nats, of this element. */
  readonly logProb: Float64Array;
  /** Nats, of all elements up to this one. */
  readonly total: Float64Array;
  /** `total` over the length penalty of its step. */
  readonly score: Float64Array;
  /** 0: cut, 1: kept, 2: ended. */
  readonly fate: Uint8Array;
  readonly texts: ReadonlyArray<readonly [id: number, text: string]>;
}

export interface BeamReport {
  readonly width: number;
  /** How hypotheses of different lengths were compared; 'none': by their log-probability. */
  readonly normalization: 'none' | LengthRule;
  readonly lengthPenalty: number;
  /** Nats of each text returned, under the model's own distribution. */
  readonly totals: Float64Array;
  /** What each was compared by. */
  readonly scores: Float64Array;
  readonly lattice: LatticeColumns;
}

export interface SampleResult {
  /** Without the prompt. */
  readonly texts: readonly string[];
  readonly seed: number;
  readonly elements: ReadonlyArray<readonly SampledElement[]>;
  /** Of each text. */
  readonly stopped: readonly Stopped[];
  readonly elementsPerSecond: number;
  readonly likelihood: Badge;
  /** With `beam` only. */
  readonly beam?: BeamReport;
}
