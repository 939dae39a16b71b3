// What the host and the Image sampler view say to each other. The host owns the drawing while its panel is open; the view
// keeps what a person chose and drew, so that both come back after a reload. Types only.
import type { Call } from './calls';
import type { GivenConditions } from './imageCondition';
import type { ImageModelInfo } from './imageSets';
import type { ImageSamplerNext, ImageSamplerSettings } from './imageSampler';
import type { HostCalls, ViewState } from './views';

/** A rectangle of an image: rows top … bottom − 1 of columns left … right − 1. */
export interface Region {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** What is kept of an image while the rest is drawn. */
export interface Keeping {
  /** The file's name. */
  readonly file: string;
  /** The levels of the image [height, width, channels]. */
  readonly levels: Uint8Array;
  readonly region: Region;
}

/** Everything a person chose: what a reload brings back. */
export interface ImageSamplerChoice {
  /** A run's folder, or a spec whose family has nothing to learn. */
  readonly run: string;
  readonly settings: ImageSamplerSettings;
  readonly count: number;
  /** Steps a second; 0: as fast as it goes. */
  readonly perSecond: number;
  /** The image whose distributions are shown. */
  readonly image: number;
}

export interface ImageSamplerContent {
  readonly choice: ImageSamplerChoice;
  /** The model's name, as a person tells runs apart. */
  readonly label: string;
  readonly model: ImageModelInfo;
  /** Steps that are drawn, and how many there are: one a sub-pixel. */
  readonly step: number;
  readonly steps: number;
  /** Of this drawing: parts of another one are none of its. */
  readonly serial: number;
  readonly running: boolean;
  readonly elementsPerSecond: number | null;
  /** The sub-pixel that comes next; null when all are there, or while it is being computed. */
  readonly next: ImageSamplerNext | null;
  /** Which distribution log-probabilities are under. */
  readonly under: 'the model' | 'the guided distribution';
  readonly keeping: Keeping | null;
  /** What is wrong with what was asked for, in one sentence; else ''. */
  readonly problem: string;
}

/** Consecutive steps of a drawing. */
export interface DrawnPart {
  readonly serial: number;
  readonly from: number;
  /** (row · width + column) · channels + channel [steps] */
  readonly places: Int32Array;
  /** Levels [steps, count]. */
  readonly values: Uint8Array;
  /** Nats [steps, count]. */
  readonly logProb: Float32Array;
}

/** Host → view. */
export interface ImageSamplerViewCalls {
  state: Call<ViewState<ImageSamplerContent>, undefined>;
  drawn: Call<DrawnPart, undefined>;
  /** What the images are drawn given; null by a model that reads nothing of the kind, or while it is read. */
  given: Call<{ readonly given: GivenConditions | null }, undefined>;
}

export interface ImageSamplerChange {
  readonly settings?: ImageSamplerSettings;
  readonly count?: number;
  readonly perSecond?: number;
  readonly image?: number;
}

/** View → host. */
export interface ImageSamplerHostCalls extends HostCalls {
  /** Draws one sub-pixel. */
  step: Call<undefined, undefined>;
  /** Draws until the images are complete. */
  run: Call<undefined, undefined>;
  pause: Call<undefined, undefined>;
  /** Takes the last step back. */
  back: Call<undefined, undefined>;
  /** Begins with empty images. */
  clear: Call<undefined, undefined>;
  /** Gives the next sub-pixel of the image that is shown this level. */
  force: Call<{ readonly level: number }, undefined>;
  change: Call<ImageSamplerChange, undefined>;
  /** Asks for a file of images, and keeps a region of one of them. */
  keepFrom: Call<undefined, undefined>;
  /** Asks for a file that the images' conditions are taken from. */
  conditionFrom: Call<undefined, undefined>;
  /** Another region of the same image; null: nothing is kept any more. */
  region: Call<{ readonly region: Region | null }, undefined>;
  /** Shows the images where the likelihood of images is shown. */
  toLogProbs: Call<undefined, undefined>;
}
