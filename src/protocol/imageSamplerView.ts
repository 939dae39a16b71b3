// What the host and the Image sampler view say to each other. The host owns the drawing while its panel is open; the view
// keeps what a person chose and drew, so that both come back after a reload. Types only.
import type { Call } from './calls';
import type { GivenConditions } from './imageCondition';
import type { ImageModelInfo } from './imageSets';
import type { ImageSamplerNext, ImageSamplerSettings } from './imageSampler';
import type { TreeNode } from './tree';
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

/**
 * A stretch of one branch of an image: no other branch leaves it, and no setting changes inside. Its `logProb` is of the
 * first sub-pixel, by which it differs from its neighbours, and so is `forced`.
 */
export interface ImageStretch extends Omit<TreeNode, 'text' | 'beam'> {
  /** Branches keep their number, whatever is drawn; stretches do not. */
  readonly branch: number;
  /** Steps of the image before it and up to its end. */
  readonly from: number;
  readonly to: number;
  /** Where its first sub-pixel lies, and its level there. */
  readonly place: number;
  readonly level: number;
  /** −log p of its own steps, nats. */
  readonly nats: number;
  readonly forcedSteps: number;
  readonly settings: ImageSamplerSettings;
}

/** From the sub-pixel at `place` on these settings held. */
export interface ImageTurn {
  readonly step: number;
  readonly place: number;
  readonly settings: ImageSamplerSettings;
}

export interface ImageSamplerContent {
  readonly choice: ImageSamplerChoice;
  /** The model's name, as a person tells runs apart. */
  readonly label: string;
  readonly model: ImageModelInfo;
  /** Steps of the image that is looked at, and how many there are: one a sub-pixel. */
  readonly step: number;
  readonly steps: number;
  /** Of these images: parts of others are none of theirs. */
  readonly drawing: number;
  /** Steps of each image [count]. */
  readonly standing: Int32Array;
  /** Images that a step draws: those that stand where the image that is looked at does, itself among them. */
  readonly together: readonly number[];
  /** The tree of the image that is looked at; `at` is the stretch where it stands, −1 the empty image. */
  readonly stretches: readonly ImageStretch[];
  readonly at: number;
  /** Steps that can be walked to along the branch that is walked, and that branch; −1: none. */
  readonly end: number;
  readonly branch: number;
  /** What the steps so far were drawn with, in order. */
  readonly turns: readonly ImageTurn[];
  /** The last `go` that was carried out: a view that has asked for later ones is ahead of this state. */
  readonly turn: number;
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

/** Consecutive steps of one image. */
export interface DrawnPart {
  readonly image: number;
  /** Of its path: another one begins with no steps. */
  readonly serial: number;
  readonly from: number;
  /** (row · width + column) · channels + channel [steps] */
  readonly places: Int32Array;
  /** [steps] */
  readonly levels: Uint8Array;
  /** −log p, nats [steps]. */
  readonly nats: Float32Array;
}

/** Host → view. */
export interface ImageSamplerViewCalls {
  state: Call<ViewState<ImageSamplerContent>, undefined>;
  drawn: Call<{ readonly drawing: number; readonly parts: readonly DrawnPart[] }, undefined>;
  /** What VS Code is to keep of this view, for the host to read after a reload. */
  keep: Call<object, undefined>;
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
  /** Takes the last step of the image that is looked at back. */
  back: Call<undefined, undefined>;
  /** Begins with empty images; their branches stay. */
  begin: Call<undefined, undefined>;
  /** Forgets all branches. */
  clear: Call<undefined, undefined>;
  /** Draws on from here with another seed. */
  anew: Call<undefined, undefined>;
  /** Goes to a step of a branch of the image that is looked at, −1 the empty image; `turn` comes back with the state. */
  go: Call<{ readonly branch: number; readonly step: number; readonly turn: number }, undefined>;
  name: Call<{ readonly branch: number; readonly name: string }, undefined>;
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
