// The least and the most likely regions of an image: square windows of a fixed side that do not overlap. Pure.
import { SIDES, type SideChoice } from './settings';

export interface Region {
  readonly row: number;
  readonly column: number;
  /** Pixels of a side. */
  readonly side: number;
  readonly bits: number;
}

interface Shape {
  readonly height: number;
  readonly width: number;
}

/** Sums that differ by less are the same: rounding must not decide which window comes first. */
const SAME = 1e-9;

/**
 * The winner is taken first, then the best of what does not overlap it; of equals, the first in raster order.
 * @param bits of each pixel [height · width]
 * @param sign 1: the most bits first, the least likely regions; −1: the most likely
 */
export function regionsOf(
  bits: Float64Array,
  { height, width }: Shape,
  side: number,
  count: number,
  sign: 1 | -1,
): Region[] {
  const [rows, columns] = [height - side + 1, width - side + 1];
  const sums = windowSums(bits, { height, width }, side);
  const value = sums.map((sum) => sign * sum);
  const found: Region[] = [];
  while (found.length < count) {
    let [best, most] = [-1, -Infinity];
    for (let at = 0; at < value.length; at++) {
      if ((value[at] ?? NaN) > most + (best < 0 ? 0 : SAME)) [best, most] = [at, value[at] ?? NaN];
    }
    if (best < 0) break;
    const [row, column] = [Math.floor(best / columns), best % columns];
    found.push({ row, column, side, bits: sums[best] ?? NaN });
    for (let r = Math.max(0, row - side + 1); r < Math.min(rows, row + side); r++) {
      const from = r * columns + Math.max(0, column - side + 1);
      value.fill(-Infinity, from, r * columns + Math.min(columns, column + side));
    }
  }
  return found;
}

/** Bits of every window by its top left pixel [height − side + 1, width − side + 1]. */
function windowSums(bits: Float64Array, { height, width }: Shape, side: number): Float64Array {
  const [rows, columns] = [height - side + 1, width - side + 1];
  // Sums of everything above and to the left: a window is four of them.
  const corner = new Float64Array((height + 1) * (width + 1));
  const at = (row: number, column: number) => corner[row * (width + 1) + column] ?? 0;
  for (let row = 0; row < height; row++) {
    let line = 0;
    for (let column = 0; column < width; column++) {
      line += bits[row * width + column] ?? 0;
      corner[(row + 1) * (width + 1) + column + 1] = at(row, column + 1) + line;
    }
  }
  return Float64Array.from({ length: Math.max(0, rows * columns) }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const below = at(row + side, column + side) - at(row + side, column);
    return below - at(row, column + side) + at(row, column);
  });
}

/** The pixel in the middle, or just above and left of it. */
export const middleOf = ({ row, column, side }: Region) => ({
  row: row + ((side - 1) >> 1),
  column: column + ((side - 1) >> 1),
});

export function regionWords({ row, column, side }: Region): string {
  const range = (name: string, first: number) =>
    side === 1 ? `${name} ${first + 1}` : `${name}s ${first + 1}–${first + side}`;
  return `${range('row', row)}, ${range('column', column)}`;
}

/** The sides that fit into an image, and the one that is taken for a choice that does not. */
export function sidesFor({ height, width }: Shape, choice: SideChoice) {
  const fitting = SIDES.filter((side) => Number(side) <= Math.min(height, width));
  const side = fitting.includes(choice) ? choice : (fitting.at(-1) ?? '1');
  return { fitting, side };
}
