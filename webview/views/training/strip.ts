// What is drawn on a strip (learning rate, gradient norm): its name, the value now, a limit if it has one.
import type { Theme } from '../../ui/theme';
import { formatSmall } from '../../ui/format';
import { drawLine, drawText, type Frame } from '../../plots/frame';

export interface StripMarks {
  readonly name: string;
  readonly now: number | undefined;
  readonly limit?: { readonly value: number; readonly label: string };
  readonly roomForNames: boolean;
}

export function drawStrip(frame: Frame, theme: Theme, marks: StripMarks): void {
  const { brush, box, ratio } = frame;
  const right = box.left + box.width;
  const bottom = box.top + box.height;
  brush.save();
  drawText(frame, theme, marks.name, box.left, box.top - 10 * ratio, { align: 'left' });
  drawLine(
    frame,
    theme.color('ar-line'),
    [],
    [
      [box.left, bottom],
      [right, bottom],
    ],
  );
  if (marks.now !== undefined) {
    drawText(frame, theme, formatSmall(marks.now), frame.width - ratio, bottom - 6 * ratio, {
      align: 'right',
      strong: true,
    });
    if (marks.roomForNames)
      drawText(frame, theme, 'now', right + 14 * ratio, bottom - 6 * ratio, { align: 'left', quiet: true });
  }
  brush.restore();
}

/** The limit, under the curve. */
export function drawLimit(frame: Frame, theme: Theme, marks: StripMarks): void {
  const { brush, box, ratio } = frame;
  const right = box.left + box.width;
  brush.save();
  const { limit } = marks;
  if (limit !== undefined) {
    const y = frame.y(limit.value);
    drawLine(
      frame,
      theme.color('ar-floor'),
      [2, 3],
      [
        [box.left, y],
        [right, y],
      ],
    );
    drawText(frame, theme, limit.label, right - 6 * ratio, y - 8 * ratio, {
      align: 'right',
      quiet: true,
      rim: true,
    });
  }
  brush.restore();
}
