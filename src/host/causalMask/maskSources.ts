// A spec as it stands in its editor, or a run on disk, as what a mask session looks into.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RunStore } from '../explorer/runStore';
import { modelName } from '../explorer/runFolders';
import type { MaskSource } from './maskSession';

/** Unsaved text counts: what is measured is what a person sees. */
export function specSource(uri: vscode.Uri): MaskSource {
  const key = uri.toString();
  const version = (): string => {
    const open = vscode.workspace.textDocuments.find((each) => each.uri.toString() === key);
    return open === undefined ? lastText : open.getText();
  };
  // A document that VS Code closed stays what it was: its file is read again when somebody asks.
  let lastText = '';
  return {
    subject: { kind: 'spec', uri: key },
    name: path.basename(uri.path),
    version,
    async read() {
      const document = await vscode.workspace.openTextDocument(uri);
      lastText = document.getText();
      return { params: { spec: uri.fsPath, text: lastText }, version: lastText };
    },
  };
}

/** A run that trains on has other weights after each checkpoint. */
export function runSource(folder: string, runs: RunStore): MaskSource {
  const version = (): string => {
    const record = runs.byFolder(folder)?.record;
    return typeof record === 'object' ? `step ${record.step}` : '';
  };
  return {
    subject: { kind: 'run', folder },
    name: modelName(folder),
    version,
    async read() {
      await runs.ready();
      return { params: { model: folder }, version: version() };
    },
  };
}
