// Puts a session's scores into an editor: the lines on screen first, then a margin around them, in short slices.
// Sends the editor only what differs from what it already shows.
import * as vscode from 'vscode';
import { runSliced } from '../slices';
import type { DecorationTypes } from './decorationTypes';
import { lineEndText } from './lineBits';
import { DecorationPlan, type PlannedLine } from './plan';
import type { AnnotationSession } from './session';
import type { AnnotationSettings } from '../settings';
import { surprisingFrom } from './surprising';

/** Lines above and below the screen that are drawn too, so that scrolling shows no edge. */
const MARGIN = 60;

interface Painted {
  serial: number;
  /** What was last sent, by decoration; emptied when an edit may have moved it. */
  sent: Map<vscode.TextEditorDecorationType, string>;
}

export class Painter {
  private readonly painted = new WeakMap<vscode.TextEditor, Painted>();

  /** Draws what the session knows; a later call for the same editor overtakes an earlier one. */
  async paint(
    editor: vscode.TextEditor,
    session: AnnotationSession,
    types: DecorationTypes,
    settings: AnnotationSettings,
  ): Promise<void> {
    const state = this.stateOf(editor);
    const serial = ++state.serial;
    const { version } = editor.document;
    const overtaken = {
      get aborted() {
        return state.serial !== serial || editor.document.version !== version;
      },
    };
    const plan = await runSliced(planLines(editor, session, settings), overtaken);
    if (plan === undefined || overtaken.aborted) return;
    types.bins.forEach((type, i) => {
      const triples = plan.bins[i + 1] ?? [];
      send(state, editor, type, triples.join(), () => ranges(triples));
    });
    send(state, editor, types.lineEnd, JSON.stringify(plan.lineEnds), () =>
      plan.lineEnds.map(({ line, column, bits }) => ({
        range: new vscode.Range(line, column, line, column),
        renderOptions: { after: { contentText: lineEndText(bits) } },
      })),
    );
    const marks = settings.overviewRuler ? rulerMarks(session, settings) : [];
    send(state, editor, types.ruler, marks.map((mark) => mark.start.line).join(), () => marks);
  }

  /** The text changed: the editor moved its decorations itself, so nothing that was sent is known to stand. */
  forget(editor: vscode.TextEditor): void {
    this.stateOf(editor).sent.clear();
  }

  clear(editor: vscode.TextEditor, types: DecorationTypes): void {
    const state = this.stateOf(editor);
    state.serial++;
    state.sent.clear();
    for (const type of [...types.bins, types.lineEnd, types.ruler]) editor.setDecorations(type, []);
  }

  private stateOf(editor: vscode.TextEditor): Painted {
    let state = this.painted.get(editor);
    if (state === undefined) this.painted.set(editor, (state = { serial: 0, sent: new Map() }));
    return state;
  }
}

function* planLines(
  editor: vscode.TextEditor,
  session: AnnotationSession,
  settings: AnnotationSettings,
): Generator<undefined, DecorationPlan> {
  const plan = new DecorationPlan(settings);
  for (const line of linesToDraw(editor)) {
    if (plan.full) break;
    const planned = plannedLine(editor.document, line);
    const index = session.layers.for(planned.offset, planned.offset + planned.length);
    if (index !== undefined) plan.addLine(index, planned);
    yield undefined;
  }
  return plan;
}

/** On screen first: when there is too much to draw, the margin goes without. */
function linesToDraw(editor: vscode.TextEditor): Set<number> {
  const lines = new Set<number>();
  const last = editor.document.lineCount - 1;
  for (const margin of [0, MARGIN]) {
    for (const { start, end } of editor.visibleRanges) {
      const to = Math.min(last, end.line + margin);
      for (let line = Math.max(0, start.line - margin); line <= to; line++) lines.add(line);
    }
  }
  return lines;
}

function plannedLine(document: vscode.TextDocument, line: number): PlannedLine {
  const { range, rangeIncludingLineBreak } = document.lineAt(line);
  const offset = document.offsetAt(range.start);
  const next = document.offsetAt(rangeIncludingLineBreak.end);
  return { line, offset, length: range.end.character, next };
}

function rulerMarks(session: AnnotationSession, settings: AnnotationSettings): vscode.Range[] {
  const index = session.layers.statistics;
  const marks: vscode.Range[] = [];
  for (const { token, bits } of session.statistics.worst) {
    if (bits < surprisingFrom(settings.threshold)) break;
    const found = index?.find(token);
    if (found === undefined) continue;
    const { chunk, row } = found;
    const offset = (chunk.scores.start[row] ?? 0) + chunk.shift;
    const at = session.document.positionAt(offset);
    marks.push(new vscode.Range(at, at));
  }
  return marks;
}

function ranges(triples: readonly number[]): vscode.Range[] {
  const result: vscode.Range[] = [];
  for (let i = 0; i + 2 < triples.length; i += 3) {
    const [line, from, to] = [triples[i] ?? 0, triples[i + 1] ?? 0, triples[i + 2] ?? 0];
    result.push(new vscode.Range(line, from, line, to));
  }
  return result;
}

function send(
  state: Painted,
  editor: vscode.TextEditor,
  type: vscode.TextEditorDecorationType,
  fingerprint: string,
  make: () => readonly vscode.Range[] | vscode.DecorationOptions[],
): void {
  if (state.sent.get(type) === fingerprint) return;
  state.sent.set(type, fingerprint);
  editor.setDecorations(type, make());
}
