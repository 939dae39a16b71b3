// What a Score Selection panel tells its view: the four states, from what was asked and what came of it. Asks nothing.
import * as path from 'node:path';
import type * as vscode from 'vscode';
import type { ErrorRecord } from '../../protocol/errors';
import type { ScoreSelectionContent } from '../../protocol/scoreSelection';
import type { ViewState } from '../../protocol/views';
import { modelName } from '../explorer/runFolders';
import { COMMANDS } from '../ids';
import { editorOf, placeOf, type SelectedPart } from './selectedPart';
import type { SelectionScores } from './selectionScores';

/** What was asked, and of which version of the text. */
export interface Asked extends SelectedPart {
  readonly version: number;
}

export interface Answer {
  readonly asked: Asked;
  readonly scores: SelectionScores;
}

export interface PanelFacts {
  readonly document: vscode.TextDocument;
  readonly model: string;
  readonly answer: Answer | undefined;
  readonly problem: ErrorRecord | undefined;
  /** Of the scoring that is under way. */
  readonly share: number | undefined;
  readonly pinned: boolean;
  readonly selected: number;
}

const AGAIN = { label: 'Score Selection', command: COMMANDS.scoreSelection };

export function panelState(facts: PanelFacts): ViewState<ScoreSelectionContent> {
  const { document, model, answer, problem, share } = facts;
  if (problem !== undefined) return troubleState(problem);
  if (answer !== undefined) return answerState(facts, answer);
  if (share !== undefined)
    return { kind: 'working', doing: `Scoring with ${modelName(model)}`, share, cancel: true };
  const sentence =
    editorOf(document) === undefined
      ? `${path.basename(document.uri.path)} is in no editor: nothing is selected.`
      : 'Nothing is selected, and the cursor’s line is empty: select some text.';
  return { kind: 'empty', sentence, button: AGAIN };
}

function answerState(
  { document, model, share, pinned, selected }: PanelFacts,
  { asked, scores }: Answer,
): ViewState<ScoreSelectionContent> {
  const { summary, range, first, texts, scoring } = scores;
  if (summary === undefined || summary.scored === 0) {
    const sentence =
      'The text’s first token has nothing before it, and this model no start token: select more.';
    return { kind: 'empty', sentence, button: AGAIN };
  }
  const { what, start, end } = asked;
  const stale = document.version !== asked.version;
  return {
    kind: 'result',
    content: {
      document: document.uri.toString(),
      model,
      file: path.basename(document.uri.path),
      label: modelName(model),
      scoring,
      what,
      range: { start, end },
      from: placeOf(document, start),
      to: placeOf(document, end),
      widened: { before: Math.max(0, start - range.start), behind: Math.max(0, range.end - end) },
      first,
      summary,
      texts,
      pinned,
      stale,
      selected: stale ? -1 : selected,
      ...(share === undefined ? {} : { share }),
    },
  };
}

function troubleState({ reason, message }: ErrorRecord): ViewState<ScoreSelectionContent> {
  if (reason === 'cancelled') return { kind: 'empty', sentence: message, button: AGAIN };
  const gone = reason === 'engineGone' || reason === 'outOfMemory';
  const button = gone ? { label: 'Restart Engine', command: COMMANDS.restartEngine } : AGAIN;
  return { kind: 'failed', sentence: message, button };
}
