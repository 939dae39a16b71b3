// All Training panels of the window, one per run; they come back after a reload with the run they showed.
import * as vscode from 'vscode';
import type { JobService } from '../engine/jobs';
import type { TrainingJob } from '../engine/trainingJob';
import { modelName, specName } from '../explorer/runFolders';
import type { RunStore } from '../explorer/runStore';
import { PANELS } from '../ids';
import { TrainingPanel } from './trainingPanel';
import { fillWebview } from './webviewPage';

/** Panel title → run folder: what a restored panel is told by. */
const REMEMBERED = 'arLens.trainingPanels';
const MOST_REMEMBERED = 50;

export interface TrainingPanelsParts {
  readonly context: vscode.ExtensionContext;
  readonly jobs: JobService;
  readonly runs: RunStore;
  readonly log: vscode.LogOutputChannel;
}

export class TrainingPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly open = new Map<vscode.WebviewPanel, TrainingPanel>();
  private readonly jobPanels = new Map<TrainingJob, vscode.WebviewPanel>();
  private readonly serializer: vscode.Disposable;
  private readonly stopJobs: () => void;

  constructor(private readonly parts: TrainingPanelsParts) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(PANELS.training, this);
    this.stopJobs = parts.jobs.changes.on((job) => this.nameAfter(job));
  }

  showJob(job: TrainingJob): void {
    const known =
      this.jobPanels.get(job) ?? this.panelOf(job.folder ?? job.params.out) ?? this.panelOfFailure(job);
    if (known !== undefined) {
      this.jobPanels.set(job, known);
      this.open.get(known)?.follow(job);
      known.reveal();
      return;
    }
    const panel = this.create(`Training ${specName(job.params.spec)}`);
    this.jobPanels.set(job, panel);
    this.add(panel, job, undefined);
  }

  /** The panel of a run: of its job where one runs, else of its files. */
  showRun(folder: string): TrainingPanel {
    const known = this.panelOf(folder);
    const shown = known && this.open.get(known);
    if (known !== undefined && shown !== undefined) {
      known.reveal();
      return shown;
    }
    const panel = this.create(title(folder));
    void this.rememberTitle(title(folder), folder);
    const job = this.parts.jobs.byFolder(folder);
    if (job !== undefined) this.jobPanels.set(job, panel);
    return this.add(panel, job, folder);
  }

  shows(job: TrainingJob): boolean {
    return this.jobPanels.get(job)?.visible === true;
  }

  close(folder: string): void {
    this.panelOf(folder)?.dispose();
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    await this.parts.runs.ready();
    const folder = this.remembered()[panel.title];
    if (folder === undefined || this.parts.runs.byFolder(folder) === undefined) {
      panel.dispose(); // the run is gone: an empty panel would be worse than none
      return;
    }
    fillWebview(panel.webview, this.parts.context.extensionUri, 'training', panel.title);
    this.add(panel, this.parts.jobs.byFolder(folder), folder);
  }

  dispose(): void {
    this.stopJobs();
    this.serializer.dispose();
    for (const panel of this.open.values()) panel.dispose();
    this.open.clear();
  }

  private create(name: string): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel(
      PANELS.training,
      name,
      { viewColumn: vscode.ViewColumn.Active },
      { enableFindWidget: false },
    );
    const media = vscode.Uri.joinPath(this.parts.context.extensionUri, 'media');
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'training-light.svg'),
      dark: vscode.Uri.joinPath(media, 'training-dark.svg'),
    };
    fillWebview(panel.webview, this.parts.context.extensionUri, 'training', name);
    return panel;
  }

  private add(
    panel: vscode.WebviewPanel,
    job: TrainingJob | undefined,
    folder: string | undefined,
  ): TrainingPanel {
    const { runs, log } = this.parts;
    const shown = new TrainingPanel({ panel, runs, log }, job, folder);
    this.open.set(panel, shown);
    panel.onDidDispose(() => {
      shown.dispose();
      this.open.delete(panel);
      for (const [each, its] of this.jobPanels) if (its === panel) this.jobPanels.delete(each);
    });
    return shown;
  }

  private panelOf(folder: string | undefined): vscode.WebviewPanel | undefined {
    if (folder === undefined) return undefined;
    return [...this.open].find(([, shown]) => shown.run === folder)?.[0];
  }

  /** A job that failed before it had a run leaves a panel with nothing but its sentence: the next try takes its place. */
  private panelOfFailure({ params: { spec } }: TrainingJob): vscode.WebviewPanel | undefined {
    const left = (job: TrainingJob): boolean =>
      job.failed !== undefined && job.folder === undefined && job.params.spec === spec;
    const found = [...this.jobPanels].find(([job]) => left(job));
    if (found !== undefined) this.jobPanels.delete(found[0]);
    return found?.[1];
  }

  /** A job knows its folder only once it has started: then its panel can be told apart, and found again after a reload. */
  private nameAfter(job: TrainingJob): void {
    const panel = this.jobPanels.get(job);
    if (panel === undefined || job.folder === undefined) return;
    panel.title = title(job.folder);
    void this.rememberTitle(panel.title, job.folder);
  }

  private remembered(): Readonly<Record<string, string>> {
    return this.parts.context.workspaceState.get<Record<string, string>>(REMEMBERED, {});
  }

  private async rememberTitle(name: string, folder: string): Promise<void> {
    const kept = Object.entries(this.remembered()).filter(([other]) => other !== name);
    const entries: Array<readonly [string, string]> = [...kept, [name, folder]];
    const next = Object.fromEntries(entries.slice(-MOST_REMEMBERED));
    await this.parts.context.workspaceState.update(REMEMBERED, next);
  }
}

const title = (folder: string): string => `Training ${modelName(folder)}`;
