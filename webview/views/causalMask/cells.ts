// Cells of a mask as states that a person tells apart: from declared and measured to one state each, counted, grouped by
// distance, and taken together in blocks where single cells would be too small to see. Pure.
import type { MaskReport } from '../../../src/protocol/mask';
import { distanceOf } from './places';

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

/** Squares of cells, each drawn as one. */
export interface Blocks {
  /** Along an axis. */
  readonly size: number;
  /** A place in `STATES`. */
  readonly at: (row: number, column: number) => number;
}

const known = new WeakMap<Cells, Map<number, Blocks>>();

/**
 * `block` × `block` cells as one: a leak among them wins, then what was declared and never measured, then the most. Each
 * is worked out when it is first looked at, since few are in sight where they are small, and then kept.
 */
export function inBlocks(cells: Cells, block: number): Blocks {
  const kept = known.get(cells) ?? new Map<number, Blocks>();
  known.set(cells, kept);
  const found = kept.get(block) ?? (block <= 1 ? singly(cells) : takenTogether(cells, block));
  kept.set(block, found);
  return found;
}

const singly = ({ size, values }: Cells): Blocks => ({
  size,
  at: (row, column) => values[row * size + column] ?? FUTURE,
});

const NOT_YET = 255;

function takenTogether(cells: Cells, block: number): Blocks {
  const size = Math.ceil(cells.size / block);
  const states = new Uint8Array(size * size).fill(NOT_YET);
  return {
    size,
    at: (row, column) => {
      const place = row * size + column;
      const state = states[place] ?? FUTURE;
      return state === NOT_YET ? (states[place] = stateOfBlock(cells, block, row, column)) : state;
    },
  };
}

function stateOfBlock({ size, values }: Cells, block: number, row: number, column: number): number {
  const counts: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  const [lastOutput, lastInput] = [Math.min(size, (row + 1) * block), Math.min(size, (column + 1) * block)];
  for (let output = row * block; output < lastOutput; output++) {
    for (let at = output * size + column * block; at < output * size + lastInput; at++) {
      const state = values[at] ?? FUTURE;
      if (state === LEAK) return LEAK;
      counts[state] = (counts[state] ?? 0) + 1;
    }
  }
  if (counts[UNSEEN] > 0) return UNSEEN;
  if (counts[SEEN] >= Math.max(counts[FUTURE], counts[SHALLOW])) return SEEN;
  return counts[FUTURE] >= counts[SHALLOW] ? FUTURE : SHALLOW;
}

export interface Place {
  readonly output: number;
  readonly input: number;
}
export interface OffsetGroup {
  /** Tells distances apart: of a sequence, input − output, positive ahead. */
  readonly offset: number;
  readonly words: string;
  /** In rising order of outputs. */
  readonly places: readonly Place[];
}

/** Leaks by distance, most first, as the engine groups them. */
export function leaksByOffset({ size, values }: Cells, image?: MaskReport['image']): OffsetGroup[] {
  const groups = new Map<number, { readonly words: string; readonly places: Place[] }>();
  for (let at = values.indexOf(LEAK); at >= 0; at = values.indexOf(LEAK, at + 1)) {
    const place = { output: Math.floor(at / size), input: at % size };
    const { key, words } = distanceOf(image, place.output, place.input);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { words, places: [place] });
    else group.places.push(place);
  }
  return [...groups]
    .map(([offset, group]) => ({ offset, ...group }))
    .sort((a, b) => b.places.length - a.places.length || a.offset - b.offset);
}

function cellsOf(size: number, state: (output: number, input: number, at: number) => number): Cells {
  const values = new Uint8Array(size * size);
  for (let output = 0, at = 0; output < size; output++) {
    for (let input = 0; input < size; input++, at++) values[at] = state(output, input, at);
  }
  return { size, values };
}
