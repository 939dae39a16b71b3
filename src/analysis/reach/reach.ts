// What one output sees and what it cannot: seen, blind, too shallow and leaks, exactly, by closure over declared taps.
// Blind: allowed, and reached at no depth. Too shallow: allowed, and reached by the same stack with more layers.
import type { Causality, TapGraph } from '../../families/family';
import { maySee } from '../causality/declared';
import { Closure } from './closure';
import { stepsOf } from './generation';
import type { GridShape } from './subpixelSet';

export interface ReachSubject {
  readonly graph: TapGraph;
  /** The same stack so deep that another layer reaches nothing new; the graph itself where no layer can be added. */
  readonly deepest: TapGraph;
  readonly causality: Causality;
  readonly shape: GridShape;
}

/** Indices are (row · width + column) · channels + channel, whatever the order of generation. Ascending. */
export interface Reach {
  readonly output: number;
  /** How many inputs the order of generation allows. */
  readonly allowed: number;
  readonly seen: Int32Array;
  readonly blind: Int32Array;
  readonly tooShallow: Int32Array;
  /** Read and not allowed. */
  readonly leaks: Int32Array;
}

/** Ready for any number of outputs of one stack. */
export class ReachFinder {
  private readonly closure: Closure;
  private readonly deepest: Closure;
  private readonly step: (subpixel: number) => number;

  constructor(private readonly subject: ReachSubject) {
    this.closure = new Closure(subject.graph, subject.shape);
    this.deepest = new Closure(subject.deepest, subject.shape);
    this.step = stepsOf(subject.graph);
  }

  of(output: number): Reach {
    const { causality, shape } = this.subject;
    const size = shape.height * shape.width * shape.channels;
    if (!Number.isInteger(output) || output < 0 || output >= size) {
      throw new Error(`ReachFinder: expected an output in [0, ${size}), got ${output}`);
    }
    const reached = this.closure.of(output);
    const atAll = this.deepest.of(output);
    const [seen, blind, tooShallow, leaks]: [number[], number[], number[], number[]] = [[], [], [], []];
    let allowed = 0;
    for (let input = 0; input < size; input++) {
      const may = maySee(causality, this.step(output), this.step(input));
      if (may) allowed++;
      if (reached.has(input)) (may ? seen : leaks).push(input);
      else if (may) (atAll.has(input) ? tooShallow : blind).push(input);
    }
    return {
      output,
      allowed,
      seen: Int32Array.from(seen),
      blind: Int32Array.from(blind),
      tooShallow: Int32Array.from(tooShallow),
      leaks: Int32Array.from(leaks),
    };
  }
}

/** The box that holds everything an output reads, its own place included. */
export function fieldOf(
  shape: GridShape,
  output: number,
  read: Int32Array,
): { height: number; width: number } {
  const rowOf = (index: number): number => Math.floor(index / shape.channels / shape.width);
  const columnOf = (index: number): number => Math.floor(index / shape.channels) % shape.width;
  let [top, bottom, left, right] = [rowOf(output), rowOf(output), columnOf(output), columnOf(output)];
  for (const index of read) {
    [top, bottom] = [Math.min(top, rowOf(index)), Math.max(bottom, rowOf(index))];
    [left, right] = [Math.min(left, columnOf(index)), Math.max(right, columnOf(index))];
  }
  return { height: bottom - top + 1, width: right - left + 1 };
}
