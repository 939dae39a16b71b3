// The line above an annotated text: its figures, the model, the device, and the way to the next surprising token.
import * as vscode from 'vscode';
import { modelName } from '../explorer/runFolders';
import { COMMANDS, VIEWS } from '../ids';
import { annotationSettings } from '../settings';
import type { AnnotationController } from './controller';
import { lensTexts, type Lens } from './summaryText';

const TOP = new vscode.Range(0, 0, 0, 0);

/** What a click on a lens does; an empty command makes it plain text. */
const CLICKS: Readonly<Record<Lens, string>> = {
  likelihood: `${VIEWS.likelihood}.focus`,
  perplexity: `${VIEWS.likelihood}.focus`,
  unknown: `${VIEWS.likelihood}.focus`,
  model: COMMANDS.chooseModel,
  device: COMMANDS.showDevices,
  logProbs: COMMANDS.showLogProbs,
  next: COMMANDS.nextSurprising,
};

export class LikelihoodLens implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly stop: () => void;
  private shown = '';

  constructor(private readonly controller: AnnotationController) {
    this.stop = controller.changes.on(() => this.refresh());
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    return this.lenses(document).map(
      ([title, tooltip, command]) => new vscode.CodeLens(TOP, { title, tooltip, command }),
    );
  }

  dispose(): void {
    this.stop();
    this.changed.dispose();
  }

  /** The editor redraws all lenses when told to: it is told only when the words differ. */
  private refresh(): void {
    const now = JSON.stringify(this.controller.sessions.map((session) => this.lenses(session.document)));
    if (now === this.shown) return;
    this.shown = now;
    this.changed.fire();
  }

  private lenses(
    document: vscode.TextDocument,
  ): Array<readonly [title: string, tooltip: string, command: string]> {
    const session = this.controller.session(document);
    if (session === undefined || !annotationSettings().codeLens) return [];
    const { summary, state } = session;
    const model = modelName(session.model);
    if (state.kind === 'failed' && summary === undefined) {
      const restart = session.halted ? COMMANDS.restartEngine : COMMANDS.showLog;
      const verb = session.halted ? 'Restart engine' : 'Show log';
      return [
        [`AR Lens: ${state.error.message}`, state.error.action ?? '', ''],
        [verb, verb, restart],
      ];
    }
    if (summary === undefined) {
      const doing = state.kind === 'waiting' ? state.why : `scoring with ${model}`;
      return [[`AR Lens: ${doing}`, doing, '']];
    }
    // What was scored before a failure stays: nothing in the editor changes because an engine ended.
    return lensTexts({ summary, model, stale: session.stale }).map(({ lens, title, tooltip }) => [
      title,
      tooltip,
      CLICKS[lens],
    ]);
  }
}
