// One Training panel: sends the whole state when its view says it is ready, then what is new, ten times a second at most.
import * as vscode from 'vscode';
import { createChannel, type Channel } from '../../protocol/channel';
import type { Client } from '../../protocol/calls';
import { ArLensError, toErrorRecord } from '../../protocol/errors';
import { SPEC_SUFFIX, type RunRecord } from '../../protocol/run';
import type {
  ComparedRun,
  TrainingContent,
  TrainingHostCalls,
  TrainingViewCalls,
  ViewState,
} from '../../protocol/views';
import type { TrainingJob } from '../engine/trainingJob';
import { START, TrainingSeries, type SeriesMark } from '../engine/trainingSeries';
import { isImageRun, specName } from '../explorer/runFolders';
import { readRunMetrics } from '../explorer/runMetrics';
import type { RunStore } from '../explorer/runStore';
import { restStatus } from '../explorer/runText';
import { COMMANDS } from '../ids';
import { SamplePictures } from './samplePictures';
import { trainingContent, trainingRows } from './trainingSource';
import { commonRequests } from './viewRequests';
import { webviewPort } from './webviewPort';

const SEND_EVERY = 100;

export interface TrainingPanelParts {
  readonly panel: vscode.WebviewPanel;
  readonly runs: RunStore;
  readonly log: vscode.LogOutputChannel;
}

export class TrainingPanel {
  private readonly channel: Channel;
  private readonly view: Client<TrainingViewCalls>;
  private series = new TrainingSeries();
  private mark: SeriesMark = START;
  private ready = false;
  private sending = false;
  private readonly pictures = new SamplePictures();
  private failure: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private unfollow: () => void = () => undefined;
  private others: readonly ComparedRun[] = [];
  private disposed = false;

  constructor(
    private readonly parts: TrainingPanelParts,
    private job: TrainingJob | undefined,
    private folder: string | undefined,
  ) {
    this.channel = createChannel(webviewPort(parts.panel.webview), {
      onInternalError: (method, error) => parts.log.error(`training view: ${method}: ${String(error)}`),
    });
    this.view = this.channel.client<TrainingViewCalls>();
    this.channel.serve<TrainingHostCalls>({
      ...commonRequests(
        () => this.viewReady(),
        () => void this.ask('stop').catch((error: unknown) => this.trouble(error)),
      ),
      pause: () => this.ask('pause'),
      resume: () => this.resume(),
      stop: () => this.ask('stop'),
      compare: async ({ runs }) => {
        await this.compare(runs);
        return undefined;
      },
    });
    if (job !== undefined) this.follow(job);
    else void this.load();
  }

  get run(): string | undefined {
    return this.job?.folder ?? this.folder;
  }

  get compared(): readonly string[] {
    return this.others.map((other) => other.run);
  }

  /** A run that goes on from its checkpoint is followed in the panel that already shows it. */
  follow(job: TrainingJob): void {
    this.unfollow();
    this.job = job;
    this.series = job.series;
    this.failure = undefined;
    let status = job.status;
    this.unfollow = job.changes.on((event) => {
      // Only what the rows cannot say needs the whole state: the start, the end, a pause.
      if (
        event === undefined ||
        event.type === 'started' ||
        event.type === 'status' ||
        job.status !== status
      ) {
        status = job.status;
        this.sendState();
      } else this.later();
    });
    this.sendState();
  }

  async compare(runs: readonly string[]): Promise<void> {
    const record = this.record();
    const alike = this.parts.runs.runs.filter((run) => !record || lossesAlike(run.record, record));
    const known = new Set(alike.map((run) => run.folder));
    this.others = await Promise.all(runs.filter((run) => known.has(run)).map((run) => this.other(run)));
    this.sendState();
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    this.unfollow();
    this.channel.dispose();
  }

  private viewReady(): void {
    this.ready = true;
    this.pictures.reset();
    this.sendState();
  }

  private async ask(what: 'pause' | 'resume' | 'stop'): Promise<undefined> {
    if (this.job?.live !== true) throw new ArLensError('notFound', 'This run is not training now.');
    await this.job[what]();
    return undefined;
  }

  /** A paused job goes on; a run whose process is over goes on from its checkpoint in a new one. */
  private async resume(): Promise<undefined> {
    if (this.job?.live === true) return this.ask('resume');
    await vscode.commands.executeCommand(COMMANDS.resumeTraining, this.run);
    return undefined;
  }

  private async load(): Promise<void> {
    try {
      this.series = TrainingSeries.fromTable(await readRunMetrics(this.folder ?? ''));
    } catch (error) {
      this.failure = toErrorRecord(error).message;
    }
    if (!this.disposed) this.sendState();
  }

  private async other(run: string): Promise<ComparedRun> {
    const series = TrainingSeries.fromTable(await readRunMetrics(run));
    const { step, loss, evaluations } = series.rowsSince(START);
    const found = this.parts.runs.byFolder(run);
    return {
      run,
      label: found === undefined ? run : `${found.specName} ${found.label}`,
      step,
      loss,
      evaluations,
    };
  }

  private state(): ViewState<TrainingContent> {
    const record = this.record();
    if (record !== undefined) {
      return {
        kind: 'result',
        content: trainingContent(this.series, {
          record,
          specName: `${this.job === undefined ? record.name : specName(this.job.params.spec)}${SPEC_SUFFIX}`,
          compared: this.others,
          comparable: this.parts.runs.runs
            .filter((run) => run.folder !== this.run && lossesAlike(run.record, record))
            .map((run) => ({ run: run.folder, label: `${run.specName} ${run.label}` })),
          live: this.job?.live === true,
        }),
      };
    }
    const sentence = this.failure ?? this.job?.failed;
    if (sentence !== undefined) {
      const again = { label: 'Train Again', command: COMMANDS.train };
      const button =
        this.job === undefined
          ? { label: 'Show Log', command: COMMANDS.showLog }
          : { ...again, argument: this.job.params.spec };
      return { kind: 'failed', sentence, button };
    }
    if (this.job === undefined) return { kind: 'working', doing: 'Reading the run’s curve', cancel: false };
    const doing =
      this.job.detail === '' ? 'Preparing: reading the data and building the model' : this.job.detail;
    return { kind: 'working', doing, cancel: true };
  }

  /** The record with the job's own status: a process that was killed could not write its end. */
  private record(): RunRecord | undefined {
    const { record } = this.series;
    const { job } = this;
    if (record === undefined) return undefined;
    if (job === undefined) return { ...record, status: restStatus(record.status) };
    return job.failed === undefined
      ? { ...record, status: job.status }
      : { ...record, status: 'failed', failure: job.failed };
  }

  private sendState(): void {
    if (!this.ready || this.disposed) return;
    this.mark = this.series.mark;
    this.view('state', this.state())
      .then(() => this.sendPictures())
      .catch((error: unknown) => this.trouble(error));
  }

  /** Of a run of images: what it has drawn so far. */
  private async sendPictures(): Promise<void> {
    const { run } = this;
    const record = this.record();
    if (run === undefined || record === undefined || !isImageRun(record)) return;
    for await (const picture of this.pictures.unsent(run, this.series.rowsSince(START).samples)) {
      if (!this.ready || this.disposed) return;
      await this.view('picture', picture);
    }
  }

  private later(): void {
    if (!this.ready || this.disposed) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.append();
    }, SEND_EVERY);
  }

  /** One at a time: a view that draws slowly gets fewer, longer pieces. */
  private async append(): Promise<void> {
    const record = this.record();
    if (!this.parts.panel.visible || record === undefined) {
      this.ready = this.ready && this.parts.panel.visible;
      return;
    }
    if (this.sending) return this.later();
    this.sending = true;
    const { mark } = this;
    this.mark = this.series.mark;
    try {
      const rows = trainingRows(this.series, record, mark, this.job?.live === true);
      await this.view('append', rows);
      if (rows.samples.length > 0) await this.sendPictures();
    } catch (error) {
      this.trouble(error);
    } finally {
      this.sending = false;
    }
  }

  /** A view that was hidden or loaded again answers nothing and asks for its state anew: no news. */
  private trouble(error: unknown): void {
    if (toErrorRecord(error).reason === 'engineGone') return;
    this.parts.log.warn(`training view: ${toErrorRecord(error).message}`);
  }
}

/** Losses per byte and per sub-pixel do not compare, nor those given a picture with those of images alone. */
function lossesAlike(one: RunRecord | string, other: RunRecord): boolean {
  const given = typeof one === 'string' ? undefined : one.given;
  return isImageRun(one) === isImageRun(other) && given === other.given;
}
