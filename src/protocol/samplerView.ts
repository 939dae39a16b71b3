// What the host and the Sampler view say to each other. The host owns the document; the view keeps a copy with VS Code.
import type { Call } from './calls';
import type {
  BeamSettings,
  SamplerBeamResult,
  SamplerDocument,
  SamplerSettings,
  SamplerStageKind,
  SamplerStep,
} from './sampler';
import type { HostCalls, ViewButton, ViewState } from './views';

/** The beam's own four states: it is searched for beside everything else that the view shows. */
export type SamplerBeam =
  | { readonly kind: 'none'; readonly sentence: string }
  | { readonly kind: 'working'; readonly step: number; readonly length: number }
  | {
      readonly kind: 'result';
      /** Another for every search: what was laid out for one is good as long as this stays. */
      readonly serial: number;
      /** The node it starts from; −1: the end of the prompt. */
      readonly from: number;
      /** What it was searched with: the document's may have changed since. */
      readonly settings: BeamSettings;
      readonly result: SamplerBeamResult;
    }
  | { readonly kind: 'failed'; readonly sentence: string; readonly button?: ViewButton };

export interface SamplerContent {
  readonly document: SamplerDocument;
  /** The model's name, as a person tells runs apart. */
  readonly model: string;
  readonly device: string;
  /** The distribution at the cursor; null until the first one is there. An older one stays while the next is computed. */
  readonly next: SamplerStep | null;
  /** `next` belongs to the cursor and the settings as they are. */
  readonly fresh: boolean;
  readonly running: boolean;
  /** Of the run that goes on, or of the last one; null before any. */
  readonly elementsPerSecond: number | null;
  /** What the last thing asked for came to, where that is not plain to see; else ''. */
  readonly note: string;
  /** What is wrong with what was asked for, in one sentence; else ''. */
  readonly problem: string;
  readonly beam: SamplerBeam;
  /** The last `go` that was carried out: a view that has asked for later ones is ahead of this state. */
  readonly turn: number;
}

/** Host → view. */
export interface SamplerViewCalls {
  state: Call<ViewState<SamplerContent>, undefined>;
}

export interface SamplerChange {
  readonly settings?: SamplerSettings;
  readonly length?: number;
  readonly stop?: readonly string[];
  readonly stopAtEnd?: boolean;
  readonly beam?: BeamSettings;
  readonly compared?: SamplerStageKind | 'all';
  /** Another prompt is another tree. */
  readonly prompt?: string;
}

/** View → host. */
export interface SamplerHostCalls extends HostCalls {
  /** Takes what the seed draws. */
  step: Call<undefined, undefined>;
  /** Draws until the run's length or the stop text. */
  run: Call<undefined, undefined>;
  pause: Call<undefined, undefined>;
  back: Call<undefined, undefined>;
  force: Call<{ readonly id: number }, undefined>;
  /** Moves the cursor; -1 is the end of the prompt. `turn` counts the view's moves and comes back with the state. */
  go: Call<{ readonly node: number; readonly turn: number }, undefined>;
  name: Call<{ readonly node: number; readonly name: string }, undefined>;
  change: Call<SamplerChange, undefined>;
  /** The text of the current path as a new, untitled document. */
  toEditor: Call<undefined, undefined>;
  /** Searches with a beam from the cursor. */
  search: Call<undefined, undefined>;
  stopSearch: Call<undefined, undefined>;
  /** Makes a hypothesis a branch of the tree and moves the cursor to its end. */
  takeHypothesis: Call<{ readonly index: number }, undefined>;
  /** The text up to the end of a hypothesis as a new, untitled document. */
  hypothesisToEditor: Call<{ readonly index: number }, undefined>;
}
