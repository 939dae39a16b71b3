// What a new spec is to learn from: the images or the text that a command was given or that is open, else a question.
import * as vscode from 'vscode';
import { Refusal } from '../report';
import { uriArgument } from './arguments';
import { targetImages } from './targetImages';
import { findTexts, openText, targetText } from './targetText';

const MOST_FILES = 200;
const ARRAYS = '**/{*.idx,*.idx.gz,*-ubyte,*-ubyte.gz,*.npy,*.npz}';
const PICTURES = '**/*.{png,PNG,jpg,JPG,jpeg,JPEG}';
const SKIPPED = '**/{node_modules,.arlens,.git}/**';

export type SpecSource = { readonly images: vscode.Uri } | { readonly text: vscode.TextDocument };

/** Undefined when the person chose nothing. */
export async function targetSource(argument: unknown): Promise<SpecSource | undefined> {
  const images = await targetImages(argument);
  if (images !== undefined) return { images };
  if (uriArgument(argument) === undefined && openText() === undefined) return pickSource();
  const text = await targetText(argument);
  return text === undefined ? undefined : { text };
}

async function pickSource(): Promise<SpecSource | undefined> {
  const [texts, arrays, pictures] = await Promise.all([
    findTexts(),
    vscode.workspace.findFiles(ARRAYS, SKIPPED, MOST_FILES),
    vscode.workspace.findFiles(PICTURES, SKIPPED, MOST_FILES),
  ]);
  const folders = new Map(
    pictures.map((uri) => vscode.Uri.joinPath(uri, '..')).map((uri) => [uri.toString(), uri]),
  );
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
  const picked = await vscode.window.showQuickPick(items, { title: 'Learn from which file?' });
  if (picked === undefined) return undefined;
  if (picked.images) return { images: picked.uri };
  const text = await targetText(picked.uri);
  return text === undefined ? undefined : { text };
}
