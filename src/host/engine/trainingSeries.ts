// What a training run has reported so far, as growing columns: a panel that opens late gets all of it at once,
// one that follows gets what is new. Pure: no process, no editor.
import type { MetricsTable, RunRecord, TrainEvent } from '../../protocol/run';

type Evaluation = Extract<TrainEvent, { type: 'evaluation' }>;
type Sample = Extract<TrainEvent, { type: 'sample' }>;

/** Steps whose speed is averaged for the time that is left. */
const SPEED_WINDOW = 50;

export interface SeriesRows {
  readonly step: Float64Array;
  readonly loss: Float32Array;
  readonly learningRate: Float32Array;
  readonly gradientNorm: Float32Array;
  readonly evaluations: readonly Evaluation[];
  readonly samples: readonly Sample[];
}

/** A place in the series: everything before it has been shown. */
export interface SeriesMark {
  readonly steps: number;
  readonly evaluations: number;
  readonly samples: number;
}
export const START: SeriesMark = { steps: 0, evaluations: 0, samples: 0 };

export class TrainingSeries {
  private readonly step = new Column(Float64Array);
  private readonly loss = new Column(Float32Array);
  private readonly learningRate = new Column(Float32Array);
  private readonly gradientNorm = new Column(Float32Array);
  private readonly evaluations: Evaluation[] = [];
  private readonly samples: Sample[] = [];
  private speeds: { at: number; step: number }[] = [];
  private lastSpeed = 0;
  record: RunRecord | undefined;

  /** @param now milliseconds of any clock that only goes forward */
  add(event: TrainEvent, now: number): void {
    switch (event.type) {
      case 'started':
        this.record = event.record;
        this.cutAfter(event.record.step);
        return;
      case 'status':
        if (this.record !== undefined) this.record = { ...this.record, status: event.status };
        if (event.status !== 'running') this.speeds = []; // a pause is not slowness
        return;
      case 'step':
        this.step.push(event.step);
        this.loss.push(event.loss);
        this.learningRate.push(event.learningRate);
        this.gradientNorm.push(event.gradientNorm);
        this.lastSpeed = event.elementsPerSecond;
        this.speeds.push({ at: now, step: event.step });
        if (this.speeds.length > SPEED_WINDOW) this.speeds.shift();
        if (this.record !== undefined) this.record = { ...this.record, step: event.step, status: 'running' };
        return;
      case 'evaluation':
        this.evaluations.push(event);
        this.record = withEvaluation(this.record, event);
        return;
      case 'sample':
        this.samples.push(event);
        return;
      case 'checkpoint':
        return;
      default:
        return event satisfies never;
    }
  }

  get elementsPerSecond(): number {
    return this.lastSpeed;
  }

  /** Null until two steps have been timed, and when nothing runs. */
  get secondsLeft(): number | null {
    const first = this.speeds[0];
    const last = this.speeds[this.speeds.length - 1];
    if (this.record === undefined || first === undefined || last === undefined || last.step <= first.step) {
      return null;
    }
    const perStep = (last.at - first.at) / 1000 / (last.step - first.step);
    return Math.max(0, (this.record.steps - last.step) * perStep);
  }

  get mark(): SeriesMark {
    return {
      steps: this.step.length,
      evaluations: this.evaluations.length,
      samples: this.samples.length,
    };
  }

  rowsSince(mark: SeriesMark): SeriesRows {
    return {
      step: this.step.since(mark.steps),
      loss: this.loss.since(mark.steps),
      learningRate: this.learningRate.since(mark.steps),
      gradientNorm: this.gradientNorm.since(mark.steps),
      evaluations: this.evaluations.slice(mark.evaluations),
      samples: this.samples.slice(mark.samples),
    };
  }

  /** A run that goes on from a checkpoint repeats the steps after it: what was reported of them gives way. */
  private cutAfter(step: number): void {
    const length = this.step.firstAbove(step);
    for (const column of [this.step, this.loss, this.learningRate, this.gradientNorm]) column.cut(length);
    keep(this.evaluations, (each) => each.step <= step);
    keep(this.samples, (each) => each.step <= step);
    this.speeds = [];
  }

  static fromTable(table: MetricsTable): TrainingSeries {
    const series = new TrainingSeries();
    table.step.forEach((value) => series.step.push(value));
    table.loss.forEach((value) => series.loss.push(value));
    table.learningRate.forEach((value) => series.learningRate.push(value));
    table.gradientNorm.forEach((value) => series.gradientNorm.push(value));
    series.lastSpeed = table.elementsPerSecond[table.elementsPerSecond.length - 1] ?? 0;
    series.evaluations.push(...table.evaluations.map((each) => ({ ...each, type: 'evaluation' as const })));
    series.samples.push(...table.samples);
    series.record = table.record;
    return series;
  }
}

function withEvaluation(record: RunRecord | undefined, event: Evaluation): RunRecord | undefined {
  if (record === undefined || event.split !== 'validation') return record;
  const { nats, bits, unit, count, badge } = event;
  const validation = { nats, bits, unit, count, badge };
  const better = record.best === undefined || nats < record.best.validation.nats;
  return { ...record, validation, ...(better ? { best: { step: event.step, validation } } : {}) };
}

function keep<T>(list: T[], holds: (value: T) => boolean): void {
  list.splice(0, list.length, ...list.filter(holds));
}

/** A typed array that grows by doubling. */
class Column<A extends Float32Array | Float64Array> {
  private data: A;
  length = 0;

  constructor(private readonly make: new (length: number) => A) {
    this.data = new make(256);
  }

  push(value: number): void {
    if (this.length === this.data.length) {
      const larger = new this.make(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[this.length++] = value;
  }

  /** A copy: what is sent must not change afterwards. */
  since(from: number): A {
    return this.data.slice(Math.min(from, this.length), this.length) as A;
  }

  firstAbove(value: number): number {
    let at = 0;
    while (at < this.length && (this.data[at] ?? Infinity) <= value) at++;
    return at;
  }

  cut(length: number): void {
    this.length = Math.min(this.length, length);
  }
}
