// One run from its first step (or its last checkpoint) to its end: the loop, evaluations, samples, checkpoints.
// What happens after a step is a function of the weights and of what metrics.jsonl holds, so a kill loses nothing.
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Model, TextFacts } from '../../families/family';
import { writeFileAtomic } from '../../formats/atomicFile';
import { writeSafetensors, type NamedTensor } from '../../formats/safetensors';
import { ArLensError, toErrorRecord } from '../../protocol/errors';
import { NATS_PER_BIT } from '../../protocol/figure';
import { RUN_FILES, type Loss, type RunRecord, type RunStatus, type TrainEvent } from '../../protocol/run';
import { saveModelDescription, weightsOf } from '../models/modelFolder';
import { sampleText } from '../sampling/sampleText';
import { meanLoss } from '../scoring/sequenceScores';
import { defaultStride } from '../scoring/windows';
import type { Spec } from '../spec/spec';
import { hasCheckpoint, restoreCheckpoint, writeCheckpoint, type Identity } from './checkpoint';
import type { TrainingControl } from './control';
import type { MetricsEvent } from '../../protocol/metricsLine';
import { MetricsFile } from './metricsFile';
import { OptimizerLoop, type StepResult } from './optimizerLoop';
import { samplePath, tidyRunFolder, type RunFolder } from './runFolder';
import { readRecord, writeRecord } from './runRecord';
import type { TrainingData } from './trainingData';

export interface RunPlan {
  readonly spec: Spec;
  readonly specText: string;
  readonly model: Model;
  readonly facts: TextFacts;
  /** As config.json has them: those of the model that training started from, where there is one. */
  readonly described: TextFacts;
  readonly data: TrainingData;
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
    const { model, facts, data, spec } = plan;
    this.loop = model.fit ? undefined : new OptimizerLoop(model, facts, data.train, spec.train);
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
    const { folder, spec, specText, model, described, data, identity } = this.plan;
    const resumed = folder.resuming && (await hasCheckpoint(folder.path));
    if (resumed) {
      this.step = await restoreCheckpoint(this.target, identity);
      if (model.fit && this.step > 0) model.fit(data.train.ids);
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
    await saveModelDescription(folder.path, spec.family, spec.model, described, data.tokenizer);
    if (resumed) await this.publish('running', await weightsOf(model));
    else await this.checkpoint('running');
    await this.tell({ type: 'started', record: this.record });
    if (this.plan.resumeAsked && !resumed) {
      const detail = `${folder.path} holds no checkpoint to resume: a new run starts there.`;
      await this.tell({ type: 'status', status: 'running', detail });
    }
    const { unknown } = data.validation;
    if (unknown > 0) {
      const detail = `${unknown} of ${data.validation.tokens} validation ${data.tokenizer.kind}s never occur in the training part: losses do not compare with other models'.`;
      await this.tell({ type: 'status', status: 'running', detail });
    }
  }

  private async oneStep(): Promise<void> {
    if (this.setting.control.isPaused) await this.waitPaused();
    if (this.stopped) return;
    const began = performance.now();
    const result = this.loop ? await this.loop.step(this.step + 1) : await this.fit();
    const { loss, gradientNorm } = result;
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) throw diverged(this.step + 1, result);
    this.step++;
    const rate = ((this.loop?.elements ?? this.plan.data.train.tokens) * 1000) / (performance.now() - began);
    this.elementsPerSecond = this.elementsPerSecond === 0 ? rate : 0.9 * this.elementsPerSecond + 0.1 * rate;
    await this.note({
      type: 'step',
      step: this.step,
      ...result,
      elementsPerSecond: this.elementsPerSecond,
    });
    await this.afterStep();
    if (this.step % this.plan.spec.train.checkpointEvery === 0 && this.step < this.record.steps) {
      await this.checkpoint('running');
    }
    // Lets pause, stop and the channel's own messages in.
    await nextTurn();
  }

  /** What is due at this step and not yet in the metrics: after a resume that may be what the kill prevented. */
  private async afterStep(): Promise<void> {
    const { evaluateEvery, sampleEvery } = this.plan.spec.train;
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
    const { model, data } = this.plan;
    model.fit?.(data.train.ids);
    const { nats } = await this.blockLoss(data.train.ids);
    return { loss: nats, learningRate: 0, gradientNorm: 0 };
  }

  private async evaluate(): Promise<void> {
    const { nats, count } = await this.blockLoss(this.plan.data.validation.ids);
    if (!Number.isFinite(nats)) throw diverged(this.step, { loss: nats });
    await this.note({
      type: 'evaluation',
      step: this.step,
      split: 'validation',
      nats,
      bits: nats / NATS_PER_BIT,
      unit: this.plan.data.tokenizer.kind,
      count,
      badge: this.plan.spec.family.likelihood,
    });
  }

  /** The scoring definition over the beginning of a block with a BOS of its own in front. */
  private blockLoss(tokens: Int32Array): Promise<{ nats: number; count: number }> {
    const { model, facts, spec } = this.plan;
    const block = tokens.subarray(0, spec.train.evaluateTokens);
    const stride = defaultStride(model.contextLength);
    return meanLoss(model, block, facts.bos, stride, this.setting.control.stopSignal);
  }

  private async sample(): Promise<void> {
    const { spec, model, data, folder } = this.plan;
    const { sampleLength, samplePrompt, sampleTemperature, seed } = spec.train;
    if (!model.decoder) return;
    const result = await sampleText(
      { family: spec.family, model, tokenizer: data.tokenizer },
      {
        model: folder.path,
        prompt: samplePrompt,
        length: sampleLength,
        seed,
        temperature: sampleTemperature,
      },
      { progress: () => Promise.resolve(), signal: this.setting.control.stopSignal },
    );
    const elements = result.elements[0] ?? [];
    const text = result.texts[0] ?? '';
    await writeFileAtomic(samplePath(folder.path, this.step), text);
    await this.note({
      type: 'sample',
      step: this.step,
      prompt: samplePrompt,
      text,
      seed,
      temperature: sampleTemperature,
      nll: -elements.reduce((sum, { logProb }) => sum + logProb, 0),
      count: elements.length,
    });
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
    const { folder, model } = this.plan;
    return { folder: folder.path, model, ...(this.loop ? { optimizer: this.loop.optimizer } : {}) };
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
