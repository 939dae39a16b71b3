// What the host and the Causal mask view say to each other. Outputs and inputs count from 0, as `ar-lens mask` counts.
import type { Call } from './calls';
import type { InspectProgress } from './engine';
import type { CheckOutcome, MaskReport } from './mask';
import type { HostCalls, ViewButton, ViewState } from './views';

/** What is looked into: kept with the view, so that a restored panel finds it again. */
export type MaskSubject =
  { readonly kind: 'spec'; readonly uri: string } | { readonly kind: 'run'; readonly folder: string };

/** The five checks: those that have answered, in their order, and what became of the rest. */
export interface ChecksContent {
  readonly state: 'none' | 'running' | 'done' | 'cancelled' | 'failed';
  readonly outcomes: readonly CheckOutcome[];
  /** Only when done. */
  readonly verdict: 'pass' | 'fail' | null;
  /** Why they failed to run; empty otherwise. */
  readonly sentence: string;
  /** They are of the model as it was before a change. */
  readonly stale: boolean;
}

/** One sentence about what is shown, and what a person can do. */
export interface MaskNote {
  readonly sentence: string;
  readonly button?: ViewButton;
}

/** Causal mask: what may it see? */
export interface CausalMaskContent {
  readonly subject: MaskSubject;
  /** The spec's file or the run. */
  readonly name: string;
  readonly report: MaskReport;
  /** The spec was edited, or the run trained on, since this was measured. */
  readonly stale: boolean;
  /** It is being measured again. */
  readonly measuring: InspectProgress | null;
  readonly note: MaskNote | null;
  readonly checks: ChecksContent;
}

export interface CausalMaskViewCalls {
  state: Call<ViewState<CausalMaskContent>, undefined>;
  /** Parts of the last state that are new. */
  update: Call<Pick<CausalMaskContent, 'stale' | 'measuring' | 'note' | 'checks'>, undefined>;
}

export interface CausalMaskHostCalls extends HostCalls {
  /** Measures again; `length` in positions, the same as before when absent. */
  measure: Call<{ readonly length?: number }, undefined>;
  check: Call<undefined, undefined>;
  cancelChecks: Call<undefined, undefined>;
}
