// What the host and the Sampler view say to each other. The host owns the document; the view keeps a copy with VS Code.
import type { Call } from './calls';
import type { SamplerDocument, SamplerSettings, SamplerStep } from './sampler';
import type { HostCalls, ViewState } from './views';

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
}

/** Host → view. */
export interface SamplerViewCalls {
  state: Call<ViewState<SamplerContent>, undefined>;
}

export interface SamplerChange {
  readonly settings?: SamplerSettings;
  readonly length?: number;
  readonly stop?: string;
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
  /** Moves the cursor; -1 is the end of the prompt. */
  go: Call<{ readonly node: number }, undefined>;
  name: Call<{ readonly node: number; readonly name: string }, undefined>;
  change: Call<SamplerChange, undefined>;
  /** The text of the current path as a new, untitled document. */
  toEditor: Call<undefined, undefined>;
}
