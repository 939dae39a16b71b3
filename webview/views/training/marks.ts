// What is drawn on the loss chart beside its curves: what is to go, floors, the best point, labels at the line ends.
// Works in device pixels on uPlot's canvas. Must not know the run, only what to mark.
import uPlot from 'uplot';
import type { Theme } from '../../ui/theme';
import { formatCount } from '../../ui/format';
import { placeLabels } from './labelLayout';
import { drawLine, drawText, fitText } from './plot';

export interface Mark {
  readonly label: string;
  readonly value: number;
}
export interface LineEnd extends Mark {
  readonly step: number;
  readonly colorToken: string;
}
export interface Marks {
  readonly step: number;
  readonly steps: number;
  readonly floors: readonly Mark[];
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
  ctx.restore();
}

export function drawOver(plot: uPlot, theme: Theme, marks: Marks): void {
  plot.ctx.save();
  drawFloorLabels(plot, theme, marks);
  drawBest(plot, theme, marks);
  drawEnds(plot, theme, marks);
  plot.ctx.restore();
}

function drawFloorLabels(plot: uPlot, theme: Theme, marks: Marks): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const wanted = marks.floors.map((floor) => plot.valToPos(floor.value, 'y', true) - 8 * ratio);
  const placed = placeLabels(wanted, 14 * ratio, bbox.top, bbox.top + bbox.height);
  marks.floors.forEach((floor, index) => {
    const text = `${floor.label} ${floor.value.toFixed(2)}`;
    const at = placed[index] ?? 0;
    drawText(ctx, theme, text, bbox.left + bbox.width - 6 * ratio, at, {
      align: 'right',
      quiet: true,
      rim: true,
    });
  });
}

function drawBest(plot: uPlot, theme: Theme, marks: Marks): void {
  const { best } = marks;
  if (best === undefined) return;
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const x = plot.valToPos(best.step, 'x', true);
  const y = plot.valToPos(best.value, 'y', true);
  if (!Number.isFinite(x) || x < bbox.left - 1) return;
  const labelY = Math.max(bbox.top + 10 * ratio, y - 36 * ratio);
  if (marks.roomForNames) {
    drawLine(
      ctx,
      theme.color('ar-quiet'),
      [],
      [
        [x, labelY + 8 * ratio],
        [x, y - 6 * ratio],
      ],
    );
  }
  ctx.beginPath();
  ctx.arc(x, y, 5 * ratio, 0, 2 * Math.PI);
  ctx.fillStyle = theme.color('ar-bg');
  ctx.fill();
  ctx.strokeStyle = theme.color('ar-line-2');
  ctx.lineWidth = 2 * ratio;
  ctx.stroke();
  // Without room, the figure above the chart says it.
  if (!marks.roomForNames) return;
  const text = `best ${best.value.toFixed(3)} at step ${formatCount(best.step)}`;
  ctx.font = theme.font(11, ratio);
  const half = ctx.measureText(text).width / 2;
  const center = Math.min(
    bbox.left + bbox.width - half - 4 * ratio,
    Math.max(bbox.left + half + 4 * ratio, x),
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
    drawLine(
      ctx,
      color,
      [],
      [
        [x + 3 * ratio, ys[index] ?? 0],
        [Math.max(edge, x + 3 * ratio), ys[index] ?? 0],
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
