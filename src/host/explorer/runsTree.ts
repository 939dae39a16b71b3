// The Runs view: specs, their runs, and what is worth knowing of each run, as tree items.
// Draws what the store and the jobs say; decides nothing.
import * as vscode from 'vscode';
import type { RunRecord } from '../../protocol/run';
import type { JobService } from '../engine/jobs';
import { COMMANDS, ITEMS, VIEWS } from '../ids';
import { DROPPED, droppedFolder } from './droppedFolder';
import type { RunFolder } from './runFolders';
import type { RunStore, SpecFile } from './runStore';
import { lossCount, lossText, parametersText, progressText, restStatus, runDescription } from './runText';
import { grouped } from '../annotations/numbers';

export type RunNode =
  | {
      readonly kind: 'spec';
      readonly name: string;
      readonly uri?: vscode.Uri;
      readonly runs: readonly RunFolder[];
    }
  | { readonly kind: 'run'; readonly run: RunFolder }
  | { readonly kind: 'detail'; readonly label: string; readonly description: string; readonly icon: string };

/** Milliseconds between looks at a running job: a tree need not follow every step. */
const REDRAW_EVERY = 1_000;

export class RunsTree
  implements vscode.TreeDataProvider<RunNode>, vscode.TreeDragAndDropController<RunNode>, vscode.Disposable
{
  readonly dropMimeTypes = [DROPPED];
  readonly dragMimeTypes = [];
  private readonly changed = new vscode.EventEmitter<RunNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<RunNode>;
  private readonly stop: Array<() => void> = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: RunStore,
    private readonly jobs: JobService,
  ) {
    this.view = vscode.window.createTreeView(VIEWS.runs, {
      treeDataProvider: this,
      dragAndDropController: this,
      showCollapseAll: true,
    });
    const redraw = (): void => this.changed.fire(undefined);
    this.stop.push(
      store.changes.on(redraw),
      jobs.changes.on(() => {
        redraw();
        store.later(); // its folder is new, or its record is
      }),
      jobs.progress.on(() => {
        this.timer ??= setTimeout(() => {
          this.timer = undefined;
          redraw();
        }, REDRAW_EVERY);
      }),
    );
  }

  async getChildren(node?: RunNode): Promise<RunNode[]> {
    if (node === undefined) {
      await this.store.ready();
      return this.roots();
    }
    if (node.kind === 'spec') return node.runs.map((run) => ({ kind: 'run', run }));
    return node.kind === 'run' ? this.details(node.run) : [];
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    switch (node.kind) {
      case 'spec':
        return specItem(node);
      case 'run':
        return this.runItem(node.run);
      case 'detail': {
        const item = new vscode.TreeItem(node.label);
        item.description = node.description;
        item.iconPath = new vscode.ThemeIcon(node.icon);
        return item;
      }
      default:
        return node satisfies never;
    }
  }

  /** A folder from the explorer or the desktop: a model to use. */
  async handleDrop(_: RunNode | undefined, dropped: vscode.DataTransfer): Promise<void> {
    const folder = await droppedFolder(dropped);
    if (folder === undefined) return;
    await vscode.commands.executeCommand(COMMANDS.useModelFolder, vscode.Uri.parse(folder, true));
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const stop of this.stop) stop();
    this.view.dispose();
    this.changed.dispose();
  }

  private roots(): RunNode[] {
    const roots: RunNode[] = this.store.specs.map((spec: SpecFile) => ({
      kind: 'spec',
      name: spec.name,
      uri: spec.uri,
      runs: this.store.runsOf(spec),
    }));
    const listed = new Set(roots.flatMap((root) => (root.kind === 'spec' ? root.runs : [])));
    const left = this.store.runs.filter((run) => !listed.has(run));
    for (const name of new Set(left.map((run) => run.specName))) {
      roots.push({ kind: 'spec', name, runs: left.filter((run) => run.specName === name) });
    }
    return roots;
  }

  /** The record as the job knows it, which is ahead of the file between checkpoints. */
  private record(run: RunFolder): RunRecord | string {
    const job = this.jobs.byFolder(run.folder);
    return job?.live === true ? (job.series.record ?? run.record) : run.record;
  }

  private runItem(run: RunFolder): vscode.TreeItem {
    const record = this.record(run);
    const item = new vscode.TreeItem(run.label, vscode.TreeItemCollapsibleState.Collapsed);
    item.id = run.folder;
    item.resourceUri = vscode.Uri.file(run.folder);
    if (typeof record === 'string') {
      item.description = 'cannot be read';
      item.tooltip = record;
      item.iconPath = new vscode.ThemeIcon('warning');
      item.contextValue = ITEMS.run;
      item.collapsibleState = vscode.TreeItemCollapsibleState.None;
      return item;
    }
    const job = this.jobs.byFolder(run.folder);
    // A job of this window knows how it ended even where its process could not write that down.
    const state = job?.live === true || job?.failed !== undefined ? job.status : restStatus(record.status);
    item.description = runDescription({ ...record, status: state });
    item.tooltip = tooltip(run, record, job?.detail ?? '');
    item.iconPath = icon(state, job?.live === true);
    item.contextValue =
      job?.live === true ? (state === 'paused' ? ITEMS.paused : ITEMS.running) : stillContext(run, record);
    item.accessibilityInformation = { label: `run ${run.label} of ${run.specName}, ${item.description}` };
    item.command = {
      command: COMMANDS.showTraining,
      title: 'Show Training',
      arguments: [{ kind: 'run', run }],
    };
    return item;
  }

  private details(run: RunFolder): RunNode[] {
    const record = this.record(run);
    if (typeof record === 'string') return [];
    const perElement = record.data.bytesPerElement;
    const rows: Array<[string, string, string]> = [];
    if (record.best !== undefined) {
      const { step, validation } = record.best;
      rows.push([
        'star',
        `best at step ${grouped(step)}`,
        `${lossText(validation, perElement)} ${lossCount(validation)}`,
      ]);
    }
    if (record.validation !== undefined) {
      rows.push([
        'pulse',
        'last',
        `${lossText(record.validation, perElement)} ${lossCount(record.validation)}`,
      ]);
    }
    rows.push(
      ['save', run.resumable ? 'checkpoint' : 'no checkpoint', progressText(record)],
      ['symbol-structure', record.title, parametersText(record.parameters)],
      ['file', 'data', `${grouped(record.data.bytes)} bytes in ${record.data.files} files`],
      ['circuit-board', 'device', `${record.device}, seed ${record.seed}`],
    );
    return rows.map(([rowIcon, label, description]) => ({
      kind: 'detail',
      icon: rowIcon,
      label,
      description,
    }));
  }
}

function specItem(node: Extract<RunNode, { kind: 'spec' }>): vscode.TreeItem {
  const item = new vscode.TreeItem(
    node.name,
    node.runs.length > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None,
  );
  item.iconPath = new vscode.ThemeIcon('beaker');
  item.contextValue = node.uri === undefined ? 'orphans' : ITEMS.spec;
  item.description =
    node.runs.length === 0
      ? 'not trained yet'
      : `${node.runs.length} ${node.runs.length === 1 ? 'run' : 'runs'}`;
  if (node.uri === undefined) {
    item.tooltip = 'The spec of these runs is gone; each run keeps its own copy.';
    return item;
  }
  item.id = node.uri.toString();
  item.tooltip = vscode.workspace.asRelativePath(node.uri);
  item.command = { command: 'vscode.open', title: 'Open', arguments: [node.uri] };
  return item;
}

/** `run`, with what it can do behind it: menus match on the words. */
function stillContext(run: RunFolder, record: RunRecord): string {
  const words: string[] = [ITEMS.run];
  if (run.hasModel) words.push('model');
  if (run.hasImageModel) words.push('images');
  if (run.resumable && record.step < record.steps) words.push('resumable');
  return words.join(' ');
}

function icon(status: RunRecord['status'], live: boolean): vscode.ThemeIcon {
  if (live) return new vscode.ThemeIcon(status === 'paused' ? 'debug-pause' : 'loading~spin');
  if (status === 'failed') return new vscode.ThemeIcon('error', new vscode.ThemeColor('errorForeground'));
  return new vscode.ThemeIcon(status === 'done' ? 'pass' : 'circle-slash');
}

function tooltip(run: RunFolder, record: RunRecord, detail: string): string {
  const lines = [record.title, run.folder, `made ${record.created}`, record.data.split];
  if (record.failure !== undefined) lines.push(record.failure);
  if (detail !== '') lines.push(detail);
  return lines.filter((line) => line !== '').join('\n');
}
