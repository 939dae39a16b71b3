// What an engine process can be asked. Types and lists of names only: no tensors, no vscode, no DOM.
// Bulk numbers travel as typed arrays (structured clone), never as JSON.
import type { Call } from './calls';
import type { Badge } from './figure';
import type { InformationCalls } from './information';
import type { InspectParams, TokenInspection } from './inspect';
import type { MetricsTable, RunRecord, TrainEvent } from './run';
import type {
  SamplerElement,
  SamplerForceParams,
  SamplerRunParams,
  SamplerRunResult,
  SamplerStep,
  SamplerStepParams,
} from './sampler';
import type { ScoreParams, ScoreProgress, ScoreSummary } from './score';

export type { ScoreParams, ScoreProgress, ScoreSummary, TokenScores } from './score';

export type DeviceId = 'simd' | 'webgpu' | 'tensorflow' | 'cpu';
export type DeviceChoice = DeviceId | 'auto';

export interface DeviceReport {
  readonly id: DeviceId;
  readonly label: string;
  readonly available: boolean;
  /** Why it is available or not, with the action that would change it. One sentence. */
  readonly reason: string;
  readonly instructionSet?: string;
  readonly threads?: number;
  readonly adapter?: string;
}
export interface DevicesReport {
  readonly devices: readonly DeviceReport[];
  readonly auto: DeviceId;
}

export interface EngineDescription {
  readonly pid: number;
  readonly node: string;
  readonly device: DeviceReport;
  readonly families: readonly FamilyInfo[];
}
export interface FamilyInfo {
  readonly id: string;
  readonly title: string;
  readonly domain: 'text' | 'image' | 'audio';
  readonly likelihood: Badge;
}

export interface ModelInfo {
  /** Absolute path of the model folder. */
  readonly model: string;
  readonly family: string;
  readonly title: string;
  readonly likelihood: Badge;
  readonly parameters: number;
  readonly context: number;
  readonly vocabulary: number;
  readonly tokenizer: string;
  readonly bos: boolean;
}

export interface SpecProblem {
  /** UTF-16 offset and length in the spec's text. */
  readonly offset: number;
  readonly length: number;
  readonly message: string;
}

export interface SampleParams {
  readonly model: string;
  readonly prompt?: string;
  readonly length: number;
  readonly seed: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly count?: number;
  /** Beam search of this width in place of sampling: no temperature, no cuts; `count` best continuations. */
  readonly beam?: number;
  /** Benchmarks and checks only: recompute everything at each step. */
  readonly cache?: boolean;
}
export interface SampledElement {
  readonly id: number;
  /** Nats, under the model's own distribution (before temperature and truncation). */
  readonly logProb: number;
}
export interface SampleProgress {
  readonly sample: number;
  readonly text: string;
  readonly element: SampledElement;
}
export interface BeamReport {
  readonly width: number;
  /** How hypotheses of different lengths were compared; 'none': by their log-probability. */
  readonly normalization: 'none';
  /** Nats of each text returned, under the model's own distribution. */
  readonly totals: Float64Array;
  /** Every extension that was considered, in the order of the steps, as columns. */
  readonly lattice: {
    /** From 1. */
    readonly step: Int32Array;
    /** The node that it extends; −1: the prompt. */
    readonly parent: Int32Array;
    readonly id: Int32Array;
    /** Nats, of this element. */
    readonly logProb: Float64Array;
    /** Nats, of all elements up to this one. */
    readonly total: Float64Array;
    /** 0: cut, 1: kept, 2: ended. */
    readonly fate: Uint8Array;
    readonly texts: ReadonlyArray<readonly [id: number, text: string]>;
  };
}
export interface SampleResult {
  /** Without the prompt. */
  readonly texts: readonly string[];
  readonly seed: number;
  readonly elements: ReadonlyArray<readonly SampledElement[]>;
  readonly elementsPerSecond: number;
  readonly likelihood: Badge;
  /** With `beam` only. */
  readonly beam?: BeamReport;
}

export interface TrainParams {
  /** Absolute path of the spec file. */
  readonly spec: string;
  /** Nothing outside this folder is read as data. */
  readonly workspace: string;
  readonly out?: string;
  readonly steps?: number;
  readonly resume?: boolean;
}

/** What is looked into: a model with its own weights, or a spec's architecture with random ones. */
export type InspectSubject =
  | { readonly model: string }
  /** `text`: the spec as it stands in an editor, in place of the file's. */
  | { readonly spec: string; readonly text?: string };

export type MaskParams = InspectSubject & {
  /** Positions of the matrices; at most the context. */
  readonly length?: number;
};
/** Cells are one byte each, row by row: row = output, column = input. */
export interface MaskLayer {
  /** Counted from 1, in the order of the family's tap graph. */
  readonly layer: number;
  readonly id: string;
  readonly title: string;
  readonly type: 'causal' | 'window' | 'strict' | 'strict window';
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
export interface MaskReport {
  readonly family: string;
  readonly device: string;
  readonly causality: 'strict' | 'shifted';
  /** The rule in words. */
  readonly rule: string;
  readonly length: number;
  readonly masks: readonly MaskLayer[];
  /** All layers together: which inputs an output may read, and which it was seen to read. */
  readonly declared: Uint8Array;
  readonly measured: Uint8Array;
  readonly agrees: boolean;
  /** One sentence. */
  readonly verdict: string;
  /** Cells over all lengths, the training path and the rows of a batch. */
  readonly leaks: number;
  /** Allowed cells that no change of an input reached, over all lengths. */
  readonly unseen: number;
  /** Of the longest comparison that leaks. */
  readonly leaksByOffset: readonly LeakGroup[];
  /** Lengths and weights that were measured. */
  readonly lengths: readonly number[];
  readonly draws: readonly string[];
}
export interface InspectProgress {
  readonly done: number;
  readonly of: number;
  readonly doing: string;
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

/** One head; the mean over a layer's heads; attention rollout from the first layer up to this one. */
export type AttentionKind = 'heads' | 'mean' | 'rollout';

export interface AttentionParams {
  readonly model: string;
  readonly text: string;
  /** A token of the text, from 0 and without BOS: what is shown is the window in which `score` predicts it. */
  readonly token: number;
  readonly kind: AttentionKind;
  /** One map in full (`head` only for 'heads'; both from 0). Absent: every map of the kind, small. */
  readonly layer?: number;
  readonly head?: number;
}

/** Positions [start, start + length) of the sequence [BOS] + tokens; columns over these positions. */
export interface AttentionWindow {
  readonly start: number;
  readonly length: number;
  /** Tokens of the text, and the longest window the model takes. */
  readonly tokens: number;
  readonly context: number;
  readonly stride: number;
  readonly bos: boolean;
  /** The token of the text at each position; -1 for BOS. */
  readonly token: Int32Array;
  readonly texts: readonly string[];
  /** UTF-16 range in the text; BOS has none (0 to 0). */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

/** Every map of a kind: `layers` × `columns` of them, row-major (one column for 'mean' and 'rollout'). */
export interface SmallAttention {
  readonly columns: number;
  /** Dots along a side of a small map. */
  readonly size: number;
  /** [layers, columns, size, size]: the largest weight under each dot, NaN where all under it is masked. */
  readonly dots: Float32Array;
  /** [layers, columns]: bits, the mean over the rows. */
  readonly entropy: Float64Array;
  /** The most that mean can be: the mean of log2(i + 1). */
  readonly ceiling: number;
}

/** One map in full: its lower triangle, row after row. What is masked is not in it. */
export interface AttentionMap {
  readonly kind: AttentionKind;
  readonly layer: number;
  readonly head: number;
  readonly values: Float32Array;
  /** Bits, by row, and the most each can be. */
  readonly entropy: Float64Array;
  readonly ceiling: Float64Array;
}

export interface AttentionResult {
  readonly layers: number;
  readonly heads: number;
  readonly window: AttentionWindow;
  /** With no `layer`. */
  readonly small?: SmallAttention;
  /** With `layer`. */
  readonly map?: AttentionMap;
}

/** The interactive engine: scores, samples and inspects. */
export interface EngineCalls extends InformationCalls {
  describe: Call<undefined, EngineDescription>;
  devices: Call<undefined, DevicesReport>;
  checkSpec: Call<
    {
      readonly path: string;
      readonly text: string;
      /** Nothing outside it may be data; the spec's folder when absent. */
      readonly workspace?: string;
    },
    readonly SpecProblem[]
  >;
  modelInfo: Call<{ readonly model: string }, ModelInfo>;
  score: Call<ScoreParams, ScoreSummary, ScoreProgress>;
  /** What the model expected at one token, and where it looked. */
  inspect: Call<InspectParams, TokenInspection>;
  /** The document was closed: its kept scores can go. */
  forget: Call<{ readonly document: string }, undefined>;
  sample: Call<SampleParams, SampleResult, SampleProgress>;
  /** Declared connectivity beside what the network really reads. */
  mask: Call<MaskParams, MaskReport, InspectProgress>;
  /** Each check is reported as it ends. */
  check: Call<InspectSubject, CheckReport, CheckOutcome>;
  attention: Call<AttentionParams, AttentionResult>;
  /** The distribution after a path, filter by filter, and what the seed draws from it. */
  samplerStep: Call<SamplerStepParams, SamplerStep>;
  /** What choosing an id of one's own would be. */
  samplerForce: Call<SamplerForceParams, SamplerElement>;
  /** One draw after another; the elements are the progress. */
  samplerRun: Call<SamplerRunParams, SamplerRunResult, SamplerElement>;
  metrics: Call<{ readonly run: string }, MetricsTable>;
}

/** A training job: one process, one run. */
export interface JobCalls {
  train: Call<TrainParams, RunRecord, TrainEvent>;
  pause: Call<undefined, undefined>;
  resume: Call<undefined, undefined>;
  /** Ends after the current step with a checkpoint; `train` then resolves. */
  stop: Call<undefined, undefined>;
}
