// All Attention panels of the window, one per document; after a reload they find their text by what the view kept.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { AttentionLook } from '../../protocol/attentionView';
import type { AnnotationController } from '../annotations/controller';
import type { EngineService } from '../engine/engineService';
import { isModelFolder } from '../explorer/runFolders';
import { PANELS } from '../ids';
import type { Selection } from '../selection';
import { AttentionPanel } from './attentionPanel';
import { fillWebview } from './webviewPage';

const FIRST_LOOK: AttentionLook = { kind: 'heads', layer: 0, head: 0 };

export interface AttentionPanelsParts {
  readonly context: vscode.ExtensionContext;
  readonly engine: EngineService;
  readonly annotations: AnnotationController;
  readonly selection: Selection;
  readonly log: vscode.LogOutputChannel;
}

export class AttentionPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly open = new Map<vscode.WebviewPanel, AttentionPanel>();
  private readonly serializer: vscode.Disposable;

  constructor(private readonly parts: AttentionPanelsParts) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(PANELS.attention, this);
  }

  show(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    const known = [...this.open].find(([, shown]) => shown.document === uri);
    if (known !== undefined) {
      const [panel, shown] = known;
      panel.reveal(undefined, true);
      shown.again();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      PANELS.attention,
      `Attention ${path.basename(document.uri.path)}`,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
    );
    this.add(panel, uri, FIRST_LOOK);
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = typeof state === 'object' && state !== null ? (state as Record<string, unknown>) : {};
    const document = kept['document'];
    if (typeof document !== 'string' || document === '') {
      panel.dispose(); // it never had a text: an empty panel would be worse than none
      return Promise.resolve();
    }
    this.add(panel, document, lookOf(kept));
    void this.annotateAgain(document, kept['folder']);
    return Promise.resolve();
  }

  dispose(): void {
    this.serializer.dispose();
    for (const panel of this.open.values()) panel.dispose();
    this.open.clear();
  }

  /** A panel shows a text that is annotated: after a reload nothing is, so what the panel had is asked for again. */
  private async annotateAgain(uri: string, folder: unknown): Promise<void> {
    const { annotations, log } = this.parts;
    const isOpen = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri);
    if (!isOpen || !vscode.workspace.isTrusted || typeof folder !== 'string') return;
    try {
      if (!(await isModelFolder(folder))) return;
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
      if (annotations.session(document) === undefined) await annotations.annotate(document, folder);
    } catch (error) {
      log.warn(`attention view: ${String(error)}`);
    }
  }

  private add(panel: vscode.WebviewPanel, document: string, look: AttentionLook): void {
    const { context, engine, annotations, selection, log } = this.parts;
    panel.iconPath = {
      light: vscode.Uri.joinPath(context.extensionUri, 'media', 'attention-light.svg'),
      dark: vscode.Uri.joinPath(context.extensionUri, 'media', 'attention-dark.svg'),
    };
    const shown = new AttentionPanel({ panel, engine, annotations, selection, log }, document, look);
    this.open.set(panel, shown);
    panel.onDidDispose(() => {
      shown.dispose();
      this.open.delete(panel);
    });
    fillWebview(panel.webview, context.extensionUri, 'attention', panel.title);
  }
}

/** What the view kept, where it makes sense. */
function lookOf(kept: Readonly<Record<string, unknown>>): AttentionLook {
  const { kind, layer, head } = kept;
  const known = (['heads', 'mean', 'rollout'] as const).find((each) => each === kind);
  const usable = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
  return known !== undefined && usable(layer) && usable(head) ? { kind: known, layer, head } : FIRST_LOOK;
}
