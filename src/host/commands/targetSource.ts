// What a new spec is to learn from, or a model is to score: the images or the text that a command was given or that is
// open, else a question.
import * as vscode from 'vscode';
import { Refusal } from '../report';
import { uriArgument } from './arguments';
import { targetImages } from './targetImages';
import { findTexts, NOT_OURS, openText, targetText } from './targetText';

const MOST_FILES = 200;
const MOST_PICTURES = 2_000;
const ARRAYS = '**/{*.idx,*.idx.gz,*-ubyte,*-ubyte.gz,*.npy,*.npz}';
const PICTURES = '**/*.{png,PNG,jpg,JPG,jpeg,JPEG}';

export type Source = { readonly images: vscode.Uri } | { readonly text: vscode.TextDocument };

/** Undefined when the person chose nothing. */
export async function targetSource(argument: unknown, title: string): Promise<Source | undefined> {
  const images = await targetImages(argument);
  if (images !== undefined) return { images };
  if (uriArgument(argument) === undefined && openText() === undefined) return pickSource(title);
  const text = await targetText(argument);
  return text === undefined ? undefined : { text };
}

async function pickSource(title: string): Promise<Source | undefined> {
  const [texts, arrays, pictures] = await Promise.all([
    findTexts(),
    vscode.workspace.findFiles(ARRAYS, NOT_OURS, MOST_FILES),
    vscode.workspace.findFiles(PICTURES, NOT_OURS, MOST_PICTURES),
  ]);
  const folders = new Map(pictures.flatMap(foldersOf).map((uri) => [uri.toString(), uri]));
  const items = [
    ...texts.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri, images: false })),
    ...[...arrays, ...folders.values()].map((uri) => ({
      label: vscode.workspace.asRelativePath(uri),
      description: 'images',
      uri,
      images: true,
    })),
  ];
  if (items.length === 0) {
    throw new Refusal('No file is open, and this folder has no text and no images.', [
      { label: 'Open File…', command: 'workbench.action.files.openFile' },
    ]);
  }
  const picked = await vscode.window.showQuickPick(items, { title });
  if (picked === undefined) return undefined;
  if (picked.images) return { images: picked.uri };
  const text = await targetText(picked.uri);
  return text === undefined ? undefined : { text };
}

/** The folders of a workspace that a picture lies in: folders of classes lie in one that holds them all. */
function foldersOf(picture: vscode.Uri): vscode.Uri[] {
  const root = vscode.workspace.getWorkspaceFolder(picture)?.uri;
  const names = root === undefined ? [] : picture.path.slice(root.path.length).split('/').slice(1, -1);
  if (root === undefined || names.length === 0) return [vscode.Uri.joinPath(picture, '..')];
  return names.map((_, at) => vscode.Uri.joinPath(root, ...names.slice(0, at + 1)));
}
