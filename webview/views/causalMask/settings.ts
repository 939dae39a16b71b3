// What a person chose in the causal mask view; kept with the view by VS Code, and given back to the host after a reload.

export interface Settings {
  /** What is looked into: a spec's URI or a run's folder. */
  readonly spec: string;
  readonly run: string;
  /** Positions that were measured. */
  readonly length: number;
  /** Whose declared mask is shown in full: a layer, from 1; 0: all layers together. */
  readonly layer: number;
  /** Beside it: where declared and measured differ, or what was measured by itself. */
  readonly beside: 'difference' | 'measured';
  /** What is in sight: see viewport.ts. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  /** The chosen cell; -1: none. */
  readonly output: number;
  readonly input: number;
}

export const DEFAULTS: Settings = {
  spec: '',
  run: '',
  length: 0,
  layer: 0,
  beside: 'difference',
  x: 0,
  y: 0,
  zoom: 1,
  output: -1,
  input: -1,
};
