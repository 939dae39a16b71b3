// What the host and the Diagram view say to each other. Types only.
import type { Call } from './calls';
import type { DiagramReport } from './diagram';
import type { HostCalls, ViewState } from './views';

/** Whose diagram: a spec's or a model folder's, by absolute path. What the view keeps, and a restored panel is told by. */
export interface DiagramSubject {
  readonly kind: 'spec' | 'model';
  readonly path: string;
}

export interface DiagramContent {
  readonly subject: DiagramSubject;
  /** As a person calls it. */
  readonly name: string;
  readonly report: DiagramReport;
  /** Why `report` is not of the spec as it stands; '' where it is. */
  readonly problem: string;
}

/** Host → view. */
export interface DiagramViewCalls {
  state: Call<ViewState<DiagramContent>, undefined>;
}

/** View → host. */
export type DiagramHostCalls = HostCalls;
