// One look at receptive fields: what is wished, what the engine answered last. The newest wish wins; what was shown stays
// until its answer is there. Asks the engine, tells who listens. Knows no vscode and no view.
import type { CallOptions, Client } from '../../protocol/calls';
import type { EngineCalls, InspectProgress, InspectSubject } from '../../protocol/engine';
import { ArLensError, toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type { GatesParams, GatesReport } from '../../protocol/gates';
import type {
  EffectiveReport,
  FieldMeasurement,
  FieldParams,
  FieldReport,
  KernelMaskParams,
} from '../../protocol/receptiveField';
import type {
  FieldSubject,
  FieldTaskName,
  FieldWish,
  ReceptiveFieldContent,
} from '../../protocol/receptiveFieldView';
import type { EngineStatus } from '../engineState';
import { Emitter } from '../events';
import { LongTask } from './longTask';

export interface FieldSource {
  readonly subject: FieldSubject;
  /** '' for the builder alone. */
  readonly name: string;
  /** What the engine is asked about, as it is at this moment; undefined for the builder alone. */
  readonly read: () => InspectSubject | undefined;
}

/** Milliseconds of rest after an edit before the spec is read again. */
const SETTLE = 300;

export class FieldSession {
  /** whole: another kind of state · else: that part is new. */
  readonly changes = new Emitter<'whole' | 'report' | 'mask' | FieldTaskName>();
  readonly measured: LongTask<FieldMeasurement>;
  readonly effective: LongTask<EffectiveReport>;
  readonly gates: LongTask<GatesReport>;
  private looked: Pick<GatesParams, 'layer' | 'image'> = { layer: 1 };
  report: FieldReport | undefined;
  /** Why there is no report, or none of the last wish. */
  problem: ErrorRecord | undefined;
  mask: ReceptiveFieldContent['mask'] = null;
  private running: AbortController | undefined;
  private waiting = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly call: Client<EngineCalls>,
    readonly source: FieldSource,
    private wish: FieldWish,
  ) {
    this.measured = new LongTask(
      (options) => this.call('measureField', this.params(), options).then(ownedMeasurement),
      () => this.changes.fire('measured'),
    );
    this.effective = new LongTask(
      (options) => this.askEffective(options).then(ownedEffective),
      () => this.changes.fire('effective'),
    );
    this.gates = new LongTask(
      (options) => this.askGates(options).then(ownedGates),
      () => this.changes.fire('gates'),
    );
  }

  get engineIsGone(): boolean {
    const reason = this.problem?.reason;
    return reason === 'engineGone' || reason === 'outOfMemory';
  }

  /**
   * Ends in a report or a problem; rejects never. One question at a time: of the wishes that come while it is under way
   * only the last is asked next, so that a key that is held down is followed and not waited for.
   */
  async look(wish = this.wish): Promise<void> {
    clearTimeout(this.timer);
    this.wish = wish;
    this.waiting = true;
    if (this.running !== undefined) return;
    while (this.waiting) {
      this.waiting = false;
      await this.ask();
    }
  }

  async lookIfNeeded(): Promise<void> {
    if (this.running === undefined && (this.report === undefined || this.problem !== undefined))
      await this.look();
  }

  /** The kernel of any layer; rejects with what is wrong with it. */
  async showMask(params: KernelMaskParams): Promise<void> {
    this.mask = { ...params, ...(await this.call('kernelMask', params)) };
    this.changes.fire('mask');
  }

  cancel(): void {
    if (this.running === undefined) return;
    this.running.abort();
    this.running = undefined;
    this.waiting = false;
    this.problem = { reason: 'cancelled', message: 'Following what an output reads was cancelled.' };
    this.changes.fire(this.report === undefined ? 'whole' : 'report');
  }

  /** The spec was edited: it is read again when it rests. */
  sourceChanged(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), SETTLE);
  }

  engineChanged({ state }: EngineStatus): void {
    if (state === 'ready' && this.problem?.reason === 'engineGone') void this.look();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.running?.abort();
    this.running = undefined;
    this.waiting = false;
    this.measured.dispose();
    this.effective.dispose();
    this.gates.dispose();
    this.changes.dispose();
  }

  private async ask(): Promise<void> {
    const abort = new AbortController();
    this.running = abort;
    const first = this.report === undefined;
    if (first) {
      this.problem = undefined;
      this.changes.fire('whole');
    }
    try {
      const report = await this.call('receptiveField', this.params(), { signal: abort.signal });
      if (this.running !== abort) return;
      this.report = owned(report);
      this.problem = undefined;
    } catch (error) {
      if (this.running !== abort) return;
      this.problem = toErrorRecord(error);
    }
    this.running = undefined;
    this.changes.fire(first ? 'whole' : 'report');
    this.measureOn();
  }

  private params(): FieldParams {
    const subject = this.source.read();
    return subject === undefined ? this.wish : { ...this.wish, subject };
  }

  /** What was measured holds for all outputs: the next one's is there at once. */
  private measureOn(): void {
    const { state, result } = this.measured.state;
    if (state !== 'done' || result === null || this.report === undefined) return;
    if (JSON.stringify(result.settings) === JSON.stringify(this.report.settings)) void this.measured.start();
  }

  /** @param gates what of the gates is looked at; the first layer over a batch when nothing is said */
  start(task: FieldTaskName, gates: Partial<Pick<GatesParams, 'layer' | 'image'>> = {}): Promise<void> {
    if (task === 'gates') {
      const { layer = this.looked.layer, image } = gates;
      this.looked = image === undefined ? { layer } : { layer, image };
    }
    return this[task].start();
  }

  private async askGates(options: CallOptions<InspectProgress>): Promise<GatesReport> {
    return this.call('gates', { model: this.run(), ...this.looked }, options);
  }

  private run(): string {
    const { subject } = this.source;
    if (subject.kind !== 'run')
      throw new ArLensError('unsupported', 'Only a trained run has weights to look at.');
    return subject.path;
  }

  private async askEffective(options: CallOptions<InspectProgress>): Promise<EffectiveReport> {
    const model = this.run();
    if (this.report === undefined) throw new ArLensError('notFound', 'No output is looked at yet.');
    const { position, channel } = this.report;
    return this.call('effectiveField', { model, position, channel }, options);
  }
}

function ownedMeasurement(measurement: FieldMeasurement): FieldMeasurement {
  const stacks = measurement.stacks.map((stack) => ({
    ...stack,
    undeclared: stack.undeclared.slice(),
    unmeasured: stack.unmeasured.slice(),
  }));
  return { ...measurement, stacks };
}

function ownedEffective(report: EffectiveReport): EffectiveReport {
  const { here, everywhere } = report;
  return {
    ...report,
    here: { ...here, values: here.values.slice() },
    everywhere: { ...everywhere, values: everywhere.values.slice() },
  };
}

/** Columns from an engine are views of the whole message. */
function owned(report: FieldReport): FieldReport {
  return { ...report, stacks: report.stacks.map((stack) => ({ ...stack, first: stack.first.slice() })) };
}

function ownedGates(report: GatesReport): GatesReport {
  const stacks = report.stacks.map((each) => ({
    ...each,
    parts: each.parts.map((part) => ({ ...part, counts: part.counts.slice() })),
  }));
  return { ...report, stacks };
}
