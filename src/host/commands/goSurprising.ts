// Next / Previous Surprising Token: moves the cursor to the underlined token after or before it, and shows its hover.
import * as vscode from 'vscode';
import type { Glyph } from '../annotations/glyphs';
import type { Metric } from '../annotations/metric';
import { findNext, findPrevious, surprisingFrom, type Search } from '../annotations/surprising';
import { visibleWhitespace } from '../annotations/visibleWhitespace';
import { COMMANDS } from '../ids';
import { Refusal } from '../report';
import type { Services } from '../services';
import { annotationSettings } from '../settings';
import { runSliced } from '../slices';
import type { Command } from './command';

/** What the bits of a token are, by what the colours show. */
const MEANING: Readonly<Record<Metric, string>> = {
  surprisal: 'surprisal',
  rank: 'log₂ rank',
  entropy: 'per-context entropy',
};

export const nextSurprising: Command = {
  id: COMMANDS.nextSurprising,
  run: (services) => go(services, findNext),
};

export const previousSurprising: Command = {
  id: COMMANDS.previousSurprising,
  run: (services) => go(services, findPrevious),
};

async function go(
  { annotations }: Services,
  find: (search: Search) => Generator<undefined, Glyph | undefined>,
): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const session = editor && annotations.session(editor.document);
  if (editor === undefined || session === undefined) {
    throw new Refusal('This text is not annotated, so no token of it is known to be surprising.', [
      { label: 'Annotate', command: COMMANDS.annotate },
    ]);
  }
  const index = session.layers.statistics;
  if (index === undefined) return;
  const { metric, threshold } = annotationSettings();
  const { document } = editor;
  const search = {
    index,
    metric,
    length: document.getText().length,
    cursor: document.offsetAt(editor.selection.active),
  };
  const from = surprisingFrom(threshold);
  const glyph =
    (await runSliced(find({ ...search, from }))) ?? (await runSliced(find({ ...search, from: threshold })));
  if (glyph === undefined) {
    vscode.window.setStatusBarMessage(`AR Lens: no token of ${threshold} bits or more in this text`, 4_000);
    return;
  }
  const range = new vscode.Range(document.positionAt(glyph.start), document.positionAt(glyph.end));
  editor.selection = new vscode.Selection(range.start, range.start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  const text = visibleWhitespace(document.getText(range));
  vscode.window.setStatusBarMessage(
    `AR Lens: ${MEANING[metric]} of ${text}: ${glyph.bits.toFixed(1)} bits`,
    6_000,
  );
  await vscode.commands.executeCommand('editor.action.showHover', { focus: 'noAutoFocus' });
}
