// The token that is selected in each document: the one place that views and the editor set and follow, so that all of
// them show the same token. Knows no vscode, no scores and no picture; who lights or reveals a token listens.
import { Emitter } from './events';

/** Who chose: the cursor in the editor, a click or key in a view, or a command that goes from token to token. */
export type SelectionSource = 'editor' | 'view' | 'navigation';

export interface TokenSelection {
  /** The document's URI as a string. */
  readonly document: string;
  /** The document's version that `token` counts in: in a later version another token may have this place. */
  readonly version: number;
  /** Place in the text's token sequence, BOS not counted. */
  readonly token: number;
  readonly source: SelectionSource;
}

/** Tokens that a view points at for a moment (a hovered row); none when it points at nothing any more. */
export interface LitTokens {
  readonly document: string;
  readonly version: number;
  readonly tokens: readonly number[];
}

export class Selection {
  readonly changes = new Emitter<TokenSelection>();
  readonly lights = new Emitter<LitTokens>();
  /** Somebody asked to bring the token on screen: selecting alone never scrolls. */
  readonly reveals = new Emitter<TokenSelection>();
  /** A document's selection went: its annotations were cleared, or it was closed. */
  readonly forgotten = new Emitter<string>();
  private readonly byDocument = new Map<string, TokenSelection>();
  private last: TokenSelection | undefined;

  /** The selection that was made last, in whichever document. */
  get current(): TokenSelection | undefined {
    return this.last;
  }

  of(document: string): TokenSelection | undefined {
    return this.byDocument.get(document);
  }

  /** Fires only when something is new, so that a view that follows and sets does not go in circles. */
  select(selection: TokenSelection): void {
    const { document, version, token } = selection;
    const { last } = this;
    if (last?.document === document && last.version === version && last.token === token) return;
    this.byDocument.set(document, selection);
    this.last = selection;
    this.changes.fire(selection);
  }

  light(lit: LitTokens): void {
    this.lights.fire(lit);
  }

  reveal(selection: TokenSelection): void {
    this.select(selection);
    this.reveals.fire(selection);
  }

  forget(document: string): void {
    if (!this.byDocument.delete(document)) return;
    if (this.last?.document === document) this.last = undefined;
    this.forgotten.fire(document);
  }

  dispose(): void {
    for (const emitter of [this.changes, this.lights, this.reveals, this.forgotten]) emitter.dispose();
  }
}
