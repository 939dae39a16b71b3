// What an engine process can be asked. Types and lists of names only: no tensors, no vscode, no DOM.
// Bulk numbers travel as typed arrays (structured clone), never as JSON.
import type { AttentionRow, AttentionRowParams } from './attentionRow';
import type { Call } from './calls';
import type { DiagramReport } from './diagram';
import type { Badge } from './figure';
import type { GatesParams, GatesReport } from './gates';
import type { ImageSamplerCalls } from './imageSampler';
import type { ImageSetCalls } from './imageSets';
import type { InformationCalls } from './information';
import type {
  ImageMaskReport,
  ReachParams,
  ReachReport,
  SampleImagesParams,
  SampleImagesProgress,
  SampleImagesResult,
  ScoredImagesProgress,
  ScoreImagesParams,
  ScoreImagesSummary,
  SubjectDomain,
} from './images';
import type { InspectParams, TokenInspection } from './inspect';
import type { CheckOutcome, CheckReport, MaskReport } from './mask';
import type {
  EffectiveParams,
  EffectiveReport,
  FieldMeasurement,
  FieldParams,
  FieldReport,
  KernelMask,
  KernelMaskParams,
} from './receptiveField';
import type { InspectSubject } from './subject';
import type { RunRecord, TrainEvent } from './run';
import type { SampleParams, SampleProgress, SampleResult } from './sample';
import type {
  SamplerBeamParams,
  SamplerBeamProgress,
  SamplerBeamResult,
  SamplerElement,
  SamplerForceParams,
  SamplerRunParams,
  SamplerRunResult,
  SamplerStep,
  SamplerStepParams,
} from './sampler';
import type { ScoreParams, ScoreProgress, ScoreSummary } from './score';
import type { TensorflowSetupCalls } from './tensorflowSetup';

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
  /** The graphics card, as its driver calls it. */
  readonly adapter?: string;
  /** The card is imitated by the processor. */
  readonly software?: boolean;
  /** It computes on a graphics card. */
  readonly card?: boolean;
}
export interface DevicesReport {
  readonly devices: readonly DeviceReport[];
  readonly auto: DeviceId;
  /** Why "auto" picks that one: what was measured, or that there was nothing to choose. One sentence. */
  readonly autoReason: string;
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
  /** `model_type` of its config.json. */
  readonly architecture?: string;
  /** Tokens of the context it was made for, where no more than `context` of them are looked at here. */
  readonly declaredContext?: number;
  /** Bytes of keys and values that sampling remembers of a full context; windows make it less. */
  readonly cacheBytes?: number;
  /** The licence that the folder's README names. */
  readonly licence?: string;
}

export interface SpecProblem {
  /** UTF-16 offset and length in the spec's text. */
  readonly offset: number;
  readonly length: number;
  readonly message: string;
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

export type { InspectSubject } from './subject';

export type MaskParams = InspectSubject & {
  /** Positions of the matrices; at most the context. */
  readonly length?: number;
};
export interface InspectProgress {
  /** Sets of weights that are measured, and how many there are. */
  readonly done: number;
  readonly of: number;
  readonly doing: string;
  /** Of the whole work: 0 to 1. */
  readonly share: number;
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
  /** [layers]: bits, the most that mean can be in a layer: the mean of log2 of the positions its rows may see. */
  readonly ceiling: Float64Array;
}

/**
 * One map in full: its lower triangle, row after row. The future is not in it, and what lies before a layer's sliding
 * window is NaN: masked, which is no weight of 0.
 */
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
export interface EngineCalls
  extends InformationCalls, ImageSetCalls, ImageSamplerCalls, TensorflowSetupCalls {
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
  /** From which depth on an output reads each input, for stacks side by side. */
  receptiveField: Call<FieldParams, FieldReport>;
  kernelMask: Call<KernelMaskParams, KernelMask>;
  /** Perturbs networks of the stacks and lists where they differ from what is declared. */
  measureField: Call<FieldParams, FieldMeasurement, InspectProgress>;
  /** What the gates of one layer let through, over images. */
  gates: Call<GatesParams, GatesReport, InspectProgress>;
  /** What an output is sensitive to, over images. */
  effectiveField: Call<EffectiveParams, EffectiveReport, InspectProgress>;
  sample: Call<SampleParams, SampleResult, SampleProgress>;
  /** Declared connectivity beside what the network really reads. */
  mask: Call<MaskParams, MaskReport, InspectProgress>;
  /** Each check is reported as it ends. */
  check: Call<InspectSubject, CheckReport, CheckOutcome>;
  attention: Call<AttentionParams, AttentionResult>;
  /** The scores behind one row of one head. */
  attentionRow: Call<AttentionRowParams, AttentionRow>;
  /** The model as nodes and edges, with shapes and parameter counts. */
  diagram: Call<InspectSubject, DiagramReport>;
  /** The distribution after a path, filter by filter, and what the seed draws from it. */
  samplerStep: Call<SamplerStepParams, SamplerStep>;
  /** What choosing an id of one's own would be. */
  samplerForce: Call<SamplerForceParams, SamplerElement>;
  /** One draw after another; the elements are the progress. */
  samplerRun: Call<SamplerRunParams, SamplerRunResult, SamplerElement>;
  /** A beam search from the end of a path, beside what greedy finds there. */
  samplerBeam: Call<SamplerBeamParams, SamplerBeamResult, SamplerBeamProgress>;
  /** Whether a model or a spec is of texts or of images: the two are asked different things. */
  subjectDomain: Call<InspectSubject, SubjectDomain>;
  /** What one output sees, what it cannot, and what it may not. */
  reach: Call<ReachParams, ReachReport>;
  imageMask: Call<InspectSubject, ImageMaskReport, InspectProgress>;
  scoreImages: Call<ScoreImagesParams, ScoreImagesSummary, ScoredImagesProgress>;
  sampleImages: Call<SampleImagesParams, SampleImagesResult, SampleImagesProgress>;
}

/** A training job: one process, one run. */
export interface JobCalls {
  train: Call<TrainParams, RunRecord, TrainEvent>;
  pause: Call<undefined, undefined>;
  resume: Call<undefined, undefined>;
  /** Ends after the current step with a checkpoint; `train` then resolves. */
  stop: Call<undefined, undefined>;
}
