// One run from its first step (or its last checkpoint) to its end: the loop, evaluations, samples, checkpoints.
// What happens after a step is a function of the weights and of what metrics.jsonl holds, so a kill loses nothing.
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { writeFileAtomic } from '../../formats/atomicFile';
import { writeSafetensors, type NamedTensor } from '../../formats/safetensors';
import { ArLensError, toErrorRecord } from '../../protocol/errors';
import { NATS_PER_BIT } from '../../protocol/figure';
import { RUN_FILES, type Loss, type RunRecord, type RunStatus, type TrainEvent } from '../../protocol/run';
import { weightsOf } from '../models/modelFolder';
import type { OptimizerSpec } from '../spec/schema';
import { hasCheckpoint, restoreCheckpoint, writeCheckpoint, type Identity } from './checkpoint';
import type { TrainingControl } from './control';
import type { MetricsEvent } from '../../protocol/metricsLine';
import { MetricsFile } from './metricsFile';
import { OptimizerLoop, type StepResult } from './optimizerLoop';
import { tidyRunFolder, type RunFolder } from './runFolder';
import { readRecord, writeRecord } from './runRecord';
import type { TrainingTask } from './task';

export interface RunPlan {
  readonly train: OptimizerSpec;
  readonly specText: string;
  readonly task: TrainingTask;
  readonly folder: RunFolder;
  readonly identity: Identity;
  readonly record: RunRecord;
  /** Whether a person expects an earlier run to go on. */
  readonly resumeAsked: boolean;
}

interface RunSetting {
  readonly control: TrainingControl;
  readonly emit: (event: TrainEvent) => Promise<void>;
}

/** Milliseconds between writes of metrics that nobody waits for. */
const FLUSH_MILLISECONDS = 1000;

export class TrainingRun {
  private record: RunRecord;
  private step = 0;
  private metrics: MetricsFile | undefined;
  /** `evaluation 250`, `sample 250`: what metrics.jsonl already holds. */
  private readonly recorded = new Set<string>();
  private readonly loop: OptimizerLoop | undefined;
  private elementsPerSecond = 0;
  private flushed = 0;

  constructor(
    private readonly plan: RunPlan,
    private readonly setting: RunSetting,
  ) {
    this.record = { ...plan.record, run: plan.folder.path };
    const { batches } = plan.task;
    this.loop = batches ? new OptimizerLoop(batches, plan.train) : undefined;
  }

  async run(): Promise<RunRecord> {
    try {
      await this.begin();
      await this.afterStep();
      while (this.step < this.record.steps && !this.stopped) await this.oneStep();
      await this.checkpoint(this.isComplete ? 'done' : 'stopped');
      await this.tell({ type: 'status', status: this.record.status });
      return this.record;
    } catch (error) {
      throw await this.failed(error);
    } finally {
      this.loop?.dispose();
      await this.metrics?.close();
    }
  }

  private get stopped(): boolean {
    return this.setting.control.stopSignal.aborted;
  }

  private get isComplete(): boolean {
    return this.step === this.record.steps && this.recorded.has(`evaluation ${this.step}`);
  }

  /** Everything in the folder agrees with the committed step when this returns. */
  private async begin(): Promise<void> {
    const { folder, specText, task, identity } = this.plan;
    const resumed = folder.resuming && (await hasCheckpoint(folder.path));
    if (resumed) {
      this.step = await restoreCheckpoint(this.target, identity);
      if (!this.loop && this.step > 0) task.fit();
    }
    await tidyRunFolder(folder.path, resumed ? this.step : -1);
    const { file, kept } = await MetricsFile.open(
      join(folder.path, RUN_FILES.metrics),
      resumed ? this.step : -1,
    );
    this.metrics = file;
    for (const event of kept) this.remember(event);
    if (resumed) {
      const before = await readRecord(folder.path).catch(() => undefined);
      if (before) this.record = { ...this.record, created: before.created };
    }
    await writeFileAtomic(join(folder.path, RUN_FILES.spec), specText);
    await task.saveDescription(folder.path);
    if (resumed) await this.publish('running', await weightsOf(task));
    else await this.checkpoint('running');
    await this.tell({ type: 'started', record: this.record });
    if (this.plan.resumeAsked && !resumed) {
      const detail = `${folder.path} holds no checkpoint to resume: a new run starts there.`;
      await this.tell({ type: 'status', status: 'running', detail });
    }
    for (const detail of task.remarks) await this.tell({ type: 'status', status: 'running', detail });
  }

  private async oneStep(): Promise<void> {
    if (this.setting.control.isPaused) await this.waitPaused();
    if (this.stopped) return;
    const began = performance.now();
    const result = this.loop ? await this.loop.step(this.step + 1) : await this.fit();
    const { loss, gradientNorm } = result;
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) throw diverged(this.step + 1, result);
    this.step++;
    const rate = ((this.loop?.elements ?? this.plan.task.elements) * 1000) / (performance.now() - began);
    this.elementsPerSecond = this.elementsPerSecond === 0 ? rate : 0.9 * this.elementsPerSecond + 0.1 * rate;
    await this.note({
      type: 'step',
      step: this.step,
      ...result,
      elementsPerSecond: this.elementsPerSecond,
    });
    await this.afterStep();
    if (this.step % this.plan.train.checkpointEvery === 0 && this.step < this.record.steps) {
      await this.checkpoint('running');
    }
    // Lets pause, stop and the channel's own messages in.
    await nextTurn();
  }

  /** What is due at this step and not yet in the metrics: after a resume that may be what the kill prevented. */
  private async afterStep(): Promise<void> {
    const { evaluateEvery, sampleEvery } = this.plan.train;
    const last = this.step === this.record.steps;
    const due = (what: string, every: number): boolean =>
      every > 0 && (last || this.step % every === 0) && !this.recorded.has(`${what} ${this.step}`);
    try {
      if (due('evaluation', evaluateEvery)) await this.evaluate();
      if (due('sample', sampleEvery)) await this.sample();
    } catch (error) {
      if (this.stopped && toErrorRecord(error).reason === 'cancelled') return;
      throw error;
    }
  }

  private async fit(): Promise<StepResult> {
    const { task } = this.plan;
    task.fit();
    const { nats } = await task.trainingLoss(this.setting.control.stopSignal);
    return { loss: nats, learningRate: 0, gradientNorm: 0 };
  }

  private async evaluate(): Promise<void> {
    const { task } = this.plan;
    const { nats, count } = await task.validationLoss(this.setting.control.stopSignal);
    if (!Number.isFinite(nats)) throw diverged(this.step, { loss: nats });
    await this.note({
      type: 'evaluation',
      step: this.step,
      split: 'validation',
      nats,
      bits: nats / NATS_PER_BIT,
      unit: task.unit,
      count,
      badge: task.likelihood,
    });
  }

  private async sample(): Promise<void> {
    const { task, folder } = this.plan;
    const event = await task.sample(folder.path, this.step, this.setting.control.stopSignal);
    if (event) await this.note(event);
  }

  private async waitPaused(): Promise<void> {
    await this.checkpoint('paused');
    await this.tell({ type: 'status', status: 'paused' });
    await this.setting.control.turn();
    if (this.stopped) return;
    await this.save('running');
    await this.tell({ type: 'status', status: 'running' });
  }

  /**
   * Metrics first, so that a committed step never lacks its lines; then the state, which is the commit; then what
   * other programs read. A kill in between leaves files of an earlier step, and the next start brings them level.
   */
  private async checkpoint(status: RunStatus): Promise<void> {
    await this.metrics?.flush(true);
    await this.publish(status, await writeCheckpoint(this.target, this.step, this.plan.identity));
    await this.tell({ type: 'checkpoint', step: this.step });
  }

  private async publish(status: RunStatus, weights: ReadonlyMap<string, NamedTensor>): Promise<void> {
    await writeSafetensors(join(this.plan.folder.path, RUN_FILES.weights), weights);
    await this.save(status);
  }

  private async save(status: RunStatus): Promise<void> {
    this.record = { ...this.record, status, step: this.step };
    await writeRecord(this.plan.folder.path, this.record);
  }

  private get target() {
    const { folder, task } = this.plan;
    return { folder: folder.path, model: task, ...(this.loop ? { optimizer: this.loop.optimizer } : {}) };
  }

  private async note(event: MetricsEvent): Promise<void> {
    this.metrics?.add(event);
    this.remember(event);
    if (performance.now() - this.flushed > FLUSH_MILLISECONDS) {
      await this.metrics?.flush(false);
      this.flushed = performance.now();
    }
    await this.tell(event);
  }

  private remember(event: MetricsEvent): void {
    if (event.type === 'step') return;
    this.recorded.add(`${event.type} ${event.step}`);
    if (event.type !== 'evaluation' || event.split !== 'validation') return;
    const { nats, bits, unit, count, badge } = event;
    const validation: Loss = { nats, bits, unit, count, badge };
    const { best } = this.record;
    this.record = {
      ...this.record,
      validation,
      best: best && best.validation.nats <= nats ? best : { step: event.step, validation },
    };
  }

  private tell(event: TrainEvent): Promise<void> {
    return this.setting.emit(event);
  }

  /** One sentence for whatever went wrong; the last checkpoint is whole, because nothing here touches it. */
  private async failed(error: unknown): Promise<ArLensError> {
    const { reason, message, action } = toErrorRecord(error);
    const kept = this.metrics ? ' The last checkpoint is whole.' : '';
    const sentence = new ArLensError(
      reason,
      message,
      action ?? `Resume the run when that is settled.${kept}`,
    );
    if (this.metrics) {
      const record = await readRecord(this.plan.folder.path).catch(() => this.record);
      await writeRecord(this.plan.folder.path, { ...record, status: 'failed', failure: message }).catch(
        () => undefined,
      );
      await this.tell({ type: 'status', status: 'failed', detail: message }).catch(() => undefined);
    }
    return sentence;
  }
}

function diverged(
  step: number,
  { loss, gradientNorm }: Pick<StepResult, 'loss'> & Partial<StepResult>,
): ArLensError {
  const got = Number.isFinite(loss) ? `a gradient norm of ${gradientNorm}` : `a loss of ${loss}`;
  return new ArLensError(
    'badInput',
    `Training stopped at step ${step}: expected a finite loss and gradient, got ${got}; the last checkpoint is whole.`,
    'Lower train.learningRate, or turn clipping on.',
  );
}
