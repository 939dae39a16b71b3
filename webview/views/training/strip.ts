// What is drawn on a strip (learning rate, gradient norm): its name, the value now, a limit if it has one.
import uPlot from 'uplot';
import type { Theme } from '../../ui/theme';
import { formatSmall } from '../../ui/format';
import { drawLine, drawText } from '../../plots/plot';

export interface StripMarks {
  readonly name: string;
  readonly now: number | undefined;
  readonly limit?: { readonly value: number; readonly label: string };
  readonly roomForNames: boolean;
}

export function drawStrip(plot: uPlot, theme: Theme, marks: StripMarks): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const right = bbox.left + bbox.width;
  const bottom = bbox.top + bbox.height;
  ctx.save();
  drawText(ctx, theme, marks.name, bbox.left, bbox.top - 10 * ratio, { align: 'left' });
  drawLine(
    ctx,
    theme.color('ar-line'),
    [],
    [
      [bbox.left, bottom],
      [right, bottom],
    ],
  );
  if (marks.now !== undefined) {
    drawText(ctx, theme, formatSmall(marks.now), ctx.canvas.width - ratio, bottom - 6 * ratio, {
      align: 'right',
      strong: true,
    });
    if (marks.roomForNames)
      drawText(ctx, theme, 'now', right + 14 * ratio, bottom - 6 * ratio, { align: 'left', quiet: true });
  }
  ctx.restore();
}

/** The limit, under the curve. */
export function drawLimit(plot: uPlot, theme: Theme, marks: StripMarks): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const right = bbox.left + bbox.width;
  ctx.save();
  const { limit } = marks;
  if (limit !== undefined) {
    const y = plot.valToPos(limit.value, 'y', true);
    drawLine(
      ctx,
      theme.color('ar-floor'),
      [2, 3],
      [
        [bbox.left, y],
        [right, y],
      ],
    );
    drawText(ctx, theme, limit.label, right - 6 * ratio, y - 8 * ratio, {
      align: 'right',
      quiet: true,
      rim: true,
    });
  }
  ctx.restore();
}
