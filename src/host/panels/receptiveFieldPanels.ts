// All Receptive field panels of the window, one per spec or run and one for the builder alone; after a reload they find
// what they showed by what the view kept.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { InspectSubject } from '../../protocol/engine';
import type { FieldSubject, FieldWish } from '../../protocol/receptiveFieldView';
import type { EngineService } from '../engine/engineService';
import { modelName } from '../explorer/runFolders';
import { PANELS } from '../ids';
import { FieldSession, type FieldSource } from '../receptiveField/fieldSession';
import { keptField } from '../receptiveField/keptField';
import { ReceptiveFieldPanel } from './receptiveFieldPanel';
import { fillWebview } from './webviewPage';

export interface ReceptiveFieldPanelsParts {
  readonly context: vscode.ExtensionContext;
  readonly engine: EngineService;
  readonly log: vscode.LogOutputChannel;
}

export class ReceptiveFieldPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly open = new Map<vscode.WebviewPanel, ReceptiveFieldPanel>();
  private readonly owned: readonly vscode.Disposable[];

  constructor(private readonly parts: ReceptiveFieldPanelsParts) {
    this.owned = [
      vscode.window.registerWebviewPanelSerializer(PANELS.receptiveField, this),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length === 0) return;
        for (const { session } of this.open.values()) {
          const { subject } = session.source;
          if (subject.kind === 'spec' && subject.path === document.uri.fsPath) session.sourceChanged();
        }
      }),
    ];
  }

  show(subject: FieldSubject): void {
    const known = [...this.open].find(([, shown]) => sameSubject(shown.session.source.subject, subject));
    if (known !== undefined) {
      known[0].reveal();
      void known[1].session.lookIfNeeded();
      return;
    }
    const source = sourceOf(subject);
    const panel = vscode.window.createWebviewPanel(
      PANELS.receptiveField,
      source.name === '' ? 'Receptive Field' : `Field ${source.name}`,
      // Beside its spec, so that an edit shows at once.
      { viewColumn: subject.kind === 'spec' ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active },
    );
    const shown = this.fill(panel, source, { settings: {} });
    void shown.session.lookIfNeeded();
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { subject, wish } = keptField(state);
    this.fill(panel, sourceOf(subject), wish);
    return Promise.resolve();
  }

  dispose(): void {
    for (const each of this.owned) each.dispose();
    for (const panel of this.open.keys()) panel.dispose();
    this.open.clear();
  }

  private fill(panel: vscode.WebviewPanel, source: FieldSource, wish: FieldWish): ReceptiveFieldPanel {
    const { context, engine, log } = this.parts;
    const media = vscode.Uri.joinPath(context.extensionUri, 'media');
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'receptive-field-light.svg'),
      dark: vscode.Uri.joinPath(media, 'receptive-field-dark.svg'),
    };
    const shown = new ReceptiveFieldPanel(
      { panel, engine, log },
      new FieldSession(engine.call, source, wish),
    );
    this.open.set(panel, shown);
    panel.onDidDispose(() => {
      shown.dispose();
      this.open.delete(panel);
    });
    fillWebview(panel.webview, context.extensionUri, 'receptiveField', panel.title);
    return shown;
  }
}

/** A spec as it stands in its editor, a run as it lies on disk, or nothing. */
function sourceOf(subject: FieldSubject): FieldSource {
  if (subject.kind === 'none') return { subject, name: '', read: () => undefined };
  if (subject.kind === 'run')
    return { subject, name: modelName(subject.path), read: () => ({ model: subject.path }) };
  const read = (): InspectSubject => {
    const open = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === subject.path);
    return open === undefined ? { spec: subject.path } : { spec: subject.path, text: open.getText() };
  };
  return { subject, name: path.basename(subject.path), read };
}

function sameSubject(a: FieldSubject, b: FieldSubject): boolean {
  return a.kind === b.kind && (a.kind === 'none' || b.kind === 'none' || a.path === b.path);
}
