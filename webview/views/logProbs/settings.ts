// What a person chose in the Log-probs view: kept across hiding and reloading, with what a restored panel is told by.
import type { LogProbsKept } from '../../../src/protocol/logProbs';
import type { Zoom } from './stripPainter';

export type Colours = 'first' | 'second' | 'difference';
export const WINDOWS = ['64', '256', '1024', '4096'] as const;
export type WindowBytes = (typeof WINDOWS)[number];

export interface Settings extends LogProbsKept {
  readonly zoom: Zoom;
  readonly colours: Colours;
  /** Bytes of the window of the rolling curve and of the passages. */
  readonly window: WindowBytes;
  /** The focus, as a byte of the text: it means the same in both models and in their difference. */
  readonly focus: number;
}

export const DEFAULTS: Settings = {
  document: '',
  model: '',
  compared: '',
  zoom: 'file',
  colours: 'first',
  window: '256',
  focus: 0,
};
