// The dependency closure of one output over a tap graph: which inputs it can read on any path, followed from the output
// back to the input, a set of bits for each node. One closure for images and for sequences (images of one row).
// Runs no network; knows tap graphs only.
import type { GridTaps, TapGraph, Taps } from '../../families/family';
import { centreReads } from '../../nn/convolutionMask';
import { SubpixelSet, type GridShape } from './subpixelSet';

interface Step {
  readonly from: number;
  readonly spread: (target: SubpixelSet, source: SubpixelSet) => void;
}

/** A graph made ready for one shape: the sets are reused from output to output. */
export class Closure {
  private readonly sets: SubpixelSet[];
  private readonly steps: Step[][];

  constructor(
    graph: TapGraph,
    readonly shape: GridShape,
  ) {
    const places = new Map([['input', 0]]);
    this.steps = graph.nodes.map((node, index) => {
      const steps = node.inputs.map(({ from, taps }): Step => {
        const place = places.get(from);
        if (place === undefined)
          throw new Error(`Closure: node ${node.id} reads ${from}, which is not before it`);
        return { from: place, spread: spreadOf(taps, shape, graph.order) };
      });
      places.set(node.id, index + 1);
      return steps;
    });
    if (graph.nodes.at(-1)?.id !== 'output')
      throw new Error('Closure: expected a node called output at the end, got none');
    this.sets = [...places].map(() => new SubpixelSet(shape));
  }

  /**
   * @param output (row · width + column) · channels + channel
   * @returns the inputs it reaches; the same object at every call
   */
  of(output: number): SubpixelSet {
    for (const set of this.sets) set.clear();
    const { sets, steps } = this;
    (sets[steps.length] as SubpixelSet).add(output);
    for (let node = steps.length - 1; node >= 0; node--) {
      const target = sets[node + 1] as SubpixelSet;
      if (target.isEmpty) continue;
      for (const { from, spread } of steps[node] as Step[]) spread(target, sets[from] as SubpixelSet);
    }
    return sets[0] as SubpixelSet;
  }
}

function spreadOf(taps: Taps, shape: GridShape, order?: Int32Array): Step['spread'] {
  switch (taps.kind) {
    case 'pointwise':
      return spreadGrid({ kind: 'grid', offsets: [], centre: 'upTo' }, shape, (to, from) => to === from);
    case 'grid':
      return spreadGrid(taps, shape, (to, from) => centreReads(taps.centre, to, from));
    case 'block':
      return (target, source) => spreadBlock(target, source, taps.side);
    case 'causal': {
      const window = taps.window ?? Infinity;
      const back = taps.strict ? 1 : 0;
      return (target, source) => spreadCausal(target, source, { window, back, order });
    }
    default:
      return taps satisfies never;
  }
}

function spreadBlock(target: SubpixelSet, source: SubpixelSet, side: number): void {
  const { width, channels } = target.shape;
  for (const index of target.indices()) {
    const pixel = Math.floor(index / channels);
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    const first = ((row - (row % side)) * width + column - (column % side)) * channels;
    for (let channel = 0; channel < channels; channel++) source.add(first + channel);
  }
}

interface CausalSpread {
  readonly window: number;
  readonly back: number;
  readonly order: Int32Array | undefined;
}

/** Every step p that is wanted wants p − back − window + 1 … p − back, in the order of generation. */
function spreadCausal(target: SubpixelSet, source: SubpixelSet, { window, back, order }: CausalSpread): void {
  const { height, width, channels } = target.shape;
  const at = (step: number): number => order?.[step] ?? step;
  let filled = 0;
  for (let step = 0; step < height * width * channels; step++) {
    if (!target.has(at(step))) continue;
    const end = step - back;
    for (let read = Math.max(filled, end - window + 1); read <= end; read++) source.add(at(read));
    filled = Math.max(filled, end + 1);
  }
}

/** Offsets grouped by row: [rows down, [columns right]]. */
type RowGroup = readonly [rows: number, columns: Int32Array];

function spreadGrid(
  taps: GridTaps,
  { height, width, channels }: GridShape,
  reads: (to: number, from: number) => boolean,
): Step['spread'] {
  const rows = new Map<number, number[]>();
  for (const [row, column] of taps.offsets) rows.set(row, [...(rows.get(row) ?? []), column]);
  const groups: RowGroup[] = [...rows].map(([row, columns]) => [row, Int32Array.from(columns)]);
  const pairs: Array<[number, number]> = [];
  for (let to = 0; to < channels; to++) {
    for (let from = 0; from < channels; from++) if (reads(to, from)) pairs.push([to, from]);
  }
  const top = groups.reduce((least, [down]) => Math.min(least, down), 0);
  const bottom = groups.reduce((most, [down]) => Math.max(most, down), 0);
  const any = new Uint32Array(Math.ceil(width / 32));
  return (target, source) => {
    for (let row = target.firstRow; row <= target.lastRow; row++) {
      for (const [to, from] of pairs) {
        source.orShifted(source.rowAt(from, row), target.words, target.rowAt(to, row), 0);
      }
      if (groups.length === 0 || !unionOfRow(target, row, any)) continue;
      for (const [down, columns] of groups) {
        if (row + down < 0 || row + down >= height) continue;
        for (let from = 0; from < channels; from++) {
          const into = source.rowAt(from, row + down);
          for (const column of columns) source.orShifted(into, any, 0, column);
        }
      }
    }
    source.touch(Math.max(0, target.firstRow + top), Math.min(height - 1, target.lastRow + bottom));
  };
}

/** Outside the centre every channel group reads every other. @returns whether there is anything in the row */
function unionOfRow(set: SubpixelSet, row: number, into: Uint32Array): boolean {
  let found = 0;
  for (let w = 0; w < into.length; w++) {
    let word = 0;
    for (let channel = 0; channel < set.shape.channels; channel++) {
      word |= set.words[set.rowAt(channel, row) + w] as number;
    }
    into[w] = word;
    found |= word;
  }
  return found !== 0;
}
