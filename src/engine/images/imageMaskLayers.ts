// A tap graph's layers as kernels that a person draws: rows of zeros and ones, and which channel groups the centre reads.
// Pure: knows tap graphs only.
import type { GridTaps, TapNode, Taps } from '../../families/family';
import { centreReads, maskRows } from '../../nn/convolutionMask';
import type { ImageMaskLayer } from '../../protocol/images';

/** What only sums or scales masks nothing and is left out. */
export function imageMaskLayers(nodes: readonly TapNode[], channels: number): ImageMaskLayer[] {
  const layers: ImageMaskLayer[] = [];
  for (const { id, title, inputs } of nodes) {
    for (const { taps } of inputs) {
      if (taps.kind === 'pointwise') continue;
      layers.push({
        layer: layers.length + 1,
        id,
        title,
        type: maskTypeOf(taps),
        ...shownOf(taps, channels),
      });
    }
  }
  return layers;
}

function shownOf(
  taps: Exclude<Taps, { kind: 'pointwise' }>,
  channels: number,
): Pick<ImageMaskLayer, 'rows' | 'centre'> {
  const groups = Array.from({ length: channels }, (_, group) => group);
  if (taps.kind === 'causal') {
    // All that comes before, in the order of generation: drawn as the nearest 3 × 3.
    const own = groups.map((to) => groups.map((from) => Number(taps.strict ? from < to : from <= to)));
    const middle = own.some((row) => row.includes(1)) ? 1 : 0;
    return {
      rows: [
        [1, 1, 1],
        [1, middle, 0],
        [0, 0, 0],
      ],
      centre: own,
    };
  }
  return {
    rows: maskRows(taps, channels),
    centre: groups.map((to) => groups.map((from) => Number(centreReads(taps.centre, to, from)))),
  };
}

export function maskTypeOf(taps: Exclude<Taps, { kind: 'pointwise' }>): ImageMaskLayer['type'] {
  if (taps.kind === 'causal') return 'order';
  const { offsets, centre } = taps;
  if (offsets.length === 0) return 'pointwise';
  const letter = centre === 'before' ? 'A' : 'B';
  const inRow = offsets.every(([row]) => row === 0);
  if (inRow) return `horizontal ${letter}`;
  if (centre === 'all') return 'vertical';
  return isShift(taps) ? 'shift' : letter;
}

function isShift({ offsets, centre }: GridTaps): boolean {
  return offsets.length === 1 && centre === 'none';
}
