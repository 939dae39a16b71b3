// Asks what is scored where nothing is on screen: a text, a file of images, or a folder of pictures of the workspace.
import * as vscode from 'vscode';
import { imageChoices } from '../images/imageChoices';
import { holdsImages } from '../images/imageSubject';
import { Refusal } from '../report';
import { NOT_OURS, textFiles } from './targetText';

const IMAGES = '**/*{.png,.PNG,.jpg,.JPG,.jpeg,.JPEG,.idx,.npy,.npz,-ubyte,-ubyte.gz,.idx.gz}';
const MOST_IMAGES = 2_000;

interface Scored {
  readonly kind: 'text' | 'images';
  readonly uri: vscode.Uri;
}

/** Undefined when the person chose nothing. */
export async function pickScored(): Promise<Scored | undefined> {
  const [texts, images] = await Promise.all([
    textFiles(),
    vscode.workspace.findFiles(IMAGES, NOT_OURS, MOST_IMAGES),
  ]);
  const items = [...texts.map((uri) => itemOf('text', uri, 'file')), ...imageItems(images)];
  if (items.length === 0) {
    throw new Refusal('No text is open, and this folder has no file of texts or images.', [
      { label: 'Open File…', command: 'workbench.action.files.openFile' },
    ]);
  }
  return (await vscode.window.showQuickPick(items, { title: 'Which text or images?' }))?.scored;
}

function imageItems(found: readonly vscode.Uri[]): Array<ReturnType<typeof itemOf>> {
  return (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri: root }) => {
    const paths = found
      .filter((uri) => holdsImages(uri.path) && uri.path.startsWith(`${root.path}/`))
      .map((uri) => uri.path.slice(root.path.length + 1));
    return imageChoices(paths).map(({ path, pictures }) => {
      const item = itemOf(
        'images',
        vscode.Uri.joinPath(root, path),
        pictures === 0 ? 'file-media' : 'folder',
      );
      return pictures === 0 ? item : { ...item, description: `folder of ${pictures} pictures` };
    });
  });
}

const itemOf = (kind: Scored['kind'], uri: vscode.Uri, icon: string) => ({
  label: vscode.workspace.asRelativePath(uri),
  iconPath: new vscode.ThemeIcon(icon),
  scored: { kind, uri } satisfies Scored,
});
