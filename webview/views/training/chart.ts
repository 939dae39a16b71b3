// The training chart: loss, learning rate and gradient norm over one step axis. Fed a run, it thins, scales and draws;
// an append costs what came since, not what is there. Must not know the host or preact.
import uPlot from 'uplot';
import type { TrainingContent } from '../../../src/protocol/views';
import { formatShort } from '../../ui/format';
import type { Theme } from '../../ui/theme';
import { lowerBound } from './columns';
import { Curves, extent, scaled, smoothAll, thin } from './curves';
import type { Polyline, StepAxis } from './decimate';
import { align, pixelOf } from './decimate';
import type { FloorMark, Marks } from './marks';
import { NO_MARKS, drawOver, drawUnder } from './marks';
import { makePlot } from '../../plots/plot';
import type { RunModel } from './runModel';
import { validationsOf } from './runModel';
import { lossSeries, stripSeries } from './series';
import type { Settings } from './settings';
import type { StripMarks } from './strip';
import { drawLimit, drawStrip } from './strip';
import { linearTicks } from '../../plots/ticks';
import type { UnitChoice } from './units';

export interface ChartInput {
  readonly run: RunModel;
  readonly settings: Settings;
  readonly unit: UnitChoice;
}
type Range = readonly [number, number];

export class TrainingChart {
  curves: Curves | undefined;
  private plots: { loss: uPlot; learningRate: uPlot; gradientNorm: uPlot } | undefined;
  private built = '';
  private compared: ComparedLine[] = [];
  private comparedKey: unknown[] = [];
  private marks: Marks = NO_MARKS;
  private readonly strips: Record<'learningRate' | 'gradientNorm', StripMarks> = {
    learningRate: { name: 'Learning rate', now: undefined, roomForNames: true },
    gradientNorm: { name: 'Gradient norm', now: undefined, roomForNames: true },
  };
  private steps: Range = [1, 2];
  private losses: Range = [0, 1];
  private rates: Range = [0, 1];
  private norms: Range = [0, 1];

  constructor(
    private readonly element: HTMLElement,
    private theme: Theme,
    private readonly onCursor: (step: number | undefined) => void,
  ) {}

  get canvases(): HTMLCanvasElement[] {
    return this.all().map((plot) => plot.ctx.canvas);
  }

  update(input: ChartInput): void {
    const { run, settings } = input;
    const width = Math.max(240, Math.floor(this.element.clientWidth));
    const narrow = width < 560;
    const axis = this.axisOf(run, settings, width, narrow);
    if (this.curves?.suits(run.columns, axis, settings.smoothing) !== true) {
      this.curves = new Curves(run.columns, axis, settings.smoothing);
    } else this.curves.follow();
    this.compare(run.now, axis, settings);
    const built = [width, settings.scale, this.compared.length].join(' ');
    if (built !== this.built) this.build(width, narrow, settings);
    this.built = built;
    this.draw(input, this.curves, axis, narrow);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.built = '';
  }

  /** Moves the vertical line; undefined takes it away. */
  showCursor(step: number | undefined): void {
    for (const plot of this.all()) {
      const left = step === undefined ? -10 : plot.valToPos(step, 'x');
      plot.setCursor({ left, top: step === undefined ? -10 : 0 }, false);
    }
  }

  destroy(): void {
    for (const plot of this.all()) plot.destroy();
    this.plots = undefined;
  }

  private all(): uPlot[] {
    const { plots } = this;
    return plots === undefined ? [] : [plots.loss, plots.learningRate, plots.gradientNorm];
  }

  private axisOf(run: RunModel, settings: Settings, width: number, narrow: boolean): StepAxis {
    const pixels = Math.max(64, (width - LEFT - rightGutter(narrow)) * uPlot.pxRatio);
    return { scale: settings.scale, minimum: settings.scale === 'log' ? 1 : 0, maximum: run.steps(), pixels };
  }

  private compare(content: TrainingContent, axis: StepAxis, settings: Settings): void {
    const key = [content.compared, axis.scale, axis.maximum, axis.pixels, settings.smoothing];
    if (key.every((part, index) => part === this.comparedKey[index])) return;
    this.comparedKey = key;
    this.compared = content.compared.map((run) => {
      const validations = validationsOf(run);
      const steps = validations.map((one) => one.step);
      const line =
        validations.length > 1
          ? thin(
              axis,
              steps,
              validations.map((one) => one.nats),
            )
          : thin(axis, run.step, smoothAll(run.loss, settings.smoothing));
      // A longer run would end outside the axis: it is cut where the axis ends.
      const end = lowerBound(line.x, axis.maximum + 1);
      return { label: run.label, line: { x: line.x.slice(0, end), y: line.y.slice(0, end) } };
    });
  }

  private build(width: number, narrow: boolean, settings: Settings): void {
    this.destroy();
    this.element.replaceChildren();
    const common = {
      width,
      left: LEFT,
      right: rightGutter(narrow),
      scale: settings.scale,
      theme: this.theme,
      xRange: () => this.steps,
    };
    const loss = makePlot(this.element, {
      ...common,
      height: narrow ? 264 : 372,
      top: 8,
      bottom: 26,
      series: lossSeries(this.theme, this.compared.length),
      yRange: () => this.losses,
      yTicks: ([low, high]) => linearTicks(low, high, narrow ? 5 : 9),
      under: (plot) => drawUnder(plot, this.theme, this.marks),
      over: (plot) => drawOver(plot, this.theme, this.marks),
      onCursor: (left) => this.onPointer(loss, left),
    });
    const strip = (name: 'learningRate' | 'gradientNorm', range: () => Range): uPlot => {
      const plot = makePlot(this.element, {
        ...common,
        height: 80,
        top: 24,
        bottom: 0,
        series: stripSeries(this.theme),
        yRange: range,
        yTicks: ([, high]) => [high],
        yText: (ticks) => ticks.map(formatShort),
        under: (drawn) => drawLimit(drawn, this.theme, this.strips[name]),
        over: (drawn) => drawStrip(drawn, this.theme, this.strips[name]),
        onCursor: (left) => this.onPointer(plot, left),
      });
      return plot;
    };
    const learningRate = strip('learningRate', () => this.rates);
    const gradientNorm = strip('gradientNorm', () => this.norms);
    this.plots = { loss, learningRate, gradientNorm };
  }

  private onPointer(plot: uPlot, left: number): void {
    this.onCursor(left < 0 ? undefined : plot.posToVal(left, 'x'));
  }

  private draw(input: ChartInput, curves: Curves, axis: StepAxis, narrow: boolean): void {
    const { run, unit } = input;
    const { plots } = this;
    if (plots === undefined) return;
    const validations = run.validations().filter((one) => one.step >= axis.minimum);
    const validation: Polyline = {
      x: validations.map((one) => one.step),
      y: validations.map((one) => one.nats * unit.factor),
    };
    const smooth = scaled(curves.smooth.points(), unit.factor);
    const compared = this.compared.map(({ line }) => scaled(line, unit.factor));
    const curve = validation.x.length > 1 ? validation : smooth;
    const floors = run.now.record.floors.map((floor): FloorMark => {
      const value = floor.nats * unit.factor;
      return { label: floor.label, value, side: roomySide(axis, curve, value) };
    });
    const lines = [smooth, validation, ...compared];
    this.steps = [axis.minimum, axis.maximum];
    this.losses = padded(extent([...lines.map((line) => line.y), floors.map((floor) => floor.value)]));
    this.marks = {
      step: run.step(),
      steps: axis.maximum,
      floors,
      best: bestOf(validation),
      ends: [
        ...endOf('validation', 'ar-line-2', validation),
        ...endOf('training', 'ar-line-1', smooth),
        ...compared.flatMap((line, index) => endOf(this.compared[index]?.label ?? '', 'ar-quiet', line)),
      ],
      roomForNames: !narrow,
    };
    const raw = scaled(curves.raw.points(), unit.factor);
    setLines(plots.loss, [raw, ...compared, smooth, validation]);
    this.drawStrips(run, curves, narrow);
  }

  private drawStrips(run: RunModel, curves: Curves, narrow: boolean): void {
    const { plots } = this;
    if (plots === undefined) return;
    const { learningRate, gradientNorm } = run.columns;
    const rates = curves.learningRate.points();
    const norms = curves.gradientNorm.points();
    const clip = run.now.clip;
    this.rates = [0, extent([rates.y])?.[1] || 1];
    this.norms = [0, usualTop(norms.y, clip)];
    this.strips.learningRate = {
      ...this.strips.learningRate,
      now: learningRate.at(-1),
      roomForNames: !narrow,
    };
    this.strips.gradientNorm = {
      name: 'Gradient norm',
      now: gradientNorm.at(-1),
      roomForNames: !narrow,
      ...(clip === undefined ? {} : { limit: { value: clip, label: `clipped at ${formatShort(clip)}` } }),
    };
    setLines(plots.learningRate, [rates]);
    setLines(plots.gradientNorm, [norms]);
  }
}

/** A falling curve leaves room on the longer side of where it passes a floor; under its whole length on the left. */
function roomySide(axis: StepAxis, curve: Polyline, floor: number): 'left' | 'right' {
  const passed = curve.y.findIndex((value) => value <= floor);
  if (passed < 0) return curve.y.length === 0 ? 'right' : 'left';
  return pixelOf(axis, curve.x[passed] ?? 0) > axis.pixels / 2 ? 'left' : 'right';
}

interface ComparedLine {
  readonly label: string;
  /** Nats per element. */
  readonly line: Polyline;
}

const LEFT = 44;
const rightGutter = (narrow: boolean) => (narrow ? 52 : 136);

function setLines(plot: uPlot, lines: readonly Polyline[]): void {
  const { x, y } = align(lines);
  plot.setData([x, ...y]);
}

function padded(range: Range | undefined): Range {
  if (range === undefined) return [0, 1];
  const [low, high] = range;
  const room = high > low ? (high - low) * 0.06 : Math.max(0.05, Math.abs(high) * 0.05);
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

/** A single spike must not flatten the rest: the strip ends at a few times the usual size, or above the limit. */
function usualTop(values: readonly number[], limit: number | undefined): number {
  const highest = extent([values])?.[1] ?? 1;
  const sorted = [...values].sort((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length / 2)] ?? 1;
  const enough = Math.max(5 * usual, limit === undefined ? 0 : 1.5 * limit);
  return Math.max(Math.min(highest, enough), limit === undefined ? 0 : 1.2 * limit) || 1;
}

function bestOf(line: Polyline): { step: number; value: number } | undefined {
  const lowest = line.y.reduce(
    (best, value, index) => (value < (line.y[best] ?? Infinity) ? index : best),
    0,
  );
  const value = line.y[lowest];
  const step = line.x[lowest];
  return value === undefined || step === undefined ? undefined : { step, value };
}

function endOf(label: string, colorToken: string, line: Polyline) {
  const step = line.x.at(-1);
  const value = line.y.at(-1);
  return step === undefined || value === undefined ? [] : [{ label, colorToken, step, value }];
}
