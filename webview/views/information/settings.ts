// What a person chose in the Information view: kept across hiding and reloading, with what a restored panel is told by.
import type { InformationKept } from '../../../src/protocol/informationView';

export const ZOOMS = ['file', '512', '64'] as const;
/** The whole file, or so many tokens around the selected one. */
export type Zoom = (typeof ZOOMS)[number];
/** What a gain is counted from: the model with its start token alone, or the file's own unigram. */
export type Marginal = 'unigram' | 'model';

export interface Settings extends InformationKept {
  readonly zoom: Zoom;
  readonly unit: 'bits/token' | 'bits/byte';
  readonly distances: 'log' | 'linear';
  /** What stands before a shortened context: the start token, or nothing. */
  readonly front: 'start' | 'nothing';
  readonly marginal: Marginal;
}

export const DEFAULTS: Settings = {
  document: '',
  model: '',
  token: 0,
  zoom: 'file',
  unit: 'bits/token',
  distances: 'log',
  front: 'start',
  marginal: 'unigram',
};
