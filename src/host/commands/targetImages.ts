// Which images a command is about: those it was given, or those that the active tab shows. Asks nothing.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { holdsImages } from '../images/imageSubject';
import { uriArgument } from './arguments';

/** A file or a folder of images; undefined where it is about something else. */
export async function targetImages(argument: unknown): Promise<vscode.Uri | undefined> {
  const given =
    typeof argument === 'string' && path.isAbsolute(argument)
      ? vscode.Uri.file(argument)
      : uriArgument(argument);
  const uri = given ?? activeTab();
  if (uri === undefined) return undefined;
  if (holdsImages(uri.path)) return uri;
  return given !== undefined && (await isFolder(uri)) ? uri : undefined;
}

export async function isFolder(uri: vscode.Uri): Promise<boolean> {
  const info = await vscode.workspace.fs.stat(uri).then(undefined, () => undefined);
  return info !== undefined && (info.type & vscode.FileType.Directory) !== 0;
}

/** An image has no text editor: its tab tells which file it is. */
function activeTab(): vscode.Uri | undefined {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom ? input.uri : undefined;
}
