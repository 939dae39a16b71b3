// What the host and the Information view say to each other. Columns and text travel in parts, before the state that
// speaks of them, as in the Log-probs view. Tokens count from 0 and without BOS.
import type { Call } from './calls';
import type { AblationReport, InformationReport } from './information';
import type { LogProbsText, ScoredPart } from './logProbs';
import type { HostCalls, ViewState } from './views';

export interface InformationContent {
  /** The document's URI: what a restored panel is told by. */
  readonly document: string;
  readonly file: string;
  /** Absolute path of the model folder. */
  readonly run: string;
  readonly label: string;
  /** Of the columns that were sent before. */
  readonly scoring: number;
  readonly report: InformationReport;
  /** The text was edited after it was analysed. */
  readonly stale: boolean;
}

/** The selected token's context ablation. An earlier token's stays until the new one's is there. */
export type InformationAblation =
  | { readonly kind: 'none' }
  | { readonly kind: 'working'; readonly before: AblationReport | null }
  | { readonly kind: 'failed'; readonly sentence: string }
  | { readonly kind: 'result'; readonly report: AblationReport };

/** Host → view. */
export interface InformationViewCalls {
  text: Call<LogProbsText, undefined>;
  part: Call<ScoredPart, undefined>;
  state: Call<ViewState<InformationContent>, undefined>;
  /** The selected token of the state's scoring, and what is known of it. */
  token: Call<{ readonly token: number; readonly ablation: InformationAblation }, undefined>;
}

/** View → host. */
export interface InformationHostCalls extends HostCalls {
  /** Analyses the text as it is now. */
  refresh: Call<undefined, undefined>;
  /** This token is selected in the view; `reveal` also brings it on the editor's screen. */
  select: Call<{ readonly scoring: number; readonly token: number; readonly reveal: boolean }, undefined>;
}

/** What the view keeps, and a restored panel is told by. */
export interface InformationKept {
  readonly document: string;
  readonly model: string;
  readonly token: number;
}
