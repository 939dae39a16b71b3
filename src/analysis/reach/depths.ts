// From which depth on an output reads each input: the closure of one stack at 1, 2, 3 … layers, until another layer reaches
// nothing new. Runs no network; knows tap graphs only.
import type { TapGraph } from '../../families/family';
import { Closure } from './closure';
import type { GridShape, SubpixelSet } from './subpixelSet';

/** A stack at any depth. */
export interface DeepStack {
  /** The same stack with so many layers. A stack without layers is the same at every depth. */
  readonly taps: (layers: number) => TapGraph;
  /** So deep that another layer reaches nothing new: what it does not read, no depth reads. */
  readonly deepest: TapGraph;
}

/** Ready for any number of outputs: the closures are made when a depth is first asked for, and kept. */
export class DepthReach {
  private readonly closures = new Map<number, Closure>();
  private readonly deepest: Closure;

  constructor(
    private readonly stack: DeepStack,
    readonly shape: GridShape,
  ) {
    this.deepest = new Closure(stack.deepest, shape);
  }

  /**
   * @param output index in the order of generation
   * @returns the least number of layers with which each input is read, 0 where no depth reads it; [H · W · channels]
   */
  firstDepths(output: number): Uint16Array {
    const { height, width, channels } = this.shape;
    const first = new Uint16Array(height * width * channels);
    const missing = Uint32Array.from(this.deepest.of(output).words);
    let left = bitsIn(missing);
    for (let layers = 1; left > 0; layers++) {
      if (layers > height * width * channels)
        throw new Error('DepthReach: expected the deepest stack to read no more than so many layers do');
      left -= mark(this.closure(layers).of(output), missing, first, layers);
    }
    return first;
  }

  private closure(layers: number): Closure {
    const known = this.closures.get(layers);
    if (known) return known;
    const made = new Closure(this.stack.taps(layers), this.shape);
    this.closures.set(layers, made);
    return made;
  }
}

/** Inputs that are read now and were not before get their depth. @returns how many they are */
function mark(reached: SubpixelSet, missing: Uint32Array, first: Uint16Array, layers: number): number {
  const { channels, width } = reached.shape;
  let found = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let row = reached.firstRow; row <= reached.lastRow; row++) {
      const start = reached.rowAt(channel, row);
      for (let w = 0; w < reached.wordsPerRow; w++) {
        let fresh = (missing[start + w] as number) & (reached.words[start + w] as number);
        missing[start + w] = (missing[start + w] as number) & ~fresh;
        for (; fresh !== 0; fresh &= fresh - 1) {
          const column = w * 32 + 31 - Math.clz32(fresh & -fresh);
          first[(row * width + column) * channels + channel] = layers;
          found++;
        }
      }
    }
  }
  return found;
}

function bitsIn(words: Uint32Array): number {
  let count = 0;
  for (let word of words) for (; word !== 0; word &= word - 1) count++;
  return count;
}
