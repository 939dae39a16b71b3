// The editor's part of the linked selection: the cursor selects its token, and a token chosen elsewhere is outlined.
// Scrolls only when a reveal is asked for; never moves the cursor.
import * as vscode from 'vscode';
import type { Selection, TokenSelection } from '../selection';
import type { AnnotationController } from './controller';
import type { AnnotationSession } from './session';
import { tokenEnd, tokenStart } from './tokenChunk';
import { outline } from './tokenOutline';

export class EditorSelection implements vscode.Disposable {
  private readonly selected = outline('textLink.foreground');
  private readonly lit = outline('foreground');
  private readonly owned: vscode.Disposable[];
  private readonly stops: ReadonlyArray<() => void>;
  /** Sessions that have been seen: one that is gone takes its selection with it. */
  private known = new Set<string>();

  constructor(
    private readonly selection: Selection,
    private readonly annotations: AnnotationController,
  ) {
    const { window } = vscode;
    this.owned = [
      this.selected,
      this.lit,
      window.onDidChangeTextEditorSelection(({ textEditor }) => this.followCursor(textEditor)),
      window.onDidChangeActiveTextEditor((editor) => editor && this.followCursor(editor)),
      window.onDidChangeVisibleTextEditors(() => this.draw()),
    ];
    this.stops = [
      selection.changes.on(() => this.draw()),
      selection.forgotten.on(() => this.draw()),
      selection.lights.on(({ document, version, tokens }) => this.light(document, version, tokens)),
      selection.reveals.on((what) => this.reveal(what)),
      annotations.changes.on(() => this.sessionsChanged()),
    ];
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    for (const each of this.owned) each.dispose();
  }

  private followCursor(editor: vscode.TextEditor): void {
    const session = this.annotations.session(editor.document);
    // Until the scores are of this version, a token's place in the sequence is not known.
    if (session === undefined || session.stale) return;
    const token = tokenAtOffset(session, editor.document.offsetAt(editor.selection.active));
    if (token === undefined) return;
    const document = editor.document.uri.toString();
    this.selection.select({ document, version: editor.document.version, token, source: 'editor' });
  }

  /** New scores give the cursor a token again; a session that ended takes the selection with it. */
  private sessionsChanged(): void {
    const open = new Set(this.annotations.sessions.map(({ document }) => document.uri.toString()));
    for (const document of this.known) if (!open.has(document)) this.selection.forget(document);
    this.known = open;
    // With the focus in a panel, as after a reload, the texts on screen have cursors all the same.
    const { activeTextEditor, visibleTextEditors } = vscode.window;
    for (const editor of activeTextEditor === undefined ? visibleTextEditors : [activeTextEditor]) {
      const chosen = this.selection.of(editor.document.uri.toString());
      if (chosen?.version !== editor.document.version) this.followCursor(editor);
    }
  }

  private draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const session = this.annotations.session(editor.document);
      const chosen = this.selection.of(editor.document.uri.toString());
      const shown = chosen !== undefined && chosen.source !== 'editor' && session !== undefined;
      const range = shown ? rangeOfToken(session, chosen.token, chosen.version) : undefined;
      editor.setDecorations(this.selected, range === undefined ? [] : [range]);
    }
  }

  private light(document: string, version: number, tokens: readonly number[]): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.toString() !== document) continue;
      const session = this.annotations.session(editor.document);
      const ranges = tokens.flatMap((token) => (session && rangeOfToken(session, token, version)) ?? []);
      editor.setDecorations(this.lit, ranges);
    }
  }

  private reveal({ document, token, version }: TokenSelection): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.toString() !== document) continue;
      const session = this.annotations.session(editor.document);
      const range = session && rangeOfToken(session, token, version);
      if (range) editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }
}

/** The token at a UTF-16 offset; at the very end of the text its last one. Undefined where nothing is scored. */
export function tokenAtOffset(session: AnnotationSession, offset: number): number | undefined {
  const found = (at: number): number | undefined => {
    let token: number | undefined;
    session.layers.statistics?.visit(at, at + 1, (chunk, row) => {
      token = chunk.scores.from + row;
      return false;
    });
    return token;
  };
  return found(offset) ?? (offset > 0 ? found(offset - 1) : undefined);
}

/** Where a token of the document's current version stands; undefined for another version's. */
export function rangeOfToken(
  session: AnnotationSession,
  token: number,
  version: number,
): vscode.Range | undefined {
  const { document } = session;
  const found = document.version === version ? session.layers.statistics?.find(token) : undefined;
  if (found === undefined) return undefined;
  const { chunk, row } = found;
  return new vscode.Range(
    document.positionAt(tokenStart(chunk, row)),
    document.positionAt(tokenEnd(chunk, row)),
  );
}
