// Sampling images one sub-pixel at a time: what the engine is asked and answers. Types only. A path is what was drawn or
// forced so far; the engine remembers nothing that a view relies on.
import type { Call } from './calls';
import type { ConditionSource, GivenConditions } from './imageCondition';
import type { InspectSubject } from './subject';

export interface ImageSamplerSettings {
  readonly seed: number;
  /** 0: the most likely level, always. */
  readonly temperature: number;
  readonly topK?: number;
  readonly topP?: number;
  /** Of a family with classes; absent: none. 'each': the classes in turn, image by image. */
  readonly label?: number | 'each';
  /** u + w (c − u), only with a class: 0 is the model without it, 1 with it. */
  readonly guidance?: number;
  /** Of a model that is given pictures; absent: the run's held-out images, one after another. */
  readonly condition?: ConditionSource;
}

/** Causal-order inpainting: what is drawn before a kept value in the order of generation knows nothing of it. */
export interface KeptRegion {
  /** [height, width, channels] of one image, for each that is drawn. */
  readonly levels: Uint8Array;
  /** 1 where the level is kept. */
  readonly where: Uint8Array;
}

export interface ImageSamplerParams {
  readonly subject: InspectSubject;
  /** How many images are drawn side by side. */
  readonly count: number;
  /** Levels so far, in the order of generation: [steps, count]. */
  readonly path: Uint8Array;
  readonly settings: ImageSamplerSettings;
  readonly kept?: KeptRegion;
  /** Images that are drawn, `image` among them; the others wait at level 0. Absent: all. */
  readonly drawn?: readonly number[];
  /** Steps to add at most; 0 only says what comes next. */
  readonly length: number;
  /** At most so many steps a second; 0: as fast as it goes. */
  readonly perSecond: number;
  /** The image whose distributions are told. */
  readonly image: number;
  /** The first step gives this level to that image. */
  readonly force?: number;
}

/** The distribution of the sub-pixel that comes next in one image. */
export interface ImageSamplerNext {
  readonly row: number;
  readonly column: number;
  readonly channel: number;
  /** Nats [levels]: the model's own, or the guided one's. */
  readonly logProb: Float32Array;
  /** [levels]: what is drawn from, after temperature and cuts. */
  readonly probability: Float32Array;
  /** What the seed draws, or what is kept there. */
  readonly level: number;
  readonly isKept: boolean;
}

/** Steps since the last report. */
export interface ImageSamplerProgress {
  /** Where each lies: (row · width + column) · channels + channel [steps] */
  readonly places: Int32Array;
  /** [steps, count]; 0 of an image that waits. */
  readonly values: Uint8Array;
  /** Nats, before temperature and cuts [steps, count]; 0 of an image that waits. */
  readonly logProb: Float32Array;
  readonly next: ImageSamplerNext | null;
}

export interface ImageSamplerResult {
  /** null: the images are complete. */
  readonly next: ImageSamplerNext | null;
  readonly elementsPerSecond: number;
}

export interface SaveImagesParams {
  readonly subject: InspectSubject;
  readonly count: number;
  /** [count, height, width, channels] */
  readonly levels: Uint8Array;
  /** Absolute path: an IDX file, or a PNG for one image. */
  readonly path: string;
}

/** The interactive engine's part of it. */
export interface ImageSamplerCalls {
  imageSamplerRun: Call<ImageSamplerParams, ImageSamplerResult, ImageSamplerProgress>;
  /** What the drawings of these settings are given; null of a model that reads nothing of the kind. */
  imageConditions: Call<
    Pick<ImageSamplerParams, 'subject' | 'count' | 'settings' | 'kept'>,
    GivenConditions | null
  >;
  /** Writes images where the log-probs view can open them. */
  saveImages: Call<SaveImagesParams, undefined>;
  /** The levels of one image of a file, as this model sees it: what a region is kept of. */
  imageLevels: Call<
    { readonly subject: InspectSubject; readonly path: string; readonly image: number },
    { readonly levels: Uint8Array }
  >;
}
