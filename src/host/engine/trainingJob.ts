// One training job: its process, what it has reported, and how it stands. A failure is one sentence.
// Listeners are told that something changed, at whatever rate; who draws decides how often to look.
import type { MetricsTable, RunRecord, RunStatus, TrainEvent } from '../../protocol/run';
import type { TrainParams } from '../../protocol/engine';
import { toErrorRecord } from '../../protocol/errors';
import { startJob, type Job } from '../engineClient';
import type { EngineLaunch } from '../engineState';
import { Emitter } from '../events';
import { trainingFailure, type TrainingFailure } from './trainingFailure';
import { TrainingSeries } from './trainingSeries';

export class TrainingJob {
  readonly series: TrainingSeries;
  readonly changes = new Emitter<TrainEvent | undefined>();
  /** The run's end, however it came; never rejects. */
  readonly ended: Promise<void>;
  private readonly process: Job;
  private currentStatus: RunStatus = 'preparing';
  private sentence = '';
  private failure: TrainingFailure | undefined;

  constructor(
    readonly params: TrainParams,
    launch: EngineLaunch,
    /** What the run reported before: one that goes on from a checkpoint continues its curve. */
    history?: MetricsTable,
  ) {
    this.series = history === undefined ? new TrainingSeries() : TrainingSeries.fromTable(history);
    this.process = startJob(launch);
    this.process.onState((status) => {
      if (status.state === 'stuck') {
        this.sentence = status.sentence;
        this.changes.fire(undefined);
      }
    });
    this.ended = this.run();
  }

  get status(): RunStatus {
    return this.currentStatus;
  }

  get live(): boolean {
    return ['preparing', 'running', 'paused'].includes(this.currentStatus);
  }

  /** Absolute path of the run folder, once the job has said it. */
  get folder(): string | undefined {
    return this.series.record?.run;
  }

  /** What it does now, in words; the sentence of its failure when it failed. */
  get detail(): string {
    return this.failure?.sentence ?? this.sentence;
  }

  get failed(): string | undefined {
    return this.failure?.sentence;
  }

  /** It failed because of its device alone: another one goes on from the last checkpoint. */
  get lostDevice(): boolean {
    return this.failure?.lostDevice === true;
  }

  async pause(): Promise<void> {
    await this.process.call('pause', undefined);
  }

  async resume(): Promise<void> {
    await this.process.call('resume', undefined);
  }

  async stop(): Promise<void> {
    await this.process.call('stop', undefined);
    await this.ended;
  }

  async dispose(): Promise<void> {
    await this.process.dispose();
  }

  private async run(): Promise<void> {
    try {
      const record = await this.process.call('train', this.params, {
        onProgress: (event) => this.receive(event),
      });
      this.finish(record);
    } catch (error) {
      const { record } = this.series;
      this.failure = trainingFailure(toErrorRecord(error), record?.run === undefined ? undefined : record);
      this.currentStatus = 'failed';
      this.changes.fire(undefined);
    } finally {
      await this.process.dispose();
    }
  }

  private receive(event: TrainEvent): void {
    this.series.add(event, performance.now());
    if (event.type === 'started') this.currentStatus = event.record.status;
    if (event.type === 'status') {
      this.currentStatus = event.status;
      this.sentence = event.detail ?? '';
    }
    if (event.type === 'step') this.currentStatus = 'running';
    this.changes.fire(event);
  }

  private finish(record: RunRecord): void {
    const run = record.run ?? this.series.record?.run;
    this.series.record = run === undefined ? record : { ...record, run };
    this.currentStatus = record.status;
    this.changes.fire(undefined);
  }
}
