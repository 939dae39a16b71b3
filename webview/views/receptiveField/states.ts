// What each input is to the output at a depth: seen, blind, too shallow, the future, a leak. Counted, and laid out as the
// cells of a grid. Pure.
import type { FieldReport, FieldStack } from '../../../src/protocol/receptiveField';

/** A state is kept as its place in this list, one byte an input. */
export const STATES = ['seen', 'blind', 'shallow', 'future', 'leak'] as const;
export type InputState = (typeof STATES)[number];
const [SEEN, BLIND, SHALLOW, FUTURE, LEAK] = [0, 1, 2, 3, 4] as const;
/** A cell that stands for no input: behind the end of a text's last line. */
const NOTHING = 255;

/** Of all inputs, in raster order: places in `STATES`. */
export function statesAt(stack: FieldStack, depth: number): Uint8Array {
  return Uint8Array.from(stack.first, (_, input) => codeOf(stack, input, depth));
}

export const stateOfInput = (stack: FieldStack, depth: number, input: number): InputState =>
  STATES[codeOf(stack, input, depth)] ?? 'future';

/** Whether the order of generation lets the output read the input. */
export const isAllowed = ({ steps, allowed }: FieldStack, input: number): boolean =>
  (steps === null ? input : (steps[input] ?? Infinity)) < allowed;

function codeOf(stack: FieldStack, input: number, depth: number): number {
  const from = stack.first[input] ?? 0;
  const seen = from > 0 && from <= depth;
  if (!isAllowed(stack, input)) return seen ? LEAK : FUTURE;
  if (seen) return SEEN;
  return from === 0 ? BLIND : SHALLOW;
}

export type Counts = Readonly<Record<InputState, number>>;

/** The output itself is not among the future. */
export function countStates(report: FieldReport, states: Uint8Array): Counts {
  const counts = new Uint32Array(STATES.length);
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  if (states[outputOf(report)] === FUTURE) counts[FUTURE] = (counts[FUTURE] ?? 0) - 1;
  return Object.fromEntries(STATES.map((state, at) => [state, counts[at] ?? 0])) as unknown as Counts;
}

/** The output's place in the order of generation. */
export const outputOf = ({ position, settings, channel }: FieldReport): number =>
  (position[0] * settings.width + position[1]) * settings.channels + channel;

/** The grid as it is drawn: an image's rows and columns, a text's places in lines. */
export interface Layout {
  readonly rows: number;
  readonly columns: number;
  /** The rows are lines of one sequence. */
  readonly lines: boolean;
}

const LINE = 32;

export function layoutOf({ domain, settings: { height, width } }: FieldReport): Layout {
  if (domain === 'image') return { rows: height, columns: width, lines: false };
  const columns = Math.min(LINE, width);
  return { rows: Math.ceil(width / columns), columns, lines: true };
}

/** One channel's inputs as cells, row by row. */
export interface Cells extends Layout {
  readonly values: Uint8Array;
}

export function cellsOf(report: FieldReport, states: Uint8Array, plane: number): Cells {
  const { channels } = report.settings;
  const layout = layoutOf(report);
  const { rows, columns } = layout;
  const values = Uint8Array.from(
    { length: rows * columns },
    (_, pixel) => states[pixel * channels + plane] ?? NOTHING,
  );
  return { ...layout, values };
}

export const stateOf = (value: number | undefined): InputState | undefined => STATES[value ?? NOTHING];

/** The cell of the drawn grid where the output lies. */
export function outputCell({ position, settings }: FieldReport): number {
  return position[0] * settings.width + position[1];
}
