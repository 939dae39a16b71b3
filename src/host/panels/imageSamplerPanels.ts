// All Image sampler panels of the window, one per model; they come back after a reload with what was chosen.
import * as vscode from 'vscode';
import type { ImageSamplerChoice } from '../../protocol/imageSamplerView';
import type { EngineService } from '../engine/engineService';
import { isModelFolder, modelName } from '../explorer/runFolders';
import { PANELS } from '../ids';
import { newChoice, readChoice } from '../imageSampler/choice';
import { ImageSamplerSession } from '../imageSampler/imageSamplerSession';
import { isSpecPath } from '../images/imageSubject';
import { ImageSamplerPanel, type ImageSamplerPanelParts } from './imageSamplerPanel';
import { fillWebview } from './webviewPage';

export interface ImageSamplerPanelsParts {
  readonly context: vscode.ExtensionContext;
  readonly engine: EngineService;
  readonly log: vscode.LogOutputChannel;
  readonly showImages: ImageSamplerPanelParts['showImages'];
}

export class ImageSamplerPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly open = new Map<vscode.WebviewPanel, ImageSamplerPanel>();
  private readonly serializer: vscode.Disposable;

  constructor(private readonly parts: ImageSamplerPanelsParts) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(PANELS.imageSampler, this);
  }

  /** @param run a run's folder, or a spec whose family has nothing to learn */
  show(run: string): void {
    const known = [...this.open].find(([, shown]) => shown.session.choice.run === run);
    if (known !== undefined) {
      known[0].reveal();
      if (known[1].session.failure !== undefined) void known[1].session.open();
      return;
    }
    const panel = vscode.window.createWebviewPanel(PANELS.imageSampler, `Sampler ${modelName(run)}`, {
      viewColumn: vscode.ViewColumn.Active,
    });
    this.fill(panel, newChoice(run));
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const choice = readChoice(kept);
    // The model is gone, or nothing was kept: an empty panel would be worse than none.
    if (choice === undefined || !(isSpecPath(choice.run) || (await isModelFolder(choice.run))))
      panel.dispose();
    else this.fill(panel, choice, kept);
  }

  dispose(): void {
    this.serializer.dispose();
    for (const shown of this.open.values()) shown.dispose();
    this.open.clear();
  }

  private fill(panel: vscode.WebviewPanel, choice: ImageSamplerChoice, kept?: unknown): void {
    const { context, engine, log, showImages } = this.parts;
    const media = vscode.Uri.joinPath(context.extensionUri, 'media');
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'sampler-light.svg'),
      dark: vscode.Uri.joinPath(media, 'sampler-dark.svg'),
    };
    fillWebview(panel.webview, context.extensionUri, 'imageSampler', panel.title);
    const session = new ImageSamplerSession(engine.call, choice, kept);
    const shown = new ImageSamplerPanel({ panel, engine, log, showImages }, session);
    this.open.set(panel, shown);
    panel.onDidDispose(() => {
      shown.dispose();
      this.open.delete(panel);
    });
  }
}
