// Which text a command is about: what it was given, else the active editor, else another editor on screen, else a question.
import * as vscode from 'vscode';
import { ArLensError } from '../../protocol/errors';
import { Refusal } from '../report';
import { isSpec, uriArgument } from './arguments';

const MOST_FILES = 200;
/** What lies in a workspace without being a person's. */
export const NOT_OURS = '**/{node_modules,.arlens,.git}/**';
const TEXTS = '**/*.{txt,md,markdown,rst,tex,csv}';

/** Shows the text in an editor where none shows it yet. Undefined when the person chose nothing. */
export async function targetText(argument: unknown): Promise<vscode.TextDocument | undefined> {
  const given = uriArgument(argument);
  if (given !== undefined) return show(given);
  return openText() ?? pickText();
}

/** The active editor's text, else one that another editor shows. */
export function openText(): vscode.TextDocument | undefined {
  return activeText() ?? vscode.window.visibleTextEditors.find((editor) => isText(editor.document))?.document;
}

/** The active editor's text, specs left out; undefined where there is none. */
export function activeText(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document !== undefined && isText(document) ? document : undefined;
}

export function findTexts(): Thenable<vscode.Uri[]> {
  return vscode.workspace.findFiles(TEXTS, NOT_OURS, MOST_FILES);
}

async function pickText(): Promise<vscode.TextDocument | undefined> {
  const files = await findTexts();
  if (files.length === 0) {
    throw new Refusal('No text is open, and this folder has no text file.', [
      { label: 'Open File…', command: 'workbench.action.files.openFile' },
    ]);
  }
  const items = files.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  const picked = await vscode.window.showQuickPick(items, { title: 'Which text?' });
  return picked === undefined ? undefined : show(picked.uri);
}

async function show(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri).then(undefined, (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArLensError(
      'badInput',
      `${vscode.workspace.asRelativePath(uri)}: expected a text, got a file that the editor cannot open as one${why(reason)}`,
    );
  });
  await vscode.window.showTextDocument(document, { preview: false, preserveFocus: false });
  return document;
}

/** The editor's own words, without the address in front of them. */
function why(reason: string): string {
  const detail = /Detail: (.+)$/s.exec(reason)?.[1];
  return detail === undefined ? '.' : ` (${detail.trim().replace(/\.$/, '')}).`;
}

const isText = (document: vscode.TextDocument): boolean =>
  ['file', 'untitled', 'vscode-remote'].includes(document.uri.scheme) && !isSpec(document.uri);
