// One look into a spec or a run: the mask as it was measured last, whether that is still so, and the checks. Asks the
// engine, tells who listens. Knows no vscode and no view.
import type { CallOptions, Client } from '../../protocol/calls';
import type { ChecksContent, MaskNote, MaskSubject } from '../../protocol/causalMaskView';
import type { EngineCalls, InspectProgress, InspectSubject } from '../../protocol/engine';
import type { CheckOutcome, MaskReport } from '../../protocol/mask';
import { toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type { EngineStatus } from '../engineState';
import { Emitter } from '../events';

/** What is looked into, as it is at the moment of asking. */
export interface MaskSource {
  readonly subject: MaskSubject;
  readonly name: string;
  /** @throws where it cannot be read */
  read(): Promise<{ readonly params: InspectSubject; readonly version: string }>;
  /** Changes when the spec's text or the run's weights do. */
  version(): string;
}

/** Milliseconds of rest after an edit before it is measured. */
const SETTLE = 500;
/** What took longer than this many milliseconds is not measured anew by itself. */
const LONGEST_AUTOMATIC = 4_000;

const NO_CHECKS: ChecksContent = {
  state: 'none',
  outcomes: [],
  verdict: null,
  sentence: '',
  stale: false,
};

interface Answer {
  readonly report: MaskReport;
  readonly version: string;
  readonly took: number;
}

export class MaskSession {
  /** whole: another report or another kind of state · part: what stands around the report. */
  readonly changes = new Emitter<'whole' | 'part'>();
  progress: InspectProgress | null = null;
  /** Why there is no report; with one, why it was not measured again. */
  problem: ErrorRecord | undefined;
  private answer: Answer | undefined;
  private asked: ChecksContent = NO_CHECKS;
  private checkedVersion = '';
  private gone: EngineStatus | undefined;
  private running: AbortController | undefined;
  private checking: AbortController | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly call: Client<EngineCalls>,
    readonly source: MaskSource,
    /** Positions to measure; the engine's usual number when absent. */
    private length: number | undefined,
  ) {}

  get report(): MaskReport | undefined {
    return this.answer?.report;
  }

  get measuring(): boolean {
    return this.running !== undefined;
  }

  get stale(): boolean {
    return this.answer !== undefined && this.answer.version !== this.source.version();
  }

  get checks(): ChecksContent {
    const { state, outcomes } = this.asked;
    const finished = state === 'done' || outcomes.length > 0;
    return { ...this.asked, stale: finished && this.checkedVersion !== this.source.version() };
  }

  /** What a person has to know of a report that stays on show. */
  get note(): MaskNote | undefined {
    if (this.problem !== undefined && this.problem.reason !== 'cancelled') {
      return { sentence: this.problem.message };
    }
    return this.gone === undefined ? undefined : { sentence: `${this.gone.sentence} ${KEPT}` };
  }

  /** The engine ended, and only a restart brings it back. */
  get engineIsGone(): boolean {
    const reason = this.problem?.reason;
    return this.gone !== undefined || reason === 'engineGone' || reason === 'outOfMemory';
  }

  /** Measures, in place of what is being measured. Ends in a report or a problem; rejects never. */
  async measure(length = this.length): Promise<void> {
    clearTimeout(this.timer);
    this.running?.abort();
    const abort = new AbortController();
    this.running = abort;
    this.length = length;
    this.problem = undefined;
    this.progress = null;
    this.changes.fire(this.answer === undefined ? 'whole' : 'part');
    const begun = performance.now();
    try {
      const { params, version } = await this.source.read();
      if (this.running !== abort) return;
      const options: CallOptions<InspectProgress> = {
        signal: abort.signal,
        onProgress: (progress) => {
          if (this.running !== abort) return;
          this.progress = progress;
          this.changes.fire(this.answer === undefined ? 'whole' : 'part');
        },
      };
      const report = await this.call(
        'mask',
        { ...params, ...(length === undefined ? {} : { length }) },
        options,
      );
      if (this.running !== abort) return;
      this.answer = { report, version, took: performance.now() - begun };
      this.gone = undefined;
    } catch (error) {
      if (this.running !== abort) return;
      this.problem = toErrorRecord(error);
    }
    this.finish();
    // Edited while it was measured: what has just come is old already.
    if (this.problem === undefined && this.stale) this.sourceChanged();
  }

  cancel(): void {
    if (this.running === undefined) return;
    this.running.abort();
    this.problem = { reason: 'cancelled', message: 'Measuring was cancelled.' };
    this.finish();
  }

  /** Runs the five checks anew; each outcome is told as it comes. Rejects never. */
  async check(): Promise<void> {
    this.checking?.abort();
    const abort = new AbortController();
    this.checking = abort;
    const outcomes: CheckOutcome[] = [];
    this.checkedVersion = this.source.version();
    this.tell({ ...NO_CHECKS, state: 'running' });
    try {
      const { params, version } = await this.source.read();
      if (this.checking !== abort) return;
      this.checkedVersion = version;
      const options: CallOptions<CheckOutcome> = {
        signal: abort.signal,
        onProgress: (outcome) => {
          if (this.checking !== abort) return;
          outcomes.push(outcome);
          this.tell({ ...NO_CHECKS, state: 'running', outcomes: [...outcomes] });
        },
      };
      const { checks, verdict } = await this.call('check', params, options);
      if (this.checking === abort) this.tell({ ...NO_CHECKS, state: 'done', outcomes: checks, verdict });
    } catch (error) {
      if (this.checking !== abort) return;
      const { reason, message } = toErrorRecord(error);
      const state = reason === 'cancelled' ? 'cancelled' : 'failed';
      this.tell({ ...NO_CHECKS, state, outcomes: [...outcomes], sentence: message });
    } finally {
      if (this.checking === abort) this.checking = undefined;
    }
  }

  cancelChecks(): void {
    this.checking?.abort();
  }

  /** The spec was edited or the run has other weights: what is shown is stale; a spec is measured again where that is quick. */
  sourceChanged(): void {
    clearTimeout(this.timer);
    const failed = this.answer === undefined && this.problem?.reason === 'badInput';
    if (!failed && !this.stale) {
      this.changes.fire('part');
      return;
    }
    // A run that trains on has other weights every few seconds, and still the same mask.
    const quick = this.source.subject.kind === 'spec' && (this.answer?.took ?? 0) < LONGEST_AUTOMATIC;
    if (failed || quick) {
      this.timer = setTimeout(() => void this.measure(), SETTLE);
    }
    if (!failed) this.changes.fire('part');
  }

  /** An engine that is back answers what the one before could not. */
  engineChanged(status: EngineStatus): void {
    if (status.state === 'gone' && this.answer !== undefined && status.reason !== undefined) {
      this.gone = status;
      this.changes.fire('part');
    }
    if (status.state !== 'ready') return;
    const again = this.problem?.reason === 'engineGone';
    this.gone = undefined;
    if (again && this.running === undefined) void this.measure();
    else this.changes.fire('part');
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.changes.dispose();
    const { running, checking } = this;
    this.running = undefined;
    this.checking = undefined;
    running?.abort();
    checking?.abort();
  }

  private finish(): void {
    this.running = undefined;
    this.progress = null;
    this.changes.fire('whole');
  }

  private tell(checks: ChecksContent): void {
    this.asked = checks;
    this.changes.fire('part');
  }
}

const KEPT = 'What is shown was measured before.';
