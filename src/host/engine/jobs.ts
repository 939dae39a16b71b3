// The training jobs of this window: started here, found by their run folder, ended with the window.
import type { DeviceChoice, TrainParams } from '../../protocol/engine';
import type { MetricsTable } from '../../protocol/run';
import type { EngineLaunch } from '../engineState';
import { Emitter } from '../events';
import { TrainingJob } from './trainingJob';

export class JobService {
  /** Fires when a job starts, tells its folder, changes status or ends; not at every step. */
  readonly changes = new Emitter<TrainingJob>();
  /** Fires at every report of any job. */
  readonly progress = new Emitter<TrainingJob>();
  private readonly all = new Set<TrainingJob>();

  constructor(private readonly launch: () => EngineLaunch) {}

  get live(): readonly TrainingJob[] {
    return [...this.all].filter((job) => job.live);
  }

  /** The newest job that works or worked in a run folder. */
  byFolder(folder: string): TrainingJob | undefined {
    return [...this.all].reverse().find((job) => job.folder === folder);
  }

  /** @param device in place of the setting's and the spec's */
  start(params: TrainParams, history?: MetricsTable, device?: DeviceChoice): TrainingJob {
    const launch = { ...this.launch(), ...(device === undefined ? {} : { device }) };
    const job = new TrainingJob(params, launch, history);
    this.all.add(job);
    let status = job.status;
    job.changes.on((event) => {
      this.progress.fire(job);
      if (event?.type === 'started' || job.status !== status) {
        status = job.status;
        this.changes.fire(job);
      }
    });
    this.changes.fire(job);
    return job;
  }

  /** A window that closes lets its jobs go: each keeps its last checkpoint. */
  dispose(): void {
    this.changes.dispose();
    this.progress.dispose();
    for (const job of this.all) void job.dispose();
  }
}
