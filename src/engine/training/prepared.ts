// A spec made ready to train: its task, the device, and what the run's record says of the data. Types only.
import type { DeviceReport } from '../../protocol/engine';
import type { RunRecord } from '../../protocol/run';
import type { TrainingTask } from './task';

export interface Prepared {
  readonly task: TrainingTask;
  readonly device: DeviceReport;
  /** Of a tokenizer that the spec names by its path. */
  readonly tokenizerSha256?: string;
  readonly facts: Pick<RunRecord, 'batch' | 'data' | 'floors' | 'given'>;
  dispose(): Promise<void>;
}
