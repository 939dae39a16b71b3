// All Images panels of the window: an editor for files that hold images, which VS Code restores itself, and a panel for
// folders of pictures, which comes back by what its view kept.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { EDITORS, PANELS } from '../ids';
import { imageModel, rememberImageModel } from '../images/imageModel';
import { ImagesPanel, type ImagesServices } from './imagesPanel';
import { fillWebview } from './webviewPage';

interface ImagesFile extends vscode.CustomDocument {
  readonly uri: vscode.Uri;
}

export class ImagesPanels
  implements vscode.Disposable, vscode.WebviewPanelSerializer, vscode.CustomReadonlyEditorProvider<ImagesFile>
{
  private readonly open = new Map<vscode.WebviewPanel, ImagesPanel>();
  private readonly owned: vscode.Disposable[];

  constructor(private readonly services: ImagesServices) {
    this.owned = [
      vscode.window.registerWebviewPanelSerializer(PANELS.imageFolder, this),
      vscode.window.registerCustomEditorProvider(EDITORS.images, this, {
        supportsMultipleEditorsPerDocument: true,
      }),
    ];
  }

  /** @param run scores them from the start; '': what was chosen before */
  async show(source: vscode.Uri, run = ''): Promise<void> {
    if (run !== '') await rememberImageModel(this.services, run);
    const known = [...this.open].find(([, shown]) => shown.source.toString() === source.toString());
    if (known !== undefined) {
      known[0].reveal();
      await known[1].again(run);
      return;
    }
    const info = await vscode.workspace.fs.stat(source);
    if ((info.type & vscode.FileType.Directory) === 0) {
      await vscode.commands.executeCommand('vscode.openWith', source, EDITORS.images);
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      PANELS.imageFolder,
      `Images ${path.basename(source.path)}`,
      vscode.ViewColumn.Active,
    );
    await this.fill(panel, source);
  }

  openCustomDocument(uri: vscode.Uri): ImagesFile {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: ImagesFile, panel: vscode.WebviewPanel): Promise<void> {
    return this.fill(panel, uri);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const source = keptSource(state);
    if (source === undefined) panel.dispose();
    else await this.fill(panel, source);
  }

  dispose(): void {
    for (const each of this.owned) each.dispose();
    for (const shown of this.open.values()) shown.dispose();
    this.open.clear();
  }

  private async fill(panel: vscode.WebviewPanel, source: vscode.Uri): Promise<void> {
    const { extensionUri } = this.services.context;
    const media = vscode.Uri.joinPath(extensionUri, 'media');
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'log-probs-light.svg'),
      dark: vscode.Uri.joinPath(media, 'log-probs-dark.svg'),
    };
    const shown = new ImagesPanel(panel, this.services, source, await imageModel(this.services));
    this.open.set(panel, shown);
    panel.onDidDispose(() => {
      shown.dispose();
      this.open.delete(panel);
    });
    fillWebview(panel.webview, extensionUri, 'images', panel.title);
  }
}

/** What the view kept is data from a page: trusted with nothing. */
function keptSource(state: unknown): vscode.Uri | undefined {
  const source: unknown =
    typeof state === 'object' && state !== null ? Reflect.get(state, 'source') : undefined;
  if (typeof source !== 'string' || source === '') return undefined;
  try {
    return vscode.Uri.parse(source, true);
  } catch {
    return undefined;
  }
}
