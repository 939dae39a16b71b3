// A tap graph's layers as kernels that a person draws: rows of zeros and ones, and which channel groups the centre reads.
// Pure: knows tap graphs only.
import { stepsOf } from '../../analysis/reach/generation';
import type { GridTaps, TapGraph, Taps } from '../../families/family';
import type { ImageFacts } from '../../families/imageFamily';
import { centreReads, maskRows } from '../../nn/convolutionMask';
import type { ImageMaskLayer } from '../../protocol/images';

/** What only sums or scales masks nothing and is left out. */
export function imageMaskLayers(graph: TapGraph, facts: ImageFacts): ImageMaskLayer[] {
  const layers: ImageMaskLayer[] = [];
  for (const { id, title, inputs } of graph.nodes) {
    for (const { taps } of inputs) {
      if (taps.kind === 'pointwise') continue;
      layers.push({
        layer: layers.length + 1,
        id,
        title,
        type: maskTypeOf(taps),
        ...shownOf(taps, graph, facts),
      });
    }
  }
  return layers;
}

function shownOf(
  taps: Exclude<Taps, { kind: 'pointwise' }>,
  graph: TapGraph,
  facts: ImageFacts,
): Pick<ImageMaskLayer, 'rows' | 'centre'> {
  const { channels } = facts;
  const groups = Array.from({ length: channels }, (_, group) => group);
  if (taps.kind === 'block') return { rows: [[1]], centre: groups.map(() => groups.map(() => 1)) };
  if (taps.kind === 'causal') {
    const own = groups.map((to) => groups.map((from) => Number(taps.strict ? from < to : from <= to)));
    const middle = own.some((row) => row.includes(1)) ? 1 : 0;
    return { rows: nearest(stepsOf(graph), facts, middle), centre: own };
  }
  return {
    rows: maskRows(taps, channels),
    centre: groups.map((to) => groups.map((from) => Number(centreReads(taps.centre, to, from)))),
  };
}

/** All that comes before in the order of generation, drawn as the nearest 3 × 3 of the pixel in the middle. */
function nearest(
  step: (subpixel: number) => number,
  { height, width, channels }: ImageFacts,
  middle: number,
): number[][] {
  const [row, column] = [Math.floor(height / 2), Math.floor(width / 2)];
  const at = (r: number, c: number): number => step((r * width + c) * channels);
  return [-1, 0, 1].map((down) =>
    [-1, 0, 1].map((right) => {
      if (down === 0 && right === 0) return middle;
      const [r, c] = [row + down, column + right];
      // Beyond the edge of a small image: as raster order has it.
      if (r < 0 || r >= height || c < 0 || c >= width) return Number(down < 0 || (down === 0 && right < 0));
      return Number(at(r, c) < at(row, column));
    }),
  );
}

export function maskTypeOf(taps: Exclude<Taps, { kind: 'pointwise' }>): ImageMaskLayer['type'] {
  if (taps.kind === 'causal') return 'order';
  if (taps.kind === 'block') return 'pointwise';
  const { offsets, centre } = taps;
  if (offsets.length === 0) return 'pointwise';
  if (isShift(taps)) return 'shift';
  const letter = centre === 'before' || centre === 'none' ? 'A' : 'B';
  const inRow = offsets.every(([row]) => row === 0);
  if (inRow) return `horizontal ${letter}`;
  const ahead = offsets.some(([row, column]) => row === 0 && column > 0);
  return centre === 'all' && ahead ? 'vertical' : letter;
}

function isShift({ offsets, centre }: GridTaps): boolean {
  return offsets.length === 1 && centre === 'none';
}
