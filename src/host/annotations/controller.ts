// All annotated documents of the window: opens and closes their sessions, passes edits on, keeps their editors painted.
// Off until asked for: nothing here starts a session by itself.
import * as vscode from 'vscode';
import type { EngineService } from '../engine/engineService';
import { Emitter } from '../events';
import { CONTEXT_KEYS, SETTINGS } from '../ids';
import { annotationSettings, changed } from '../settings';
import { DecorationTypes } from './decorationTypes';
import { Painter } from './painter';
import { AnnotationSession } from './session';
import { themeKind } from './themeKind';

/** Milliseconds between repaints while chunks stream in. */
const REPAINT_EVERY = 50;

export class AnnotationController implements vscode.Disposable {
  /** Something a view, a lens or the status bar says may have changed. */
  readonly changes = new Emitter<void>();
  private readonly open = new Map<string, AnnotationSession>();
  private readonly painter = new Painter();
  private types = new DecorationTypes(themeKind());
  private timer: NodeJS.Timeout | undefined;
  private readonly owned: vscode.Disposable[];
  private readonly stopEngine: () => void;

  constructor(
    private readonly engine: EngineService,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const { window, workspace } = vscode;
    this.owned = [
      workspace.onDidChangeTextDocument((event) => this.edited(event)),
      workspace.onDidCloseTextDocument((document) => this.clear(document.uri)),
      window.tabGroups.onDidChangeTabs(({ closed }) => closed.forEach((tab) => this.tabClosed(tab))),
      window.onDidChangeVisibleTextEditors(() => this.repaintSoon()),
      window.onDidChangeTextEditorVisibleRanges(() => this.repaintSoon()),
      window.onDidChangeActiveTextEditor(() => this.contextKey()),
      window.onDidChangeActiveColorTheme(() => this.themeChanged()),
      workspace.onDidChangeConfiguration((event) => this.settingsChanged(event)),
    ];
    this.stopEngine = engine.onChange(({ state }) => {
      if (state !== 'ready') return;
      for (const session of this.open.values()) if (session.halted) void session.score();
    });
  }

  get sessions(): readonly AnnotationSession[] {
    return [...this.open.values()];
  }

  session(document: vscode.TextDocument): AnnotationSession | undefined {
    return this.open.get(document.uri.toString());
  }

  /** Annotates a document with a model, or again with another one. */
  async annotate(document: vscode.TextDocument, model: string): Promise<AnnotationSession> {
    const key = document.uri.toString();
    const existing = this.open.get(key);
    if (existing?.model === model) {
      await existing.score();
      return existing;
    }
    if (existing !== undefined) this.clear(document.uri);
    const session = new AnnotationSession({
      document,
      model,
      engine: this.engine,
      visible: () => visibleRange(document),
    });
    this.open.set(key, session);
    session.changes.on((what) => {
      if (what === 'scores') this.repaintSoon();
      this.changes.fire();
    });
    this.contextKey();
    this.changes.fire();
    await session.score();
    return session;
  }

  clear(uri: vscode.Uri): void {
    const key = uri.toString();
    const session = this.open.get(key);
    if (session === undefined) return;
    this.open.delete(key);
    session.dispose();
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.toString() === key) this.painter.clear(editor, this.types);
    }
    this.contextKey();
    this.changes.fire();
  }

  clearAll(): void {
    for (const session of this.sessions) this.clear(session.document.uri);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.stopEngine();
    this.clearAll();
    this.changes.dispose();
    this.types.dispose();
    for (const each of this.owned) each.dispose();
  }

  private edited({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return; // only its dirty flag changed
    const session = this.session(document);
    if (session === undefined) return;
    for (const editor of this.editorsOf(session)) this.painter.forget(editor);
    session.edited(contentChanges);
  }

  private repaintSoon(): void {
    if (this.open.size === 0) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.repaint();
    }, REPAINT_EVERY);
  }

  private repaint(): void {
    const settings = annotationSettings();
    for (const session of this.open.values()) {
      for (const editor of this.editorsOf(session)) {
        this.painter
          .paint(editor, session, this.types, settings)
          .catch((error: unknown) => this.log.error(`annotations: ${String(error)}`));
      }
    }
  }

  private editorsOf(session: AnnotationSession): readonly vscode.TextEditor[] {
    return vscode.window.visibleTextEditors.filter((editor) => editor.document === session.document);
  }

  private tabClosed(tab: vscode.Tab): void {
    if (!(tab.input instanceof vscode.TabInputText)) return;
    const { uri } = tab.input;
    const still = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .some(
        (other) =>
          other.input instanceof vscode.TabInputText && other.input.uri.toString() === uri.toString(),
      );
    if (!still) this.clear(uri);
  }

  private themeChanged(): void {
    const kind = themeKind();
    if (kind !== this.types.kind) {
      for (const session of this.open.values()) {
        for (const editor of this.editorsOf(session)) this.painter.clear(editor, this.types);
      }
      this.types.dispose();
      this.types = new DecorationTypes(kind);
    }
    this.repaintSoon();
  }

  private settingsChanged(event: vscode.ConfigurationChangeEvent): void {
    if (
      changed(
        event,
        SETTINGS.metric,
        SETTINGS.threshold,
        SETTINGS.lineEnds,
        SETTINGS.overviewRuler,
        SETTINGS.codeLens,
      )
    ) {
      this.repaintSoon();
      this.changes.fire();
    }
  }

  private contextKey(): void {
    const document = vscode.window.activeTextEditor?.document;
    const annotated = document !== undefined && this.session(document) !== undefined;
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.annotated, annotated);
  }
}

function visibleRange(document: vscode.TextDocument): { start: number; end: number } | undefined {
  const editor =
    vscode.window.visibleTextEditors.find((each) => each.document === document) ??
    vscode.window.activeTextEditor;
  const range = editor?.document === document ? editor.visibleRanges[0] : undefined;
  if (range === undefined) return undefined;
  return { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
}
