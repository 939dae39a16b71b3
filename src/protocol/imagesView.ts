// What the host and the Images view say to each other: where the likelihood of images goes. Types only.
// Bits, slices and pixels travel as typed arrays of their own, apart from the state.
import type { Call } from './calls';
import type { ImageModelInfo, ImageNats, ImageSetInfo, PixelDistribution, Thumbnails } from './imageSets';
import type { ScoreImagesSummary } from './images';
import type { HostCalls, ViewButton, ViewState } from './views';

export interface ImagesRun {
  /** Absolute path of the run's folder, or of a spec whose family has nothing to learn. */
  readonly run: string;
  readonly label: string;
}

/** The scoring of all images: it goes on beside everything else that the view shows. */
export type ImagesScoring =
  | { readonly kind: 'none'; readonly sentence: string; readonly button?: ViewButton }
  | { readonly kind: 'working'; readonly done: number }
  | { readonly kind: 'stopped'; readonly done: number }
  | { readonly kind: 'failed'; readonly sentence: string; readonly button?: ViewButton }
  | { readonly kind: 'result'; readonly summary: ScoreImagesSummary };

export interface ImagesContent {
  /** URI of the file or folder: what a restored panel is told by. */
  readonly source: string;
  readonly file: string;
  readonly set: ImageSetInfo;
  /** Runs of the workspace that score images. */
  readonly runs: readonly ImagesRun[];
  /** The one that scores; '' for none. */
  readonly run: string;
  readonly model: ImageModelInfo | null;
  /** Whether labels are looked for, by a model that has classes. */
  readonly withLabels: boolean;
  readonly scoring: ImagesScoring;
  /** Of this scoring; bits of another one are none of these images'. */
  readonly serial: number;
}

/** Consecutive images, scored: bits/dim. */
export interface ImagesBits {
  readonly serial: number;
  readonly from: number;
  readonly bits: Float32Array;
  /** The class that each is scored under; null without. */
  readonly labels: Int32Array | null;
}

export interface ImagesSlice extends Thumbnails {
  readonly indices: Int32Array;
}

/** One image, large: as it lies in the file, and under the model where there is one that takes it. */
export interface ImagesLook {
  readonly serial: number;
  readonly image: number;
  readonly pixels: Thumbnails;
  readonly nats: ImageNats | null;
  /** Why there are none, where a model was asked; else ''. */
  readonly problem: string;
}

export interface ImagesPoint extends PixelDistribution {
  readonly serial: number;
  readonly image: number;
  readonly row: number;
  readonly column: number;
}

/** Host → view. */
export interface ImagesViewCalls {
  state: Call<ViewState<ImagesContent>, undefined>;
  bits: Call<ImagesBits, undefined>;
  slice: Call<ImagesSlice, undefined>;
  look: Call<ImagesLook, undefined>;
  point: Call<ImagesPoint, undefined>;
}

/** View → host. */
export interface ImagesHostCalls extends HostCalls {
  /** Scores with this run; '' with none. */
  choose: Call<{ readonly run: string }, undefined>;
  /** Scores each image under its class, or without one, by a model that has classes. */
  chooseLabels: Call<{ readonly use: boolean }, undefined>;
  /** Wants these images, small. */
  slice: Call<{ readonly indices: readonly number[] }, undefined>;
  /** Wants this image, large. */
  look: Call<{ readonly image: number }, undefined>;
  /** Wants the distribution of this pixel. */
  point: Call<{ readonly image: number; readonly row: number; readonly column: number }, undefined>;
  stopScoring: Call<undefined, undefined>;
  scoreAgain: Call<undefined, undefined>;
}

/** What a restored panel of a folder is told by. */
export interface ImagesKept {
  readonly source: string;
}
