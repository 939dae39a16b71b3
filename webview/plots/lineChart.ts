// Curves over one axis with the project's look: fixed ranges, our ticks, theme colours, a vertical cursor. On screen
// uPlot draws, which stays smooth at 100,000 points; a saved picture is painted by linePainter.ts. Knows no run.
import uPlot from 'uplot';
import type { Painting } from '../ui/picture';
import { align, type Line } from './decimate';
import type { Frame } from './frame';
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
import type { Theme } from '../ui/theme';
import { paintLines } from './linePainter';

export class LineChart {
  private readonly plot: uPlot;
  private lines: readonly Line[] = [];

  constructor(
    element: HTMLElement,
    private readonly options: LineOptions,
  ) {
    this.plot = makePlot(element, options);
  }

  /** One for each look, in the same order. */
  setLines(lines: readonly Line[]): void {
    this.lines = lines;
    const { x, y } = align(lines, this.options.looks);
    this.plot.setData([x, ...y]);
  }

  /** Draws again what lies under and over the curves. */
  redraw(): void {
    this.plot.redraw(false, true);
  }

  /** Moves the vertical line; undefined takes it away. */
  showCursor(x: number | undefined): void {
    const left = x === undefined ? -10 : this.plot.valToPos(x, 'x');
    this.plot.setCursor({ left, top: x === undefined ? -10 : 0 }, false);
  }

  painting(caption: string): Painting {
    const { options, lines } = this;
    const { width, height } = options;
    return { width, height, caption, paint: (brush) => paintLines(brush, options, lines) };
  }

  destroy(): void {
    this.plot.destroy();
  }
}

function makePlot(element: HTMLElement, options: LineOptions): uPlot {
  const { theme } = options;
  const common: uPlot.Axis = {
    stroke: theme.color('ar-quiet'),
    font: theme.font(11, 1),
    grid: { stroke: theme.color('ar-grid'), width: 1 },
    ticks: { show: false },
  };
  const steps: uPlot.Axis = {
    ...common,
    size: options.bottom,
    gap: X_GAP,
    splits: (_plot, _axis, minimum, maximum) => xTicks(options, [minimum, maximum]),
    filter: (_plot, splits) => splits,
    values: (_plot, splits) => splits.map((step) => (options.bottom === 0 ? '' : xText(options, step))),
  };
  const values: uPlot.Axis = {
    ...common,
    size: options.left,
    gap: Y_GAP,
    splits: () => options.yTicks(options.yRange()),
    filter: (_plot, splits) => splits,
    values: (_plot, splits) => yTexts(options, splits),
  };
  return new uPlot(
    {
      width: options.width,
      height: options.height,
      padding: [options.top, options.right, options.bottom === 0 ? FLOOR : 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false, setScale: false } },
      scales: {
        x: { time: false, distr: options.scale === 'log' ? 3 : 1, range: () => [...options.xRange()] },
        y: { distr: options.yScale === 'log' ? 3 : 1, range: () => [...options.yRange()] },
      },
      axes: [steps, values],
      series: [{}, ...options.looks.map((look) => seriesOf(look, theme))],
      hooks: {
        drawAxes: [(plot) => options.under(frameOf(plot))],
        draw: [(plot) => options.over(frameOf(plot))],
        setCursor: [(plot) => options.onCursor(cursorOf(plot))],
      },
    },
    [[]],
    element,
  );
}

function seriesOf(look: LineLook, theme: Theme): uPlot.Series {
  const { stroke, width, dash, markers, hollow, gaps } = look;
  return {
    spanGaps: gaps !== true,
    pxAlign: 0,
    stroke,
    width,
    ...(width === 0 ? { paths: () => null } : {}),
    ...(dash === undefined ? {} : { dash: [...dash] }),
    points:
      markers === undefined
        ? { show: false }
        : {
            show: (plot, series) => showsMarkers(look, pointsOf(plot, series), plot.width),
            size: markers,
            width: hollow === true ? RING : 0,
            stroke,
            fill: hollow === true ? theme.color('ar-bg') : stroke,
          },
  };
}

function pointsOf(plot: uPlot, series: number): number {
  let count = 0;
  for (const value of plot.data[series] ?? []) if (value !== undefined && value !== null) count++;
  return count;
}

function cursorOf(plot: uPlot): number | undefined {
  const left = plot.cursor.left ?? -1;
  return left < 0 ? undefined : plot.posToVal(left, 'x');
}

function frameOf(plot: uPlot): Frame {
  return {
    brush: plot.ctx,
    ratio: uPlot.pxRatio,
    width: plot.ctx.canvas.width,
    box: plot.bbox,
    x: (value) => plot.valToPos(value, 'x', true),
    y: (value) => plot.valToPos(value, 'y', true),
  };
}
