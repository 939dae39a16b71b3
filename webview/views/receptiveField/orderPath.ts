// The order of generation as a path over the grid: which cell comes at each step, where it runs on and where it jumps, and
// the same in words. Pure; draws nothing.
import type { FieldReport, FieldStack } from '../../../src/protocol/receptiveField';
import { formatCount } from '../../ui/format';
import { outputCell, type Layout } from './states';

export interface OrderPath {
  /** The cell of each step. */
  readonly cells: Int32Array;
  /** Steps that lead to no neighbour, diagonals being neighbours. */
  readonly jumps: number;
  /** Steps that are drawn: all, but where most of them jump, those around the output's. */
  readonly from: number;
  readonly to: number;
}

/** More jumps than this share of the steps would be a thicket. */
const SCATTERED = 0.5;
/** Steps before the output and after it that are drawn then. */
const AROUND = 8;
/** Cells that are named at the start. */
const NAMED = 6;

export function orderPath(
  { settings, ...report }: FieldReport,
  { steps }: FieldStack,
  layout: Layout,
): OrderPath {
  const { channels, width } = settings;
  const size = settings.height * width;
  const cells = new Int32Array(size);
  // A pixel's channels follow one another: its first tells when it comes.
  for (let cell = 0; cell < size; cell++) {
    cells[steps === null ? cell : Math.floor((steps[cell * channels] ?? 0) / channels)] = cell;
  }
  let jumps = 0;
  for (let step = 1; step < size; step++) if (isJump(cells, step, layout)) jumps++;
  const scattered = jumps > SCATTERED * size;
  const own = cells.indexOf(outputCell({ settings, ...report }));
  return {
    cells,
    jumps,
    from: scattered ? Math.max(0, own - AROUND) : 0,
    to: scattered ? Math.min(size - 1, own + AROUND) : size - 1,
  };
}

/** Whether a step leads from the cell before to one that is no neighbour of it. */
export function isJump(cells: Int32Array, step: number, { columns }: Layout): boolean {
  const [from, to] = [cells[step - 1] ?? 0, cells[step] ?? 0];
  const down = Math.floor(to / columns) - Math.floor(from / columns);
  const right = (to % columns) - (from % columns);
  return Math.max(Math.abs(down), Math.abs(right)) > 1;
}

/** Steps in one direction that follow one another without a jump, of those that are drawn. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

export function runsOf({ cells, from, to }: OrderPath, layout: Layout): Run[] {
  const runs: Run[] = [];
  let begun = from;
  for (let step = from + 1; step <= to; step++) {
    const turns =
      step < to &&
      (cells[step + 1] ?? 0) - (cells[step] ?? 0) !== (cells[step] ?? 0) - (cells[step - 1] ?? 0);
    if (isJump(cells, step, layout)) {
      if (step - 1 > begun) runs.push({ from: begun, to: step - 1 });
      begun = step;
    } else if (turns || step === to) {
      runs.push({ from: begun, to: step });
      begun = step;
    }
  }
  return runs;
}

/** What the path shows, in words. */
export function orderSentence(
  report: FieldReport,
  stack: FieldStack,
  { cells, jumps, from, to }: OrderPath,
): string {
  const { width } = report.settings;
  const place = (step: number): string => {
    const cell = cells[step] ?? 0;
    return `(${Math.floor(cell / width)}, ${cell % width})`;
  };
  const size = cells.length;
  const first = Array.from({ length: Math.min(NAMED, size) }, (_, step) => place(step)).join(', ');
  const own = cells.indexOf(outputCell(report)) + 1;
  const whole = from === 0 && to === size - 1;
  const part = whole ? '' : `; most steps jump, so that only numbers ${from + 1} to ${to + 1} are drawn`;
  return `${stack.title}: ${stack.order} order, ${first}${size > NAMED ? `, … to ${place(size - 1)}` : ''}; ${formatCount(jumps)} jumps, and the output is number ${formatCount(own)} of ${formatCount(size)} pixels${part}.`;
}
