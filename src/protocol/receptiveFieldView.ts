// What the host and the Receptive field view say to each other. Rows, columns and channels count from 0, as
// `ar-lens reach` counts.
import type { Call } from './calls';
import type { FieldReport, FieldSettings, KernelMask, KernelMaskParams } from './receptiveField';
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

/** Receptive field: what does it really see? */
export interface ReceptiveFieldContent {
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
}
