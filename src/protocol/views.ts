// What the host and its webviews say to each other. A view is a pure function of its state:
// the host sends the whole state when a view says it is ready, and small updates afterwards.
import type { Call } from './calls';
import type { Badge, Figure } from './figure';
import type { RunRecord, TrainEvent } from './run';

export type ViewId =
  | 'attention'
  | 'causalMask'
  | 'sampler'
  | 'training'
  | 'likelihood'
  | 'inspector'
  | 'logProbs'
  | 'scoreSelection'
  | 'diagram'
  | 'information'
  | 'receptiveField'
  | 'images'
  | 'imageSampler';

/** The four designed states of every view. */
export type ViewState<Content> =
  | { readonly kind: 'empty'; readonly sentence: string; readonly button?: ViewButton }
  | { readonly kind: 'working'; readonly doing: string; readonly share?: number; readonly cancel: boolean }
  | { readonly kind: 'result'; readonly content: Content }
  | { readonly kind: 'failed'; readonly sentence: string; readonly button?: ViewButton };

export interface ViewButton {
  readonly label: string;
  /** A contributed command's id. */
  readonly command: string;
  readonly argument?: string;
}

/** Training: is it learning? Columns grow through `append`. */
export interface TrainingContent {
  readonly record: RunRecord;
  readonly specName: string;
  /** What one element is ('byte', 'character', 'token'), where it is known before the first evaluation. */
  readonly unit?: string;
  /** The family's likelihood, where it is known before the first evaluation. */
  readonly likelihood?: Badge;
  /** What a step sees: how many rows of how many elements (gradient accumulation included). */
  readonly batch?: { readonly rows: number; readonly length: number };
  /** The gradient norm above which gradients are scaled down. */
  readonly clip?: number;
  readonly step: Float64Array;
  readonly loss: Float32Array;
  readonly learningRate: Float32Array;
  readonly gradientNorm: Float32Array;
  readonly elementsPerSecond: number;
  readonly secondsLeft: number | null;
  readonly evaluations: ReadonlyArray<Extract<TrainEvent, { type: 'evaluation' }>>;
  readonly samples: ReadonlyArray<Extract<TrainEvent, { type: 'sample' }>>;
  /** Other runs drawn behind this one. */
  readonly compared: ReadonlyArray<ComparedRun>;
  readonly comparable: ReadonlyArray<{ readonly run: string; readonly label: string }>;
}
export interface ComparedRun {
  readonly run: string;
  readonly label: string;
  readonly step: Float64Array;
  readonly loss: Float32Array;
  readonly evaluations: ReadonlyArray<Extract<TrainEvent, { type: 'evaluation' }>>;
}

/** Likelihood (side view of the annotations): how likely is this text? */
export interface LikelihoodContent {
  readonly file: string;
  readonly model: string;
  readonly device: string;
  /** bits/byte, perplexity, tokens: each with unit, denominator and badge. */
  readonly figures: readonly Figure[];
  /** Tokens per one-bit bin of surprisal; the last bin is 11 bits and more. Twelve entries. */
  readonly histogram: readonly number[];
  /** Surprisal in bits below which nothing is drawn. */
  readonly threshold: number;
  readonly worst: ReadonlyArray<{
    readonly token: number;
    readonly line: number;
    readonly text: string;
    readonly bits: number;
  }>;
  readonly note?: string;
  /** How the windows slid over the text, in tokens. */
  readonly window?: { readonly context: number; readonly stride: number };
}

/** Host → view. */
export interface TrainingViewCalls {
  /** A sample of images as a PNG, by the path that its event has for a text. */
  picture: Call<{ readonly text: string; readonly png: Uint8Array }, undefined>;
  state: Call<ViewState<TrainingContent>, undefined>;
  /** New rows since the last state or append, and the record as it is now. */
  append: Call<
    Pick<TrainingContent, 'step' | 'loss' | 'learningRate' | 'gradientNorm' | 'elementsPerSecond'> & {
      readonly secondsLeft: number | null;
      readonly record: RunRecord;
      readonly evaluations: TrainingContent['evaluations'];
      readonly samples: TrainingContent['samples'];
    },
    undefined
  >;
}
export interface LikelihoodViewCalls {
  state: Call<ViewState<LikelihoodContent>, undefined>;
}

/** View → host: common to all views. */
export interface HostCalls {
  /** The view has loaded: the host answers by sending its state. */
  ready: Call<undefined, undefined>;
  /** Stops what the working state shows; the host answers with another state. */
  cancel: Call<undefined, undefined>;
  /** Runs one of the extension's own commands (the host checks it against the contributed ids). */
  command: Call<{ readonly command: string; readonly argument?: string }, undefined>;
  copy: Call<{ readonly text: string; readonly what: string }, undefined>;
  /** Asks where to save; `data` is the file's bytes. */
  save: Call<{ readonly suggestedName: string; readonly data: Uint8Array }, undefined>;
}
export interface TrainingHostCalls extends HostCalls {
  pause: Call<undefined, undefined>;
  resume: Call<undefined, undefined>;
  stop: Call<undefined, undefined>;
  compare: Call<{ readonly runs: readonly string[] }, undefined>;
}
export interface LikelihoodHostCalls extends HostCalls {
  threshold: Call<{ readonly bits: number }, undefined>;
  reveal: Call<{ readonly token: number }, undefined>;
}
