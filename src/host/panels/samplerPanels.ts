// All Sampler panels of the window, one per model; what a person grew in one comes back after a reload.
import * as vscode from 'vscode';
import type { EngineService } from '../engine/engineService';
import { isModelFolder, modelName } from '../explorer/runFolders';
import { PANELS } from '../ids';
import { readDocument } from '../sampler/readDocument';
import { SamplerSession } from '../sampler/samplerSession';
import { newDocument } from '../sampler/samplerTree';
import type { SamplerDocument } from '../../protocol/sampler';
import { SamplerPanel } from './samplerPanel';
import { fillWebview } from './webviewPage';

export interface SamplerPanelsParts {
  readonly context: vscode.ExtensionContext;
  readonly engine: EngineService;
  readonly log: vscode.LogOutputChannel;
}

export class SamplerPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly open = new Map<vscode.WebviewPanel, SamplerPanel>();
  private readonly serializer: vscode.Disposable;

  constructor(private readonly parts: SamplerPanelsParts) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(PANELS.sampler, this);
  }

  /** The model's panel, with the tree that has grown in it; a new one where there is none. */
  show(folder: string): void {
    const known = [...this.open].find(([, shown]) => shown.session.document.folder === folder);
    if (known !== undefined) {
      known[0].reveal();
      void known[1].session.refresh();
      return;
    }
    const panel = vscode.window.createWebviewPanel(PANELS.sampler, title(folder), {
      viewColumn: vscode.ViewColumn.Active,
    });
    this.fill(panel, newDocument(folder, ''));
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const document = readDocument(kept);
    if (document === undefined || !(await isModelFolder(document.folder))) {
      panel.dispose(); // the model is gone, or nothing was kept: an empty panel would be worse than none
      return;
    }
    this.fill(panel, document);
  }

  dispose(): void {
    this.serializer.dispose();
    for (const panel of this.open.values()) panel.dispose();
    this.open.clear();
  }

  private fill(panel: vscode.WebviewPanel, document: SamplerDocument): void {
    const { context, engine, log } = this.parts;
    const media = vscode.Uri.joinPath(context.extensionUri, 'media');
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'sampler-light.svg'),
      dark: vscode.Uri.joinPath(media, 'sampler-dark.svg'),
    };
    fillWebview(panel.webview, context.extensionUri, 'sampler', panel.title);
    const shown = new SamplerPanel({ panel, engine, log }, new SamplerSession(engine.call, document));
    this.open.set(panel, shown);
    panel.onDidDispose(() => {
      shown.dispose();
      this.open.delete(panel);
    });
  }
}

const title = (folder: string): string => `Sampler ${modelName(folder)}`;
