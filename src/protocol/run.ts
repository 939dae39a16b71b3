// A run on disk and on the wire: the files of a run folder, its record, and what training reports.
import type { Badge } from './figure';

/** File names of a run folder: one source for the engine that writes them and the host that lists them. */
export const RUN_FILES = {
  record: 'run.json',
  config: 'config.json',
  weights: 'model.safetensors',
  /** Where the weights of a large model lie in several files. */
  weightsIndex: 'model.safetensors.index.json',
  tokenizer: 'tokenizer.json',
  tokenizerConfig: 'tokenizer_config.json',
  optimizer: 'optimizer.safetensors',
  metrics: 'metrics.jsonl',
  spec: 'spec.arlens.json',
  samples: 'samples',
} as const;

export const RUNS_FOLDER = '.arlens/runs';
export const SPEC_SUFFIX = '.arlens.json';

export type RunStatus = 'preparing' | 'running' | 'paused' | 'stopped' | 'done' | 'failed';
export type Split = 'train' | 'validation';

/** A loss: mean nats per element, the same in bits, and how many elements it is the mean of. */
export interface Loss {
  readonly nats: number;
  readonly bits: number;
  /** What one element is: 'token', 'byte', 'character'. */
  readonly unit: string;
  readonly count: number;
  readonly badge: Badge;
}

/** A horizontal line the curve can be read against: uniform, unigram, bigram, the source's entropy rate. Nats per element. */
export interface Floor {
  readonly label: string;
  readonly nats: number;
}

/** run.json: what a run is and how far it came. Rewritten atomically at every checkpoint. */
export interface RunRecord {
  readonly format: 1;
  /** Absolute path when on the wire; omitted on disk. */
  readonly run?: string;
  /** The spec's file name without its suffix. */
  readonly name: string;
  readonly family: string;
  readonly title: string;
  /** Absent for a run on a text. */
  readonly domain?: 'image';
  readonly status: RunStatus;
  readonly created: string;
  readonly device: string;
  readonly parameters: number;
  readonly step: number;
  readonly steps: number;
  readonly seed: number;
  /** The model folder whose weights it started from, as the spec names it; absent: random ones. */
  readonly initialize?: string;
  /** Badge of every loss of this run. */
  readonly likelihood?: Badge;
  /** What each image is given place by place, in words: every likelihood of this run is p(x | that). Absent: nothing. */
  readonly given?: string;
  /** What a step sees: rows (gradient accumulation included) of so many elements. */
  readonly batch?: { readonly rows: number; readonly length: number };
  /** The gradient norm above which gradients are scaled down. */
  readonly clip?: number;
  readonly data: {
    readonly sha256: string;
    readonly files: number;
    readonly bytes: number;
    readonly tokens: number;
    readonly trainTokens: number;
    readonly validationTokens: number;
    /** How the split was made, in words. */
    readonly split: string;
    /** UTF-8 bytes per element over the validation split: turns nats per element into bits/byte. 0 for images. */
    readonly bytesPerElement: number;
    /** Elements of the validation split that training never saw; with any, losses compare with no other model's. */
    readonly unknown?: number;
    /** What one element is: 'byte', 'character'. */
    readonly unit?: string;
    /** Class by class, where the classes of images are the folders they lie in. */
    readonly classNames?: readonly string[];
  };
  readonly floors: readonly Floor[];
  readonly validation?: Loss;
  readonly best?: { readonly step: number; readonly validation: Loss };
  readonly failure?: string;
}

export type TrainEvent =
  | { readonly type: 'started'; readonly record: RunRecord }
  | { readonly type: 'status'; readonly status: RunStatus; readonly detail?: string }
  | {
      readonly type: 'step';
      readonly step: number;
      /** Mean nats per element of this step's batches. */
      readonly loss: number;
      readonly learningRate: number;
      /** Before clipping. */
      readonly gradientNorm: number;
      readonly elementsPerSecond: number;
    }
  | ({ readonly type: 'evaluation'; readonly step: number; readonly split: Split } & Loss)
  | {
      readonly type: 'sample';
      readonly step: number;
      readonly prompt: string;
      /** Of images: where the picture lies, relative to the run. */
      readonly text: string;
      readonly seed: number;
      readonly temperature: number;
      /** Nats of the sample under the model at temperature 1, and over how many tokens. */
      readonly nll: number;
      readonly count: number;
      /** What each image of the sample was drawn given, beside which it stands; absent: nothing. */
      readonly given?: string;
    }
  | { readonly type: 'checkpoint'; readonly step: number };

/** metrics.jsonl as columns, for a panel that opens on a finished run. */
export interface MetricsTable {
  readonly record: RunRecord;
  readonly step: Float64Array;
  readonly loss: Float32Array;
  readonly learningRate: Float32Array;
  readonly gradientNorm: Float32Array;
  readonly elementsPerSecond: Float32Array;
  readonly evaluations: ReadonlyArray<{ readonly step: number; readonly split: Split } & Loss>;
  readonly samples: ReadonlyArray<Extract<TrainEvent, { type: 'sample' }>>;
}
