// What a person chose in the Information view: kept across hiding and reloading, with what a restored panel is told by.
import type { InformationKept } from '../../../src/protocol/informationView';

/** The whole file, or a window around the selected token. */
export type Zoom = 'file' | 'passage' | 'words';
/** Tokens of the window; undefined: all. */
export const ZOOM_TOKENS: Readonly<Record<Zoom, number | undefined>> = {
  file: undefined,
  passage: 512,
  words: 64,
};
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
