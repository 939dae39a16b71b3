// What a person chose in the attention view; kept with the view by VS Code, and given back to the host after a reload.

export interface Settings {
  readonly document: string;
  /** Of the model. */
  readonly folder: string;
  readonly kind: string;
  readonly layer: number;
  readonly head: number;
  /** 'tokens': cells large enough for labels, scrolled; 'whole': the whole window at once. */
  readonly zoom: 'tokens' | 'whole';
}

export const DEFAULTS: Settings = {
  document: '',
  folder: '',
  kind: 'heads',
  layer: 0,
  head: 0,
  zoom: 'tokens',
};
