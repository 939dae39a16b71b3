// A line chart painted by ourselves, for saved pictures: the layout and the order that uPlot has on screen, which a test
// holds it to. uPlot cannot draw on a recorder: its curves are Path2D objects, which nothing can read back.
import type { Brush } from '../ui/brush';
import type { Line } from './decimate';
import type { Frame } from './frame';
import type { AxisScale } from './ticks';
import {
  FLOOR,
  RING,
  showsMarkers,
  X_GAP,
  xText,
  xTicks,
  Y_GAP,
  yTexts,
  type LineLook,
  type LineOptions,
} from './lineOptions';

/** Inside (0, 0, options.width, options.height), CSS pixels. @param lines one for each look */
export function paintLines(brush: Brush, options: LineOptions, lines: readonly Line[]): void {
  const { theme, looks, width } = options;
  brush.fillStyle = theme.color('ar-bg');
  brush.fillRect(0, 0, width, options.height);
  const frame = layOut(brush, options);
  drawAxes(frame, options);
  options.under(frame);
  brush.save();
  brush.beginPath();
  const { left, top, width: across, height: down } = frame.box;
  brush.rect(left, top, across, down);
  brush.clip();
  looks.forEach((look, index) => drawCurve(frame, look, lines[index] ?? { x: [], y: [] }, options));
  brush.restore();
  options.over(frame);
}

function layOut(brush: Brush, options: LineOptions): Frame {
  const { width, left, right, top, bottom, scale, yScale } = options;
  const box = {
    left,
    top,
    width: width - left - right,
    height: options.height - top - (bottom === 0 ? FLOOR : bottom),
  };
  const [first, last] = options.xRange();
  const [low, high] = options.yRange();
  return {
    brush,
    ratio: 1,
    width,
    box,
    x: (value) => box.left + share(scale, value, first, last) * box.width,
    y: (value) => box.top + (1 - share(yScale, value, low, high)) * box.height,
  };
}

function share(scale: AxisScale | undefined, value: number, from: number, to: number): number {
  return scale === 'log' ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}

function drawAxes({ brush, box, x, y }: Frame, options: LineOptions): void {
  const { theme } = options;
  const steps = xTicks(options, options.xRange());
  const values = options.yTicks(options.yRange());
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  brush.save();
  brush.strokeStyle = theme.color('ar-grid');
  brush.lineWidth = 1;
  brush.beginPath();
  // On whole pixels, so that lines of one pixel stay one pixel.
  const sharp = (at: number) => Math.round(at) + 0.5;
  for (const step of steps) {
    brush.moveTo(sharp(x(step)), box.top);
    brush.lineTo(sharp(x(step)), bottom);
  }
  for (const value of values) {
    brush.moveTo(box.left, sharp(y(value)));
    brush.lineTo(right, sharp(y(value)));
  }
  brush.stroke();
  brush.font = theme.font(11, 1);
  brush.fillStyle = theme.color('ar-quiet');
  brush.textAlign = 'center';
  brush.textBaseline = 'top';
  if (options.bottom > 0)
    for (const step of steps) brush.fillText(xText(options, step), x(step), bottom + X_GAP);
  brush.textAlign = 'right';
  brush.textBaseline = 'middle';
  const texts = yTexts(options, values);
  values.forEach((value, index) => brush.fillText(texts[index] ?? '', box.left - Y_GAP, y(value)));
  brush.restore();
}

function drawCurve({ brush, x, y }: Frame, look: LineLook, line: Line, { width, theme }: LineOptions): void {
  brush.save();
  brush.strokeStyle = look.stroke;
  brush.lineWidth = look.width;
  brush.lineJoin = 'round';
  brush.setLineDash([...(look.dash ?? [])]);
  const points = Array.from(line.x, (at, index) => [at, line.y[index] ?? NaN] as const);
  const drawn = points.filter(([, value]) => Number.isFinite(value));
  if (look.width > 0) {
    brush.beginPath();
    let joined = false;
    for (const [at, value] of look.gaps === true ? points : drawn) {
      if (Number.isFinite(value)) {
        if (joined) brush.lineTo(x(at), y(value));
        else brush.moveTo(x(at), y(value));
      }
      joined = Number.isFinite(value);
    }
    brush.stroke();
  }
  if (showsMarkers(look, drawn.length, width)) {
    brush.setLineDash([]);
    brush.lineWidth = RING;
    brush.fillStyle = look.hollow === true ? theme.color('ar-bg') : look.stroke;
    for (const [at, value] of drawn) {
      brush.beginPath();
      brush.arc(x(at), y(value), (look.markers ?? 0) / 2, 0, 2 * Math.PI);
      brush.fill();
      if (look.hollow === true) brush.stroke();
    }
  }
  brush.restore();
}
