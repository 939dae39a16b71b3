// The workspace's specs and runs, kept current by file watchers. Who shows them is told when they change.
import * as vscode from 'vscode';
import * as path from 'node:path';
import { RUNS_FOLDER, RUN_FILES, SPEC_SUFFIX } from '../../protocol/run';
import { Emitter } from '../events';
import { CONTEXT_KEYS } from '../ids';
import { newestFirst, readRunFolder, specName, type RunFolder } from './runFolders';

export interface SpecFile {
  readonly uri: vscode.Uri;
  readonly name: string;
}

/** Milliseconds: a checkpoint writes several files, one look is enough. */
const SETTLE = 300;
const MOST_FILES = 2_000;
const SKIPPED = '**/node_modules/**';

export class RunStore implements vscode.Disposable {
  readonly changes = new Emitter<void>();
  private found: { specs: readonly SpecFile[]; runs: readonly RunFolder[] } = { specs: [], runs: [] };
  private timer: NodeJS.Timeout | undefined;
  private first: Promise<void> | undefined;
  private readonly owned: vscode.Disposable[] = [];

  constructor(private readonly log: vscode.LogOutputChannel) {
    for (const pattern of [`**/*${SPEC_SUFFIX}`, `**/${RUNS_FOLDER}/**`]) {
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      const changed = (uri: vscode.Uri): void => {
        if (!uri.path.endsWith(`/${RUN_FILES.metrics}`)) this.later();
      };
      this.owned.push(
        watcher,
        watcher.onDidCreate(changed),
        watcher.onDidChange(changed),
        watcher.onDidDelete(changed),
      );
    }
    this.owned.push(vscode.workspace.onDidChangeWorkspaceFolders(() => this.later()));
  }

  get specs(): readonly SpecFile[] {
    return this.found.specs;
  }

  /** Newest first. */
  get runs(): readonly RunFolder[] {
    return this.found.runs;
  }

  /** Runs that can score and sample images. */
  get imageModels(): readonly RunFolder[] {
    return this.found.runs.filter((run) => run.hasImageModel);
  }

  /** Runs that can score and sample texts. */
  get models(): readonly RunFolder[] {
    return this.found.runs.filter((run) => run.hasModel);
  }

  /** Resolves once the workspace has been looked through. */
  ready(): Promise<void> {
    return (this.first ??= this.refresh());
  }

  async refresh(): Promise<void> {
    const [specs, records] = await Promise.all([
      vscode.workspace.findFiles(`**/*${SPEC_SUFFIX}`, `{${SKIPPED},**/.arlens/**}`, MOST_FILES),
      vscode.workspace.findFiles(`**/${RUNS_FOLDER}/*/*/${RUN_FILES.record}`, SKIPPED, MOST_FILES),
    ]);
    const runs = await Promise.all(records.map((record) => readRunFolder(record.fsPath)));
    this.found = {
      specs: specs
        .map((uri) => ({ uri, name: specName(uri.path) }))
        .sort((a, b) => a.uri.path.localeCompare(b.uri.path)),
      runs: runs.sort(newestFirst),
    };
    await vscode.commands.executeCommand('setContext', CONTEXT_KEYS.hasRuns, this.models.length > 0);
    await vscode.commands.executeCommand('setContext', CONTEXT_KEYS.scanned, true);
    this.changes.fire();
  }

  runsOf(spec: SpecFile): readonly RunFolder[] {
    const folder = path.join(path.dirname(spec.uri.fsPath), RUNS_FOLDER, spec.name);
    return this.runs.filter((run) => path.dirname(run.folder) === folder);
  }

  byFolder(folder: string): RunFolder | undefined {
    return this.runs.find((run) => run.folder === folder);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.changes.dispose();
    for (const each of this.owned) each.dispose();
  }

  /** Looks again soon: several reasons to look make one look. */
  later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.refresh().catch((error: unknown) => this.log.error(`runs: ${String(error)}`));
    }, SETTLE);
  }
}
