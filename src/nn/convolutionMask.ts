// Which places of a k × k kernel a masked convolution reads. One source for the layers that compute and for the
// connectivity that families declare. Knows no tensor and no family.

/** A excludes the output's own sub-pixel, B includes it. */
export type MaskType = 'A' | 'B';

export interface ConvolutionMask {
  /** [rows down, columns right] from the output, without [0, 0], in the kernel's row-major order. */
  readonly offsets: ReadonlyArray<readonly [rows: number, columns: number]>;
  /** Which channel groups of the output's own pixel are read: R → G → B inside the centre. */
  readonly centre: 'none' | 'before' | 'upTo' | 'all';
}

/** Rows above in full, the own row to the left, and of the own pixel what the type says. van den Oord et al. 2016a. */
export function rasterMask(kernel: number, type: MaskType): ConvolutionMask {
  const r = radius(kernel);
  return {
    offsets: box(-r, 0, -r, r).filter(([row, column]) => row < 0 || column < 0),
    centre: type === 'A' ? 'before' : 'upTo',
  };
}

/**
 * The vertical stack's: rows −r … 0 in full. It may read its own row, because what the horizontal stack takes from it
 * is shifted down by one (`ROW_ABOVE`). van den Oord et al. 2016b, section 2.2.
 */
export function verticalMask(kernel: number): ConvolutionMask {
  const r = radius(kernel);
  return { offsets: box(-r, 0, -r, r), centre: 'all' };
}

/** The horizontal stack's: the own row to the left, and of the own pixel what the type says. */
export function horizontalMask(kernel: number, type: MaskType): ConvolutionMask {
  return { offsets: box(0, 0, -radius(kernel), -1), centre: type === 'A' ? 'before' : 'upTo' };
}

/** A first layer of whole rows above, its own not among them: `verticalMask` moved down by one. Salimans et al. 2017. */
export function rowsAboveMask(kernel: number): ConvolutionMask {
  const r = radius(kernel);
  return { offsets: box(-r - 1, -1, -r, r), centre: 'none' };
}

/** A first layer of the row above and of the own row to the left. */
export function nextToMask(kernel: number): ConvolutionMask {
  const r = radius(kernel);
  return { offsets: [...box(-1, -1, -r, r), ...box(0, 0, -Math.max(1, r), -1)], centre: 'none' };
}

/** Above and to the left, the own row and column in full: for features that know nothing of their own pixel. */
export function aboveLeftMask(kernel: number): ConvolutionMask {
  const r = radius(kernel);
  return { offsets: box(-r, 0, -r, 0), centre: 'all' };
}

/** Everything around and the own pixel: for what is known before the first pixel, a condition. */
export function wholeMask(kernel: number): ConvolutionMask {
  const r = radius(kernel);
  return { offsets: box(-r, r, -r, r), centre: 'all' };
}

/** A 1 × 1 convolution of such features: every channel group reads all of them. */
export const WHOLE_PIXEL: ConvolutionMask = { offsets: [], centre: 'all' };

/** The shift from the vertical stack to the horizontal: the pixel above, all of its channels. */
export const ROW_ABOVE: ConvolutionMask = { offsets: [[-1, 0]], centre: 'none' };

/** A 1 × 1 convolution that keeps the order of the channel groups. */
export const OWN_PIXEL: ConvolutionMask = { offsets: [], centre: 'upTo' };

/** Whether channel group `to` of the own pixel reads channel group `from`. */
export function centreReads(centre: ConvolutionMask['centre'], to: number, from: number): boolean {
  switch (centre) {
    case 'none':
      return false;
    case 'before':
      return from < to;
    case 'upTo':
      return from <= to;
    case 'all':
      return true;
    default:
      return centre satisfies never;
  }
}

/**
 * The mask as a person draws it: the smallest odd square around the centre, 1 where something is read.
 * @param groups how many channel groups there are; the centre counts as read when any group reads any other
 */
export function maskRows({ offsets, centre }: ConvolutionMask, groups = 1): number[][] {
  const r = offsets.reduce((most, [row, column]) => Math.max(most, Math.abs(row), Math.abs(column)), 0);
  const rows = Array.from({ length: 2 * r + 1 }, () => new Array<number>(2 * r + 1).fill(0));
  for (const [row, column] of offsets) (rows[r + row] as number[])[r + column] = 1;
  if (centreReads(centre, groups - 1, 0)) (rows[r] as number[])[r] = 1;
  return rows;
}

function radius(kernel: number): number {
  if (Number.isInteger(kernel) && kernel >= 1 && kernel % 2 === 1) return (kernel - 1) / 2;
  throw new Error(`convolutionMask: expected an odd kernel size, got ${kernel}`);
}

function box(top: number, bottom: number, left: number, right: number): Array<[number, number]> {
  const offsets: Array<[number, number]> = [];
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      if (row !== 0 || column !== 0) offsets.push([row, column]);
    }
  }
  return offsets;
}
