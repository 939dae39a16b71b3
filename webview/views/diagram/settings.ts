// What the Diagram view keeps with VS Code: whose diagram it is, and how it is drawn.

export interface Settings {
  readonly kind: 'spec' | 'model' | '';
  readonly path: string;
  /** Blocks that are alike drawn once, or each. 'auto': once where there are many. */
  readonly blocks: 'auto' | 'once' | 'each';
}

export const DEFAULTS: Settings = { kind: '', path: '', blocks: 'auto' };
