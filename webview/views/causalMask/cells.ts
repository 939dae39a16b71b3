// Cells of a mask as states that a person tells apart: from declared and measured to one state each, counted, grouped by
// distance, and taken together in blocks where single cells would be too small to see. Pure.
import type { MaskReport } from '../../../src/protocol/mask';

/** A state is kept as its place in this list, one byte a cell. */
export const STATES = ['seen', 'unseen', 'shallow', 'future', 'leak'] as const;
export type CellState = (typeof STATES)[number];
const [SEEN, UNSEEN, SHALLOW, FUTURE, LEAK] = [0, 1, 2, 3, 4] as const;

/** Row = output, column = input; `values` holds places in `STATES`. [size, size] */
export interface Cells {
  readonly size: number;
  readonly values: Uint8Array;
}

type Causality = MaskReport['causality'];

/** The rule of the named causality, whatever is declared. */
export const mayRead = (causality: Causality, output: number, input: number): boolean =>
  causality === 'strict' ? input < output : input <= output;

/** What is open, what only the rule allows, and what is not allowed. */
export function openCells(open: Uint8Array, length: number, causality: Causality): Cells {
  return cellsOf(length, (output, input, at) => {
    if (open[at] === 1) return SEEN;
    return mayRead(causality, output, input) ? SHALLOW : FUTURE;
  });
}

/** Declared against measured. */
export function comparedCells({ declared, measured, length, causality }: MaskReport): Cells {
  return cellsOf(length, (output, input, at) => {
    const [may, does] = [declared[at] === 1, measured[at] === 1];
    if (does) return may ? SEEN : LEAK;
    if (may) return UNSEEN;
    return mayRead(causality, output, input) ? SHALLOW : FUTURE;
  });
}

export const stateAt = ({ size, values }: Cells, output: number, input: number): CellState =>
  STATES[values[output * size + input] ?? FUTURE] ?? 'future';

export type Counts = Readonly<Record<CellState, number>>;

/** Of the cells of a rectangle; of all where none is given. Ends are not included. */
export function countCells(
  { size, values }: Cells,
  from = { output: 0, input: 0 },
  to = { output: size, input: size },
): Counts {
  const counts = new Uint32Array(STATES.length);
  for (let output = from.output; output < Math.min(size, to.output); output++) {
    for (let input = from.input; input < Math.min(size, to.input); input++) {
      const value = values[output * size + input] ?? FUTURE;
      counts[value] = (counts[value] ?? 0) + 1;
    }
  }
  return Object.fromEntries(STATES.map((state, at) => [state, counts[at] ?? 0])) as unknown as Counts;
}

/** `block` × `block` cells as one: a leak among them wins, then what was declared and never measured, then the most. */
export function inBlocks(cells: Cells, block: number): Cells {
  if (block <= 1) return cells;
  const { size, values } = cells;
  const blocks = Math.ceil(size / block);
  const counts = new Uint16Array(blocks * STATES.length);
  const result = new Uint8Array(blocks * blocks);
  for (let row = 0; row < blocks; row++) {
    counts.fill(0);
    for (let output = row * block; output < Math.min(size, (row + 1) * block); output++) {
      for (let input = 0; input < size; input++) {
        const place = Math.floor(input / block) * STATES.length + (values[output * size + input] ?? FUTURE);
        counts[place] = (counts[place] ?? 0) + 1;
      }
    }
    for (let column = 0; column < blocks; column++) {
      const of = (state: number) => counts[column * STATES.length + state] ?? 0;
      result[row * blocks + column] =
        of(LEAK) > 0
          ? LEAK
          : of(UNSEEN) > 0
            ? UNSEEN
            : [SEEN, FUTURE, SHALLOW].reduce((most, state) => (of(state) > of(most) ? state : most));
    }
  }
  return { size: blocks, values: result };
}

export interface Place {
  readonly output: number;
  readonly input: number;
}
export interface OffsetGroup {
  /** input − output: positive ahead. */
  readonly offset: number;
  /** In rising order of outputs. */
  readonly places: readonly Place[];
}

/** Leaks by distance, most first, as the engine groups them. */
export function leaksByOffset({ size, values }: Cells): OffsetGroup[] {
  const groups = new Map<number, Place[]>();
  for (let at = values.indexOf(LEAK); at >= 0; at = values.indexOf(LEAK, at + 1)) {
    const place = { output: Math.floor(at / size), input: at % size };
    const offset = place.input - place.output;
    const group = groups.get(offset);
    if (group === undefined) groups.set(offset, [place]);
    else group.push(place);
  }
  return [...groups]
    .map(([offset, places]) => ({ offset, places }))
    .sort((a, b) => b.places.length - a.places.length || a.offset - b.offset);
}

function cellsOf(size: number, state: (output: number, input: number, at: number) => number): Cells {
  const values = new Uint8Array(size * size);
  for (let output = 0, at = 0; output < size; output++) {
    for (let input = 0; input < size; input++, at++) values[at] = state(output, input, at);
  }
  return { size, values };
}
