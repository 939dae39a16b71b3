// What a network really reads: every input is changed in turn, up, down and far away, and every output is compared with
// what it was. Knows no declaration: it answers with the pairs that were seen to depend on one another.
import { Rng } from '../../math/rng';
import { BitMatrix } from '../bitMatrix';
import type { Network, Responses } from './network';

export interface MeasureOptions {
  /** Random inputs follow from it. */
  readonly seed: number;
  /** Different ids among the unchanged inputs, all of them when absent: a table has seen few contexts of many ids. */
  readonly alphabet?: number | undefined;
  /** Sequences perturbed together, at most; 1 where rows of a batch are known to read one another. */
  readonly rowsTogether?: number;
  /** Inputs that are changed; all when absent. */
  readonly inputs?: readonly number[];
  /**
   * Awaited between batches, with the positions that the last one computed: the place to let others run, and to throw
   * when cancelled.
   */
  readonly pause?: (positions: number) => Promise<void>;
}

/** An output of one row of a batch that reads an input of another row. */
export interface RowLeak {
  readonly row: number;
  readonly output: number;
  readonly otherRow: number;
  readonly input: number;
}

/** Numbers of a batch that are held at once. */
const LARGEST_BATCH = 4_000_000;
/** Milliseconds in which nobody else is answered: a slow network gets fewer rows at once. What is measured stays the same. */
const BATCH_TIME = 40;

/** @returns `get(i, j)`: output i was seen to change with input j. [length, length] */
export async function measuredConnectivity(
  network: Network,
  length: number,
  options: MeasureOptions,
): Promise<BitMatrix> {
  const measured = new BitMatrix(length, length);
  const alphabet = Math.min(options.alphabet ?? Infinity, network.vocabulary);
  const base = randomIds(length, alphabet, options.seed);
  const inputs = options.inputs ?? Array.from({ length }, (_, input) => input);
  const jobs = inputs.flatMap((input) => changes(network.vocabulary).map((change) => ({ input, change })));
  const unchanged = new Map<number, Responses>([[1, await settled(network, base, 1, length)]]);
  const together = Math.min(options.rowsTogether ?? Infinity, await rowsInTime(network, base));
  for (let first = 0; first < jobs.length; first += together) {
    const batch = jobs.slice(first, first + together);
    const rows = batch.length;
    const ids = repeated(base, rows);
    // The same shape of batch, so that nothing but the change can make a difference.
    const before = unchanged.get(rows) ?? (await settled(network, ids, rows, length));
    unchanged.set(rows, before);
    batch.forEach(({ input, change }, row) => perturb(ids, row * length + input, change, network.vocabulary));
    const after = await network.respond(ids, rows, length);
    for (const [row, { input }] of batch.entries()) {
      for (let i = 0; i < length; i++) {
        if (differs(before, after, row * length + i, network.width)) measured.set(i, input);
      }
    }
    await options.pause?.(rows * length);
  }
  return measured;
}

/** How many rows like this one are answered in the time of a batch, and held in its memory. */
async function rowsInTime(network: Network, row: Int32Array): Promise<number> {
  const begun = performance.now();
  await network.respond(row, 1, row.length);
  const inTime = Math.floor(BATCH_TIME / Math.max(1e-3, performance.now() - begun));
  return Math.max(1, Math.min(inTime, Math.floor(LARGEST_BATCH / (row.length * network.width))));
}

/** Changes inputs of one row of a batch and looks at the outputs of the others: none may move. */
export async function measuredRowLeaks(
  network: Network,
  rows: number,
  length: number,
  options: Pick<MeasureOptions, 'seed' | 'inputs' | 'pause'>,
): Promise<RowLeak[]> {
  const base = randomIds(rows * length, network.vocabulary, options.seed);
  const before = await settled(network, base, rows, length);
  const leaks = new Map<string, RowLeak>();
  for (let at = 0; at < base.length; at++) {
    if (options.inputs?.includes(at % length) === false) continue;
    for (const change of changes(network.vocabulary)) {
      const ids = base.slice();
      perturb(ids, at, change, network.vocabulary);
      const after = await network.respond(ids, rows, length);
      const [otherRow, input] = [Math.floor(at / length), at % length];
      for (let place = 0; place < base.length; place++) {
        const [row, output] = [Math.floor(place / length), place % length];
        if (row === otherRow || !differs(before, after, place, network.width)) continue;
        leaks.set(`${place} ${at}`, { row, output, otherRow, input });
      }
    }
    await options.pause?.(0);
  }
  return [...leaks.values()];
}

/** Up, down, and to the other end of the vocabulary: a change that one of them hides another one shows. */
function changes(vocabulary: number): number[] {
  const wanted = [1, vocabulary - 1, Math.floor(vocabulary / 2)];
  return [...new Set(wanted)].filter((change) => change > 0 && change < vocabulary);
}

function perturb(ids: Int32Array, at: number, change: number, vocabulary: number): void {
  ids[at] = ((ids[at] ?? 0) + change) % vocabulary;
}

/** The unchanged answer, asked for twice: a network that answers differently to the same cannot be measured. */
async function settled(network: Network, ids: Int32Array, rows: number, length: number): Promise<Responses> {
  const [one, two] = [await network.respond(ids, rows, length), await network.respond(ids, rows, length)];
  for (let place = 0; place < rows * length; place++) {
    if (differs(one, two, place, network.width)) {
      throw new Error('measuredConnectivity: expected equal answers to equal inputs, got different ones');
    }
  }
  return one;
}

function differs(before: Responses, after: Responses, place: number, width: number): boolean {
  const noise = Math.max(before.noise, after.noise);
  for (let at = place * width; at < (place + 1) * width; at++) {
    const [a, b] = [before.values[at] ?? NaN, after.values[at] ?? NaN];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    if (!(Math.abs(a - b) <= noise)) return true;
  }
  return false;
}

function repeated(row: Int32Array, times: number): Int32Array {
  const all = new Int32Array(row.length * times);
  for (let time = 0; time < times; time++) all.set(row, time * row.length);
  return all;
}

function randomIds(count: number, alphabet: number, seed: number): Int32Array {
  const rng = new Rng(seed);
  return Int32Array.from({ length: count }, () => rng.integer(alphabet));
}
