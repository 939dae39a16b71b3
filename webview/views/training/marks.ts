// What is drawn on the loss chart beside its curves: what is to go, floors, the best point, labels at the line ends.
// Works in the frame's pixels. Must not know the run, only what to mark.
import type { Theme } from '../../ui/theme';
import { formatCount, formatValue } from '../../ui/format';
import { placeLabels } from '../../plots/labelLayout';
import { drawLine, drawText, type Frame } from '../../plots/frame';
import { fitText } from '../../ui/fitText';

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

export function drawUnder(frame: Frame, theme: Theme, marks: Marks): void {
  const { brush, box, ratio } = frame;
  const right = box.left + box.width;
  brush.save();
  if (marks.step > 0 && marks.step < marks.steps) {
    const from = Math.min(right, Math.max(box.left, frame.x(marks.step)));
    brush.fillStyle = theme.color('ar-fill');
    brush.fillRect(from, box.top, right - from, box.height);
    if (right - from > 40 * ratio) {
      drawText(frame, theme, 'to go', right - 4 * ratio, box.top + box.height - 10 * ratio, {
        align: 'right',
        quiet: true,
      });
    }
  }
  for (const floor of marks.floors) {
    const y = frame.y(floor.value);
    drawLine(
      frame,
      theme.color('ar-floor'),
      [2, 3],
      [
        [box.left, y],
        [right, y],
      ],
    );
  }
  // Under the curves: a label's rim must not wipe out what was measured.
  const taken = drawFloorLabels(frame, theme, marks);
  if (marks.roomForNames) drawBestLabel(frame, theme, marks, taken);
  brush.restore();
}

export function drawOver(frame: Frame, theme: Theme, marks: Marks): void {
  frame.brush.save();
  drawBest(frame, theme, marks);
  drawEnds(frame, theme, marks);
  frame.brush.restore();
}

/** Where a label stands, in canvas pixels: its middle's height and its two ends. */
interface Taken {
  readonly y: number;
  readonly from: number;
  readonly to: number;
}

function drawFloorLabels(frame: Frame, theme: Theme, marks: Marks): readonly Taken[] {
  const { brush, box, ratio } = frame;
  const taken: Taken[] = [];
  brush.font = theme.font(11, ratio);
  for (const side of ['left', 'right'] as const) {
    const floors = marks.floors.filter((floor) => floor.side === side);
    const wanted = floors.map((floor) => frame.y(floor.value) - 8 * ratio);
    const placed = placeLabels(wanted, 14 * ratio, box.top, box.top + box.height);
    const x = side === 'left' ? box.left + 6 * ratio : box.left + box.width - 6 * ratio;
    floors.forEach((floor, index) => {
      // A name too long for the plot is cut, its value never: the table for screen readers has both in full.
      const value = ` ${formatValue(floor.value)}`;
      const free = box.width - 12 * ratio - brush.measureText(value).width;
      const text = `${fitText(brush, floor.label, free)}${value}`;
      const y = placed[index] ?? 0;
      drawText(frame, theme, text, x, y, { align: side, quiet: true, rim: true });
      const width = brush.measureText(text).width;
      taken.push(side === 'left' ? { y, from: x, to: x + width } : { y, from: x - width, to: x });
    });
  }
  return taken;
}

/** Canvas pixels; undefined when there is none on the axis. */
function bestPoint(frame: Frame, marks: Marks): { readonly x: number; readonly y: number } | undefined {
  if (marks.best === undefined) return undefined;
  const x = frame.x(marks.best.step);
  const y = frame.y(marks.best.value);
  return Number.isFinite(x) && x >= frame.box.left - 1 ? { x, y } : undefined;
}

function drawBest(frame: Frame, theme: Theme, marks: Marks): void {
  const point = bestPoint(frame, marks);
  if (point === undefined) return;
  const { brush, ratio } = frame;
  brush.beginPath();
  brush.arc(point.x, point.y, 5 * ratio, 0, 2 * Math.PI);
  brush.fillStyle = theme.color('ar-bg');
  brush.fill();
  brush.strokeStyle = theme.color('ar-line-2');
  brush.lineWidth = 2 * ratio;
  brush.stroke();
}

/** Pixels above the best point where its label may stand, the first that is free. */
const BEST_HEIGHTS = [44, 30, 58, 72, 86, 100] as const;

/** Narrow charts do without it: the figure above them says it. */
function drawBestLabel(frame: Frame, theme: Theme, marks: Marks, taken: readonly Taken[]): void {
  const { best } = marks;
  const point = bestPoint(frame, marks);
  if (best === undefined || point === undefined) return;
  const { brush, box, ratio } = frame;
  const text = `best ${best.value.toFixed(3)} at step ${formatCount(best.step)}`;
  brush.font = theme.font(11, ratio);
  const half = brush.measureText(text).width / 2;
  const [left, right] = [box.left + half + 4 * ratio, box.left + box.width - half - 4 * ratio];
  const center = Math.min(right, Math.max(left, point.x));
  const free = (y: number): boolean =>
    taken.every(
      (each) => Math.abs(each.y - y) >= 14 * ratio || each.to < center - half || each.from > center + half,
    );
  const top = box.top + 10 * ratio;
  const heights = BEST_HEIGHTS.map((above) => point.y - above * ratio);
  const labelY = heights.find((y) => y >= top && free(y)) ?? Math.max(top, heights[0] ?? top);
  drawLine(
    frame,
    theme.color('ar-quiet'),
    [],
    [
      [point.x, labelY + 8 * ratio],
      [point.x, point.y - 6 * ratio],
    ],
  );
  drawText(frame, theme, text, center, labelY, { align: 'center', rim: true });
}

function drawEnds(frame: Frame, theme: Theme, marks: Marks): void {
  const { brush, box, ratio } = frame;
  const edge = box.left + box.width;
  const height = 16 * ratio;
  const ys = marks.ends.map((end) => frame.y(end.value));
  const placed = placeLabels(ys, height, box.top - 4 * ratio, box.top + box.height + 4 * ratio);
  const outer = frame.width;
  marks.ends.forEach((end, index) => {
    const at = placed[index] ?? 0;
    const color = theme.color(end.colorToken);
    const x = Math.min(edge, frame.x(end.step));
    const y = ys[index] ?? 0;
    // Dotted up to the edge: it leads to the label and is no data.
    if (x + 8 * ratio < edge) {
      drawLine(
        frame,
        color,
        [1, 3],
        [
          [x + 6 * ratio, y],
          [edge, y],
        ],
      );
    }
    drawLine(
      frame,
      color,
      [],
      [
        [edge, y],
        [edge + 6 * ratio, at],
        [edge + 10 * ratio, at],
      ],
    );
    const value = end.value.toFixed(3);
    drawText(frame, theme, value, outer - ratio, at, { align: 'right', strong: true });
    if (!marks.roomForNames) return;
    const free = outer - edge - 14 * ratio - brush.measureText(value).width - 8 * ratio;
    brush.font = theme.font(11, ratio);
    drawText(frame, theme, fitText(brush, end.label, free), edge + 14 * ratio, at, { align: 'left' });
  });
}
