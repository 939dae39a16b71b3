// One look at receptive fields: what is wished, what the engine answered last. The newest wish wins; what was shown stays
// until its answer is there. Asks the engine, tells who listens. Knows no vscode and no view.
import type { Client } from '../../protocol/calls';
import type { EngineCalls, InspectSubject } from '../../protocol/engine';
import { toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type { FieldReport, KernelMaskParams } from '../../protocol/receptiveField';
import type { FieldSubject, FieldWish, ReceptiveFieldContent } from '../../protocol/receptiveFieldView';
import type { EngineStatus } from '../engineState';
import { Emitter } from '../events';

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
  /** whole: another kind of state · report, mask: that part is new. */
  readonly changes = new Emitter<'whole' | 'report' | 'mask'>();
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
  ) {}

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
      const subject = this.source.read();
      const params = subject === undefined ? this.wish : { ...this.wish, subject };
      const report = await this.call('receptiveField', params, { signal: abort.signal });
      if (this.running !== abort) return;
      this.report = owned(report);
      this.problem = undefined;
    } catch (error) {
      if (this.running !== abort) return;
      this.problem = toErrorRecord(error);
    }
    this.running = undefined;
    this.changes.fire(first ? 'whole' : 'report');
  }
}

/** Columns from an engine are views of the whole message. */
function owned(report: FieldReport): FieldReport {
  return { ...report, stacks: report.stacks.map((stack) => ({ ...stack, first: stack.first.slice() })) };
}
