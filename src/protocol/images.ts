// What an engine is asked of images and of reach, and what it answers. Types only; bulk numbers as typed arrays.
import type { Badge } from './figure';
import type { ConditionSource, GivenConditions, ImageCondition } from './imageCondition';
import type { InspectSubject } from './subject';

export type SubjectDomain = 'text' | 'image';

export interface ScoreImagesParams {
  readonly model: string;
  /** IDX, .npy, .npz or a picture. */
  readonly file: string;
  /**
   * An IDX file of labels, or 'folders', for a model with classes. Labels are looked for where training had them when
   * this is absent.
   */
  readonly labels?: string;
  /** Scores without a class, whatever labels there are. */
  readonly withoutLabels?: boolean;
  /** Absolute path: the pictures that a model with a condition is given, one for each image; looked for when absent. */
  readonly condition?: string;
}
export interface ScoredImagesProgress {
  readonly done: number;
  readonly images: number;
  /** Nats of each sub-pixel of the images since the last report, in order. */
  readonly logProb: Float32Array;
  /** The class that each of them is scored under; null without. */
  readonly labels: Int32Array | null;
}
export interface ScoreImagesSummary {
  readonly family: string;
  readonly model: string;
  readonly device: string;
  readonly unit: 'subpixel';
  readonly likelihood: Badge;
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly levels: number;
  /** How 8-bit values became levels. */
  readonly quantize: string;
  /** p(x | class), or p(x) by a model that has classes; null of a model that has none. */
  readonly given: 'class' | 'no class' | null;
  /** p(x | condition) of each image; null of a model that reads none. */
  readonly condition: ImageCondition | null;
  /** Where the classes were read: a file's path or 'folders'; null without. */
  readonly labelSource: string | null;
  /** Nats over all sub-pixels of all images. */
  readonly nll: number;
  /** nll / (images · height · width · channels · ln 2). */
  readonly bitsPerDim: number;
  /** Standard error over images of the mean bits/dim; null for one image. */
  readonly standardError: number | null;
}

/**
 * Causal-order inpainting: a region of an image is kept and the rest is drawn in the model's order of generation; what is
 * drawn before a kept pixel knows nothing of it.
 */
export interface KeepRegion {
  /** A picture, or a file of images. */
  readonly file: string;
  /** Which of its images, from 0; the first when absent. */
  readonly image?: number;
  /** Rows r0 … r1 − 1 of columns c0 … c1 − 1 are kept: [r0, c0, r1, c1]. */
  readonly region: readonly [top: number, left: number, bottom: number, right: number];
}

export interface SampleImagesParams {
  readonly model: string;
  readonly seed: number;
  readonly count?: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly class?: number;
  readonly guidance?: number;
  readonly keep?: KeepRegion;
  /** Of a model that reads one. */
  readonly condition?: ConditionSource;
}
export interface SampleImagesProgress {
  readonly row: number;
  readonly rows: number;
}
export interface SampleImagesResult {
  readonly family: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly levels: number;
  readonly count: number;
  readonly seed: number;
  /** [count, height, width, channels] */
  readonly pixels: Int32Array;
  /** The order of generation, where it is not raster: which sub-pixel (counted in raster order) came at each step. */
  readonly order?: Int32Array;
  /** Nats of each given those before it, before temperature and cuts. */
  readonly logProb: Float64Array;
  /** 1 where a value was kept and not drawn [height, width, channels]; absent where all were drawn. */
  readonly kept?: Uint8Array;
  /** What each image was drawn given, beside a class; absent of a model that reads none. */
  readonly given?: GivenConditions;
  /** Which distribution `logProb` is under. */
  readonly under: 'the model' | 'the guided distribution';
  readonly likelihood: Badge;
  readonly elementsPerSecond: number;
  /** Each image as a PNG. */
  readonly pictures: readonly Uint8Array[];
}

export type ReachParams = InspectSubject & {
  /** Row and column of an image, or a place of a sequence, from 0. */
  readonly position: readonly number[];
  readonly channel?: number;
  /** Also perturbs a network with random weights. */
  readonly measure?: boolean;
};

/** Offsets from the position: [rows down, columns right], the channel third where there are three; [places] of a text. */
export type ReachOffset = readonly number[];

export interface ReachReport {
  readonly family: string;
  readonly domain: SubjectDomain;
  readonly causality: 'strict' | 'shifted';
  readonly position: readonly number[];
  readonly channel?: number;
  /** Of the images it was found for, and whether the data said so. */
  readonly image?: {
    readonly height: number;
    readonly width: number;
    readonly channels: number;
    readonly from: 'model' | 'data' | 'assumed';
  };
  /** What every output may read whole, because it is known before the first; absent: nothing of the kind. */
  readonly condition?: ImageCondition;
  /** The order of generation, where it is not raster: which sub-pixel comes at each step. */
  readonly order?: Int32Array;
  /** What is counted. */
  readonly unit: 'pixel' | 'subpixel' | 'token';
  readonly allowed: number;
  readonly seen: number;
  readonly blind: number;
  readonly tooShallow: number;
  readonly leaks: number;
  readonly offsets: {
    readonly seen: readonly ReachOffset[];
    readonly blind: readonly ReachOffset[];
    readonly tooShallow: readonly ReachOffset[];
    readonly leaks: readonly ReachOffset[];
  };
  /** The box of everything that is read; of a text, how many places. */
  readonly receptiveField: { readonly height: number; readonly width: number } | { readonly tokens: number };
  readonly method: 'closure';
  readonly measured?: {
    readonly seen: number;
    readonly leaks: number;
    readonly agrees: boolean;
    /** Where the two differ: measured and not declared, declared and not measured. */
    readonly undeclared: readonly ReachOffset[];
    readonly unmeasured: readonly ReachOffset[];
    readonly draws: number;
  };
}

export interface ImageMaskLayer {
  /** Counted from 1, in the order of the family's tap graph. */
  readonly layer: number;
  readonly id: string;
  readonly title: string;
  readonly type: 'A' | 'B' | 'vertical' | 'horizontal A' | 'horizontal B' | 'shift' | 'pointwise' | 'order';
  /** 1 where the kernel reads; the output's own pixel in the middle. */
  readonly rows: ReadonlyArray<readonly number[]>;
  /** Which channel groups (columns) each one (row) reads at the centre. */
  readonly centre: ReadonlyArray<readonly number[]>;
}
export interface ImageMaskReport {
  readonly family: string;
  readonly device: string;
  readonly causality: 'strict';
  readonly rule: string;
  readonly masks: readonly ImageMaskLayer[];
  /** The order of generation, where it is not raster: which sub-pixel comes at each step. */
  readonly order?: Int32Array;
  /** The images that were perturbed. */
  readonly shape: { readonly height: number; readonly width: number; readonly channels: number };
  readonly agrees: boolean;
  readonly verdict: string;
  readonly leaks: number;
  readonly unseen: number;
  readonly draws: readonly string[];
}
