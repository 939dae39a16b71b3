// What a run trains, whatever it is made of: batches, losses by the scoring definition, samples, and its own files.
// The run itself (steps, checkpoints, metrics) knows no text and no image.
import type { NamedVariable } from '../../families/family';
import type { Badge } from '../../protocol/figure';
import type { TrainEvent } from '../../protocol/run';
import type { TrainingBatches } from './optimizerLoop';

export type SampleEvent = Extract<TrainEvent, { type: 'sample' }>;

export interface MeanLoss {
  readonly nats: number;
  readonly count: number;
}

export interface TrainingTask {
  readonly variables: readonly NamedVariable[];
  /** Absent for closed-form families, which are fitted in one step. */
  readonly batches?: TrainingBatches;
  /** What one element is. */
  readonly unit: string;
  readonly likelihood: Badge;
  /** Elements of the training part. */
  readonly elements: number;
  /** Sentences for whoever started the run. */
  readonly remarks: readonly string[];
  /** config.json, and what else does not change while the run trains. */
  saveDescription(folder: string): Promise<void>;
  fit(): void;
  trainingLoss(signal: AbortSignal): Promise<MeanLoss>;
  validationLoss(signal: AbortSignal): Promise<MeanLoss>;
  /** Writes a sample into the folder; undefined where the family draws none. */
  sample(folder: string, step: number, signal: AbortSignal): Promise<SampleEvent | undefined>;
}
