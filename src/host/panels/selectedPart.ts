// Which part of a text a selection means: the selection, or the cursor's line where nothing is selected.
import * as vscode from 'vscode';
import type { TextPlace } from '../../protocol/scoreSelection';

export interface SelectedPart {
  readonly what: 'selection' | 'line';
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
}

/** Undefined where the cursor's line is empty and nothing is selected. */
export function selectedPart(
  document: vscode.TextDocument,
  selection: vscode.Selection,
): SelectedPart | undefined {
  if (!selection.isEmpty) {
    return {
      what: 'selection',
      start: document.offsetAt(selection.start),
      end: document.offsetAt(selection.end),
    };
  }
  const { range } = document.lineAt(selection.active.line);
  if (range.isEmpty) return undefined;
  return { what: 'line', start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
}

export function placeOf(document: vscode.TextDocument, offset: number): TextPlace {
  const { line, character } = document.positionAt(offset);
  return { line: line + 1, column: character + 1 };
}

/** The editor that shows the document: the active one before others. */
export function editorOf(document: vscode.TextDocument): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  if (activeTextEditor?.document === document) return activeTextEditor;
  return visibleTextEditors.find((each) => each.document === document);
}
