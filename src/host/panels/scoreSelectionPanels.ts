// All Score Selection panels of the window, one per text and model; they come back after a reload with what they showed.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ScoreSelectionKept } from '../../protocol/scoreSelection';
import { isModelFolder } from '../explorer/runFolders';
import { PANELS } from '../ids';
import { ScoreSelectionPanel, type ScoreSelectionServices } from './scoreSelectionPanel';
import { fillWebview } from './webviewPage';

export class ScoreSelectionPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly open = new Map<vscode.WebviewPanel, ScoreSelectionPanel>();
  private readonly serializer: vscode.Disposable;

  constructor(private readonly services: ScoreSelectionServices) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(PANELS.scoreSelection, this);
  }

  /** The panel of a text and a model, beside it; one that is open already looks at what is selected now. */
  show(document: vscode.TextDocument, model: string): void {
    const uri = document.uri.toString();
    const known = [...this.open].find(([, shown]) => shown.uri === uri && shown.model === model);
    if (known !== undefined) {
      known[0].reveal(undefined, true);
      known[1].again();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      PANELS.scoreSelection,
      `Score ${path.basename(document.uri.path)}`,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
    );
    this.fill(panel, document, model);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = keptState(state);
    // What cannot come back (a model deleted, a text that was never saved) leaves no empty panel behind.
    if (kept === undefined || !(await isModelFolder(kept.model))) {
      panel.dispose();
      return;
    }
    try {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(kept.document, true));
      this.fill(panel, document, kept.model, kept);
    } catch (error) {
      this.services.log.warn(`score selection view: ${String(error)}`);
      panel.dispose();
    }
  }

  dispose(): void {
    this.serializer.dispose();
    for (const panel of this.open.values()) panel.dispose();
    this.open.clear();
  }

  private fill(
    panel: vscode.WebviewPanel,
    document: vscode.TextDocument,
    model: string,
    kept?: ScoreSelectionKept,
  ): void {
    const { extensionUri } = this.services.context;
    const media = vscode.Uri.joinPath(extensionUri, 'media');
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'score-selection-light.svg'),
      dark: vscode.Uri.joinPath(media, 'score-selection-dark.svg'),
    };
    const { services } = this;
    const shown = new ScoreSelectionPanel({
      panel,
      services,
      document,
      model,
      ...(kept === undefined ? {} : { kept }),
    });
    this.open.set(panel, shown);
    panel.onDidDispose(() => {
      shown.dispose();
      this.open.delete(panel);
    });
    fillWebview(panel.webview, extensionUri, 'scoreSelection', panel.title);
  }
}

/** What the view kept is data from a page: trusted with nothing. */
function keptState(state: unknown): ScoreSelectionKept | undefined {
  if (typeof state !== 'object' || state === null) return undefined;
  const { document, model, pinned, start, end } = state as Record<string, unknown>;
  if (typeof document !== 'string' || typeof model !== 'string' || document === '' || model === '')
    return undefined;
  const place = (value: unknown): number => (Number.isSafeInteger(value) ? Math.max(0, Number(value)) : 0);
  return { document, model, pinned: pinned === true, start: place(start), end: place(end) };
}
