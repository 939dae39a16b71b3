// What is drawn on the loss chart beside its curves: what is to go, floors, the best point, labels at the line ends.
// Works in device pixels on uPlot's canvas. Must not know the run, only what to mark.
import uPlot from 'uplot';
import type { Theme } from '../../ui/theme';
import { formatCount, formatValue } from '../../ui/format';
import { placeLabels } from './labelLayout';
import { drawLine, drawText, fitText } from '../../plots/plot';

export interface Mark {
  readonly label: string;
  readonly value: number;
}
export interface LineEnd extends Mark {
  readonly step: number;
  readonly colorToken: string;
}
export interface FloorMark extends Mark {
  /** The side of the plot where the curves leave room for its label. */
  readonly side: 'left' | 'right';
}
export interface Marks {
  readonly step: number;
  readonly steps: number;
  readonly floors: readonly FloorMark[];
  readonly best: { readonly step: number; readonly value: number } | undefined;
  readonly ends: readonly LineEnd[];
  /** Without it the line ends carry values only; the names are in the legend below. */
  readonly roomForNames: boolean;
}

export const NO_MARKS: Marks = {
  step: 0,
  steps: 1,
  floors: [],
  best: undefined,
  ends: [],
  roomForNames: true,
};

export function drawUnder(plot: uPlot, theme: Theme, marks: Marks): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const right = bbox.left + bbox.width;
  ctx.save();
  if (marks.step > 0 && marks.step < marks.steps) {
    const from = Math.min(right, Math.max(bbox.left, plot.valToPos(marks.step, 'x', true)));
    ctx.fillStyle = theme.color('ar-fill');
    ctx.fillRect(from, bbox.top, right - from, bbox.height);
    if (right - from > 40 * ratio) {
      drawText(ctx, theme, 'to go', right - 4 * ratio, bbox.top + bbox.height - 10 * ratio, {
        align: 'right',
        quiet: true,
      });
    }
  }
  for (const floor of marks.floors) {
    const y = plot.valToPos(floor.value, 'y', true);
    drawLine(
      ctx,
      theme.color('ar-floor'),
      [2, 3],
      [
        [bbox.left, y],
        [right, y],
      ],
    );
  }
  // Under the curves: a label's rim must not wipe out what was measured.
  const taken = drawFloorLabels(plot, theme, marks);
  if (marks.roomForNames) drawBestLabel(plot, theme, marks, taken);
  ctx.restore();
}

export function drawOver(plot: uPlot, theme: Theme, marks: Marks): void {
  plot.ctx.save();
  drawBest(plot, theme, marks);
  drawEnds(plot, theme, marks);
  plot.ctx.restore();
}

/** Where a label stands, in canvas pixels: its middle's height and its two ends. */
interface Taken {
  readonly y: number;
  readonly from: number;
  readonly to: number;
}

function drawFloorLabels(plot: uPlot, theme: Theme, marks: Marks): readonly Taken[] {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const taken: Taken[] = [];
  ctx.font = theme.font(11, ratio);
  for (const side of ['left', 'right'] as const) {
    const floors = marks.floors.filter((floor) => floor.side === side);
    const wanted = floors.map((floor) => plot.valToPos(floor.value, 'y', true) - 8 * ratio);
    const placed = placeLabels(wanted, 14 * ratio, bbox.top, bbox.top + bbox.height);
    const x = side === 'left' ? bbox.left + 6 * ratio : bbox.left + bbox.width - 6 * ratio;
    floors.forEach((floor, index) => {
      // A name too long for the plot is cut, its value never: the table for screen readers has both in full.
      const value = ` ${formatValue(floor.value)}`;
      const free = bbox.width - 12 * ratio - ctx.measureText(value).width;
      const text = `${fitText(ctx, floor.label, free)}${value}`;
      const y = placed[index] ?? 0;
      drawText(ctx, theme, text, x, y, { align: side, quiet: true, rim: true });
      const width = ctx.measureText(text).width;
      taken.push(side === 'left' ? { y, from: x, to: x + width } : { y, from: x - width, to: x });
    });
  }
  return taken;
}

/** Canvas pixels; undefined when there is none on the axis. */
function bestPoint(plot: uPlot, marks: Marks): { readonly x: number; readonly y: number } | undefined {
  if (marks.best === undefined) return undefined;
  const x = plot.valToPos(marks.best.step, 'x', true);
  const y = plot.valToPos(marks.best.value, 'y', true);
  return Number.isFinite(x) && x >= plot.bbox.left - 1 ? { x, y } : undefined;
}

function drawBest(plot: uPlot, theme: Theme, marks: Marks): void {
  const point = bestPoint(plot, marks);
  if (point === undefined) return;
  const { ctx } = plot;
  const ratio = uPlot.pxRatio;
  ctx.beginPath();
  ctx.arc(point.x, point.y, 5 * ratio, 0, 2 * Math.PI);
  ctx.fillStyle = theme.color('ar-bg');
  ctx.fill();
  ctx.strokeStyle = theme.color('ar-line-2');
  ctx.lineWidth = 2 * ratio;
  ctx.stroke();
}

/** Pixels above the best point where its label may stand, the first that is free. */
const BEST_HEIGHTS = [44, 30, 58, 72, 86, 100] as const;

/** Narrow charts do without it: the figure above them says it. */
function drawBestLabel(plot: uPlot, theme: Theme, marks: Marks, taken: readonly Taken[]): void {
  const { best } = marks;
  const point = bestPoint(plot, marks);
  if (best === undefined || point === undefined) return;
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const text = `best ${best.value.toFixed(3)} at step ${formatCount(best.step)}`;
  ctx.font = theme.font(11, ratio);
  const half = ctx.measureText(text).width / 2;
  const [left, right] = [bbox.left + half + 4 * ratio, bbox.left + bbox.width - half - 4 * ratio];
  const center = Math.min(right, Math.max(left, point.x));
  const free = (y: number): boolean =>
    taken.every(
      (each) => Math.abs(each.y - y) >= 14 * ratio || each.to < center - half || each.from > center + half,
    );
  const top = bbox.top + 10 * ratio;
  const heights = BEST_HEIGHTS.map((above) => point.y - above * ratio);
  const labelY = heights.find((y) => y >= top && free(y)) ?? Math.max(top, heights[0] ?? top);
  drawLine(
    ctx,
    theme.color('ar-quiet'),
    [],
    [
      [point.x, labelY + 8 * ratio],
      [point.x, point.y - 6 * ratio],
    ],
  );
  drawText(ctx, theme, text, center, labelY, { align: 'center', rim: true });
}

function drawEnds(plot: uPlot, theme: Theme, marks: Marks): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const edge = bbox.left + bbox.width;
  const height = 16 * ratio;
  const ys = marks.ends.map((end) => plot.valToPos(end.value, 'y', true));
  const placed = placeLabels(ys, height, bbox.top - 4 * ratio, bbox.top + bbox.height + 4 * ratio);
  const outer = ctx.canvas.width;
  marks.ends.forEach((end, index) => {
    const at = placed[index] ?? 0;
    const color = theme.color(end.colorToken);
    const x = Math.min(edge, plot.valToPos(end.step, 'x', true));
    const y = ys[index] ?? 0;
    // Dotted up to the edge: it leads to the label and is no data.
    if (x + 8 * ratio < edge) {
      drawLine(
        ctx,
        color,
        [1, 3],
        [
          [x + 6 * ratio, y],
          [edge, y],
        ],
      );
    }
    drawLine(
      ctx,
      color,
      [],
      [
        [edge, y],
        [edge + 6 * ratio, at],
        [edge + 10 * ratio, at],
      ],
    );
    const value = end.value.toFixed(3);
    drawText(ctx, theme, value, outer - ratio, at, { align: 'right', strong: true });
    if (!marks.roomForNames) return;
    const free = outer - edge - 14 * ratio - ctx.measureText(value).width - 8 * ratio;
    ctx.font = theme.font(11, ratio);
    drawText(ctx, theme, fitText(ctx, end.label, free), edge + 14 * ratio, at, { align: 'left' });
  });
}
