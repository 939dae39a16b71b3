// One uPlot with the project's look: fixed ranges, our ticks, theme colours, a vertical cursor. Knows no data.
import uPlot from 'uplot';
import type { Theme } from '../ui/theme';
import { formatCount, formatShort } from '../ui/format';
import { linearTicks, logTicks, tickDigits } from './ticks';

export type AxisScale = 'linear' | 'log';

export interface PlotOptions {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** 0 hides the horizontal axis' text. */
  readonly bottom: number;
  readonly scale: AxisScale;
  readonly yScale?: AxisScale;
  readonly theme: Theme;
  readonly series: readonly uPlot.Series[];
  readonly xRange: () => readonly [number, number];
  readonly yRange: () => readonly [number, number];
  readonly yTicks: (range: readonly [number, number]) => number[];
  readonly yText?: (ticks: readonly number[]) => string[];
  /** Where the horizontal axis is no scale of numbers but a row of names. */
  readonly xNames?: readonly string[];
  /** Under the curves, over the grid. */
  readonly under: (plot: uPlot) => void;
  readonly over: (plot: uPlot) => void;
  /** The pointer moved; `left` is CSS pixels in the plot, negative outside. */
  readonly onCursor: (left: number) => void;
}

export function makePlot(element: HTMLElement, options: PlotOptions): uPlot {
  const { theme } = options;
  const common: uPlot.Axis = {
    stroke: theme.color('ar-quiet'),
    font: theme.font(11, 1),
    grid: { stroke: theme.color('ar-grid'), width: 1 },
    ticks: { show: false },
  };
  const places: uPlot.Axis = {
    ...common,
    size: options.bottom,
    gap: 6,
    splits: (_plot, _axis, minimum, maximum) => {
      if (options.xNames !== undefined) return options.xNames.map((_, place) => place);
      return options.scale === 'log'
        ? logTicks(minimum, maximum)
        : linearTicks(minimum, maximum, Math.max(2, Math.floor(options.width / 120)));
    },
    filter: (_plot, splits) => splits,
    values: (_plot, splits) =>
      splits.map((place) => (options.bottom === 0 ? '' : (options.xNames?.[place] ?? formatCount(place)))),
  };
  const values: uPlot.Axis = {
    ...common,
    size: options.left,
    gap: 8,
    splits: () => options.yTicks(options.yRange()),
    filter: (_plot, splits) => splits,
    values: (_plot, splits) =>
      options.yText?.(splits) ?? (options.yScale === 'log' ? splits.map(formatShort) : plainText(splits)),
  };
  return new uPlot(
    {
      width: options.width,
      height: options.height,
      padding: [options.top, options.right, options.bottom === 0 ? 4 : 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false, setScale: false } },
      scales: {
        x: { time: false, distr: options.scale === 'log' ? 3 : 1, range: () => [...options.xRange()] },
        y: { distr: options.yScale === 'log' ? 3 : 1, range: () => [...options.yRange()] },
      },
      axes: [places, values],
      series: [{}, ...options.series],
      hooks: {
        drawAxes: [options.under],
        draw: [options.over],
        setCursor: [(plot) => options.onCursor(plot.cursor.left ?? -1)],
      },
    },
    [[]],
    element,
  );
}

function plainText(splits: readonly number[]): string[] {
  const digits = tickDigits(splits);
  return splits.map((value) => value.toFixed(digits));
}

/** Text with a rim of the background, so that it stays legible over curves. */
export function drawText(
  context: CanvasRenderingContext2D,
  theme: Theme,
  text: string,
  x: number,
  y: number,
  look: {
    readonly align: CanvasTextAlign;
    readonly strong?: boolean;
    readonly quiet?: boolean;
    readonly rim?: boolean;
  },
): void {
  const ratio = uPlot.pxRatio;
  context.font = theme.font(11, ratio, look.strong === true ? 600 : 400);
  context.textAlign = look.align;
  context.textBaseline = 'middle';
  if (look.rim === true) {
    context.strokeStyle = theme.color('ar-bg');
    context.lineWidth = 3 * ratio;
    context.lineJoin = 'round';
    context.strokeText(text, x, y);
  }
  context.fillStyle = theme.color(look.quiet === true ? 'ar-quiet' : 'ar-fg');
  context.fillText(text, x, y);
}

/** `text` cut to `width` device pixels, with an ellipsis. */
export function fitText(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length)}…`;
}

export function drawLine(
  context: CanvasRenderingContext2D,
  color: string,
  dash: readonly number[],
  points: ReadonlyArray<readonly [number, number]>,
): void {
  const ratio = uPlot.pxRatio;
  context.beginPath();
  points.forEach(([x, y], index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.strokeStyle = color;
  context.lineWidth = ratio;
  context.setLineDash(dash.map((length) => length * ratio));
  context.stroke();
  context.setLineDash([]);
}
