// What the host and the Receptive field view say to each other. Rows, columns and channels count from 0, as
// `ar-lens reach` counts.
import type { Call } from './calls';
import type { InspectProgress } from './engine';
import type { GatesReport } from './gates';
import type {
  EffectiveReport,
  FieldMeasurement,
  FieldReport,
  FieldSettings,
  KernelMask,
  KernelMaskParams,
} from './receptiveField';
import type { HostCalls, ViewState } from './views';

/** What is looked into: kept with the view, so that a restored panel finds it again. */
export type FieldSubject =
  { readonly kind: 'none' } | { readonly kind: 'spec' | 'run'; readonly path: string };

/** What a person wants to see: the builder's settings where they are not the subject's, and an output. */
export interface FieldWish {
  readonly settings: Partial<FieldSettings>;
  /** The middle when absent. */
  readonly position?: readonly [row: number, column: number];
  readonly channel?: number;
}

/** What takes a while and is started by hand. */
export interface FieldTask<Result> {
  readonly state: 'none' | 'running' | 'done' | 'cancelled' | 'failed';
  readonly progress: InspectProgress | null;
  /** Why it failed; '' otherwise. */
  readonly sentence: string;
  /** Stays until there is another: of the output and the settings that are written in it. */
  readonly result: Result | null;
}

export interface FieldTasks {
  /** Networks of the stacks, perturbed at every input. */
  readonly measured: FieldTask<FieldMeasurement>;
  /** What the run's output is sensitive to; only of a run. */
  readonly effective: FieldTask<EffectiveReport>;
  /** What one layer of a gated run lets through. */
  readonly gates: FieldTask<GatesReport>;
}
export type FieldTaskName = keyof FieldTasks;

/** Receptive field: what does it really see? */
export interface ReceptiveFieldContent extends FieldTasks {
  readonly subject: FieldSubject;
  /** The spec's file or the run; '' for the builder alone. */
  readonly name: string;
  readonly report: FieldReport;
  /** Why `report` is not of what is wished, or of the spec as it stands; '' where it is. */
  readonly problem: string;
  /** The kernel that the mask builder shows; null before the first was asked for. */
  readonly mask: (KernelMaskParams & KernelMask) | null;
}

export interface ReceptiveFieldViewCalls {
  state: Call<ViewState<ReceptiveFieldContent>, undefined>;
  /** Parts of the last state that are new. */
  update: Call<Partial<Omit<ReceptiveFieldContent, 'subject' | 'name'>>, undefined>;
}

export interface ReceptiveFieldHostCalls extends HostCalls {
  look: Call<FieldWish, undefined>;
  mask: Call<KernelMaskParams, undefined>;
  /** Begins anew where it runs already. `layer`, from 1, and `image`, from 0 (a batch when absent), are the gates'. */
  start: Call<{ readonly task: FieldTaskName; readonly layer?: number; readonly image?: number }, undefined>;
  stop: Call<{ readonly task: FieldTaskName }, undefined>;
}
