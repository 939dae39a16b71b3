// What a person chose in the training view; kept with the view by VS Code. `run` lets the host find the run again.
import type { AxisScale } from '../../plots/ticks';
import type { Smoothing } from './smoothing';

export interface Settings {
  readonly run: string;
  readonly scale: AxisScale;
  readonly smoothing: Smoothing;
  /** '' = the unit people quote. */
  readonly unit: string;
  readonly compared: readonly string[];
}

export const DEFAULTS: Settings = { run: '', scale: 'log', smoothing: 0.9, unit: '', compared: [] };
