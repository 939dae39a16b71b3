// A mean along a text and how far chance may have moved it. Neighbouring positions depend on each other, so the error
// is not that of independent values: it is that of the means of contiguous blocks, which are nearly independent where
// a block is much longer than the dependence (batch means; Law and Kelton, "Simulation Modeling and Analysis"). Pure.
import { blockStandardError, mean } from '../../math/statistics';

export const BLOCKS = 30;
/** Blocks of a single token would be the wrong formula under another name. */
const SHORTEST_BLOCK = 2;

export interface MeanAlong {
  readonly mean: number;
  readonly count: number;
  /** Of the mean, in the values' unit; null where the text is too short for `BLOCKS` blocks. */
  readonly standardError: number | null;
  readonly blocks: number;
  /** Values in a block; what is left over at the end counts in the mean alone. */
  readonly blockLength: number;
}

/** @param values none is NaN. */
export function meanAlong(values: ArrayLike<number>): MeanAlong {
  const blockLength = Math.floor(values.length / BLOCKS);
  const enough = blockLength >= SHORTEST_BLOCK;
  return {
    mean: mean(values),
    count: values.length,
    standardError: enough ? blockStandardError(values, BLOCKS) : null,
    blocks: enough ? BLOCKS : 0,
    blockLength: enough ? blockLength : 0,
  };
}
