// Squiggles in spec files: the engine's own check, so that the editor and training never disagree.
import * as vscode from 'vscode';
import type { SpecProblem } from '../../protocol/engine';
import { toErrorRecord } from '../../protocol/errors';
import { SPEC_SUFFIX } from '../../protocol/run';
import type { EngineService } from '../engine/engineService';

/** Milliseconds of quiet before a typed change is checked. */
const DEBOUNCE = 400;

/** Broken JSON is said by the editor's own JSON support already; all else is said only here (see dist/spec.completion.json). */
const isOurs = ({ message }: SpecProblem): boolean => !message.startsWith('expected JSON');

export class SpecDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('arLens');
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly owned: vscode.Disposable[];

  constructor(
    private readonly engine: EngineService,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const { workspace } = vscode;
    this.owned = [
      this.collection,
      workspace.onDidOpenTextDocument((document) => this.later(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.later(document)),
      workspace.onDidCloseTextDocument((document) => this.collection.delete(document.uri)),
      workspace.onDidGrantWorkspaceTrust(() => this.all()),
    ];
    this.all();
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const each of this.owned) each.dispose();
  }

  private all(): void {
    for (const document of vscode.workspace.textDocuments) this.later(document);
  }

  private later(document: vscode.TextDocument): void {
    if (!document.uri.path.endsWith(SPEC_SUFFIX) || document.uri.scheme === 'git') return;
    if (!vscode.workspace.isTrusted) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        void this.check(document);
      }, DEBOUNCE),
    );
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    // An engine that ended has its own notification; checking a spec must not start it again and again.
    if (document.isClosed || this.engine.status.state === 'gone') return;
    const { version } = document;
    try {
      const problems = await this.engine.call('checkSpec', {
        path: document.uri.fsPath,
        text: document.getText(),
      });
      if (document.isClosed || document.version !== version) return;
      this.collection.set(
        document.uri,
        problems.filter(isOurs).map(({ offset, length, message }) => {
          const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
          const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
          diagnostic.source = 'AR Lens';
          return diagnostic;
        }),
      );
    } catch (error) {
      this.log.warn(`spec check: ${toErrorRecord(error).message}`);
    }
  }
}
