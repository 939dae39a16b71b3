// All Diagram panels of the window, one per spec or run; a reload brings them back by what the view kept.
import * as vscode from 'vscode';
import type { DiagramSubject } from '../../protocol/diagramView';
import type { EngineService } from '../engine/engineService';
import { PANELS } from '../ids';
import { DiagramPanel, diagramName } from './diagramPanel';
import { fillWebview } from './webviewPage';

export interface DiagramPanelsParts {
  readonly context: vscode.ExtensionContext;
  readonly engine: EngineService;
  readonly log: vscode.LogOutputChannel;
}

export class DiagramPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly open = new Map<vscode.WebviewPanel, DiagramPanel>();
  private readonly serializer: vscode.Disposable;

  constructor(private readonly parts: DiagramPanelsParts) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(PANELS.diagram, this);
  }

  show(subject: DiagramSubject): void {
    const known = [...this.open].find(
      ([, shown]) => shown.subject.kind === subject.kind && shown.subject.path === subject.path,
    );
    if (known !== undefined) {
      known[0].reveal();
      void known[1].ask();
      return;
    }
    const panel = vscode.window.createWebviewPanel(PANELS.diagram, `Diagram ${diagramName(subject)}`, {
      viewColumn: vscode.ViewColumn.Active,
    });
    this.fill(panel, subject);
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const subject = keptSubject(state);
    if (subject === undefined)
      panel.dispose(); // it never drew anything: an empty panel would be worse than none
    else this.fill(panel, subject);
    return Promise.resolve();
  }

  dispose(): void {
    this.serializer.dispose();
    for (const panel of this.open.values()) panel.dispose();
    this.open.clear();
  }

  private fill(panel: vscode.WebviewPanel, subject: DiagramSubject): void {
    const { context, engine, log } = this.parts;
    const media = vscode.Uri.joinPath(context.extensionUri, 'media');
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'diagram-light.svg'),
      dark: vscode.Uri.joinPath(media, 'diagram-dark.svg'),
    };
    const shown = new DiagramPanel({ panel, engine, log }, subject);
    this.open.set(panel, shown);
    panel.onDidDispose(() => {
      shown.dispose();
      this.open.delete(panel);
    });
    fillWebview(panel.webview, context.extensionUri, 'diagram', panel.title);
  }
}

/** What the view kept is data from a page: trusted with nothing. */
function keptSubject(state: unknown): DiagramSubject | undefined {
  if (typeof state !== 'object' || state === null) return undefined;
  const { kind, path } = state as Record<string, unknown>;
  if ((kind !== 'spec' && kind !== 'model') || typeof path !== 'string' || path === '') return undefined;
  return { kind, path };
}
