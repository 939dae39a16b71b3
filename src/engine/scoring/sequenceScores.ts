// Scores every token of a sequence, window after window, in batches short enough that cancelling answers at once.
// Knows no text and no file: positions, columns and a model.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Model } from '../../families/family';
import { ArLensError } from '../../protocol/errors';
import { emptyColumns, type ScoreColumns } from './scoreColumns';
import { scoreWindows, type WindowRequest } from './windowScorer';
import { windowAt, windowCount, windowOf, type Windowing } from './windows';

/** Milliseconds of uninterrupted work: cancelling must take effect within 200. */
const BATCH_MILLISECONDS = 50;
const MOST_WINDOWS = 256;
/** Logits of one batch, in bytes. */
const LOGITS_BYTES = 64 * 2 ** 20;
/** Tokens of one report when nothing has to be computed for them. */
const REPORT_TOKENS = 16_384;

/** Rows [from, to) of a text's columns. */
export interface Rows {
  readonly from: number;
  readonly to: number;
}

export interface ScoreRun {
  readonly model: Model;
  readonly sequence: Int32Array;
  readonly windowing: Windowing;
  /** How many tokens of the sequence stand before the columns' first row (0 or 1). */
  readonly offset: number;
  readonly columns: ScoreColumns;
  /** Only these rows are computed and reported; all of them when absent. */
  readonly rows?: Rows;
  /** Index of the first window to work on: the rest follow, then those before it. */
  readonly firstWindow?: number;
  readonly signal?: AbortSignal;
  /** Rows [from, to) of the columns are final; called once for every row. */
  readonly onRows?: (from: number, to: number) => Promise<void> | void;
}

/** Computes every row that is not known yet. @returns how many were computed. */
export async function scoreSequence(run: ScoreRun): Promise<number> {
  const { windowing, signal } = run;
  const rows = rowsOf(run);
  const span = windowsOf(run, rows);
  const pace = new Pace(run.model.vocabulary, windowing.context);
  let computed = 0;
  let reportedStart = false;
  for (const [begin, end] of ranges(span, run.firstWindow ?? 0)) {
    for (let index = begin; index < end;) {
      if (signal?.aborted) throw new ArLensError('cancelled', 'Scoring was cancelled.');
      const batch = nextBatch(run, index, end, pace.windows);
      if (batch.requests.length > 0) computed += await computeBatch(run, batch.requests, pace);
      // The sequence's first token belongs to no window; it is reported with the first.
      const from = index === 0 ? 0 : windowAt(windowing, index).from - run.offset;
      const to = windowAt(windowing, batch.next - 1).to - run.offset;
      if (index === span.begin) reportedStart = true;
      await run.onRows?.(Math.max(from, rows.from), Math.min(to, rows.to));
      index = batch.next;
      await nextTurn();
    }
  }
  if (!reportedStart && rows.to > rows.from) await run.onRows?.(rows.from, rows.to);
  return computed;
}

/** Sum of −log p over the rows, in double precision and in order: the same whatever the batches were. */
export function negativeLogLikelihood(
  columns: ScoreColumns,
  { from, to }: Rows = { from: 0, to: columns.known.length },
): {
  readonly nll: number;
  readonly scored: number;
} {
  let nll = 0;
  let scored = 0;
  for (let row = from; row < to; row++) {
    if (columns.known[row] !== 1) continue;
    nll -= columns.logProb[row] ?? NaN;
    scored++;
  }
  return { nll, scored };
}

/** Mean −log p of a block with `bos` in front: what validation prints. Nats per scored token. */
export async function meanLoss(
  model: Model,
  tokens: Int32Array,
  bos: number | undefined,
  stride: number,
  signal?: AbortSignal,
): Promise<{ readonly nats: number; readonly count: number }> {
  const sequence = withBos(tokens, bos);
  const columns = emptyColumns(tokens.length, 0);
  await scoreSequence({
    model,
    sequence,
    windowing: { length: sequence.length, context: model.contextLength, stride },
    offset: sequence.length - tokens.length,
    columns,
    ...(signal ? { signal } : {}),
  });
  const { nll, scored } = negativeLogLikelihood(columns);
  return { nats: nll / scored, count: scored };
}

export function withBos(tokens: Int32Array, bos: number | undefined): Int32Array {
  if (bos === undefined) return tokens;
  const sequence = new Int32Array(tokens.length + 1);
  sequence[0] = bos;
  sequence.set(tokens, 1);
  return sequence;
}

const rowsOf = ({ rows, columns }: ScoreRun): Rows => rows ?? { from: 0, to: columns.known.length };

/** The windows that score these rows; none where the sequence has no context for any of them. */
function windowsOf({ windowing, offset }: ScoreRun, rows: Rows) {
  const count = windowCount(windowing);
  if (rows.to <= rows.from) return { begin: 0, end: 0 };
  const end = Math.min(count, windowOf(windowing, rows.to - 1 + offset) + 1);
  return { begin: Math.min(end, windowOf(windowing, rows.from + offset)), end };
}

/** From `first` to the end, then from the beginning to `first`. */
function ranges(
  { begin, end }: { readonly begin: number; readonly end: number },
  first: number,
): Array<readonly [begin: number, end: number]> {
  const start = Math.max(begin, Math.min(first, end));
  return start === begin || start === end
    ? [[begin, end]]
    : [
        [start, end],
        [begin, start],
      ];
}

/** Consecutive windows from `index`: as many as the pace allows to compute, or a long stretch of known ones. */
function nextBatch(run: ScoreRun, index: number, end: number, most: number) {
  const requests: WindowRequest[] = [];
  const rows = rowsOf(run);
  let next = index;
  let tokens = 0;
  while (next < end && requests.length < most && tokens < REPORT_TOKENS) {
    const window = windowAt(run.windowing, next);
    const positions: number[] = [];
    const [from, to] = [rows.from + run.offset, rows.to + run.offset];
    for (let position = Math.max(window.from, from); position < Math.min(window.to, to); position++) {
      if (run.columns.known[position - run.offset] !== 1) positions.push(position);
    }
    if (positions.length > 0) requests.push({ window, positions });
    tokens += window.to - window.from;
    next++;
  }
  return { requests, next };
}

async function computeBatch(run: ScoreRun, requests: readonly WindowRequest[], pace: Pace): Promise<number> {
  const { columns, offset } = run;
  const began = performance.now();
  const scores = await scoreWindows(run.model, run.sequence, run.windowing.context, requests, columns.top);
  let row = 0;
  for (const { positions } of requests) {
    for (const position of positions) {
      const target = position - offset;
      columns.logProb[target] = scores.logProb[row] ?? NaN;
      columns.entropy[target] = scores.entropy[row] ?? NaN;
      columns.rank[target] = scores.rank[row] ?? 0;
      for (let k = 0; k < columns.top; k++) {
        columns.topId[target * columns.top + k] = scores.topId[row * columns.top + k] ?? 0;
        columns.topLogProb[target * columns.top + k] = scores.topLogProb[row * columns.top + k] ?? NaN;
      }
      columns.known[target] = 1;
      row++;
    }
  }
  pace.took(requests.length, performance.now() - began);
  return row;
}

/** How many windows fit into the time between two looks at the cancel signal, learnt from the last batches. */
class Pace {
  windows = 4;
  private readonly most: number;

  constructor(vocabulary: number, context: number) {
    const fitting = Math.floor(LOGITS_BYTES / (4 * vocabulary * context));
    this.most = Math.max(1, Math.min(MOST_WINDOWS, fitting));
    this.windows = Math.min(this.windows, this.most);
  }

  took(windows: number, milliseconds: number): void {
    const fitting = Math.floor((windows * BATCH_MILLISECONDS) / Math.max(0.01, milliseconds));
    // Never more than twice the last: one lucky measurement must not stall the next batch.
    this.windows = Math.max(1, Math.min(this.most, fitting, 2 * windows));
  }
}
