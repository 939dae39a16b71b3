// All Information panels of the window, one per text and model; they come back after a reload with what they showed.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { InformationKept } from '../../protocol/informationView';
import { isModelFolder } from '../explorer/runFolders';
import { PANELS } from '../ids';
import { InformationPanel, type InformationServices } from './informationPanel';
import { fillWebview } from './webviewPage';

export class InformationPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly open = new Map<vscode.WebviewPanel, InformationPanel>();
  private readonly serializer: vscode.Disposable;

  constructor(private readonly services: InformationServices) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(PANELS.information, this);
  }

  /** The panel of a text and a model; one that is open already is shown, and analyses again if its text has changed. */
  show(document: vscode.TextDocument, model: string): void {
    const known = [...this.open].find(
      ([, shown]) => shown.uri === document.uri.toString() && shown.model === model,
    );
    if (known !== undefined) {
      known[0].reveal();
      void known[1].analyseIfNeeded();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      PANELS.information,
      `Information ${path.basename(document.uri.path)}`,
      { viewColumn: vscode.ViewColumn.Beside },
      { enableFindWidget: false },
    );
    this.fill(panel, { document: document.uri.toString(), model, token: 0 }, document);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = keptState(state);
    // What cannot come back (a model deleted, a text that was never saved) leaves no empty panel behind.
    if (kept === undefined || !(await isModelFolder(kept.model))) {
      panel.dispose();
      return;
    }
    await this.services.runs.ready();
    try {
      this.fill(panel, kept, await vscode.workspace.openTextDocument(vscode.Uri.parse(kept.document, true)));
    } catch (error) {
      this.services.log.warn(`information view: ${String(error)}`);
      panel.dispose();
    }
  }

  dispose(): void {
    this.serializer.dispose();
    for (const shown of this.open.values()) shown.dispose();
    this.open.clear();
  }

  private fill(panel: vscode.WebviewPanel, kept: InformationKept, document: vscode.TextDocument): void {
    const { extensionUri } = this.services.context;
    const media = vscode.Uri.joinPath(extensionUri, 'media');
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'information-light.svg'),
      dark: vscode.Uri.joinPath(media, 'information-dark.svg'),
    };
    const { model, token } = kept;
    const shown = new InformationPanel({ panel, services: this.services, document, model, token });
    this.open.set(panel, shown);
    panel.onDidDispose(() => {
      shown.dispose();
      this.open.delete(panel);
    });
    fillWebview(panel.webview, extensionUri, 'information', panel.title);
  }
}

/** What the view kept is data from a page: trusted with nothing. */
function keptState(state: unknown): InformationKept | undefined {
  if (typeof state !== 'object' || state === null) return undefined;
  const { document, model, token } = state as Record<string, unknown>;
  if (typeof document !== 'string' || typeof model !== 'string' || document === '' || model === '')
    return undefined;
  const usable = typeof token === 'number' && Number.isInteger(token) && token >= 0;
  return { document, model, token: usable ? token : 0 };
}
