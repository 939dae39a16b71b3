// The two charts of mutual information by distance: the estimates with their fits, and the residuals below them.
import type uPlot from 'uplot';
import type { MutualInformationTable } from '../../../src/protocol/information';
import { drawLine, drawText, makePlot } from '../../plots/plot';
import { linearTicks, logTicks } from '../../plots/ticks';
import type { Theme } from '../../ui/theme';
import type { Settings } from './settings';

const LEFT = 44;
const RIGHT = 12;

export interface DistanceInput {
  readonly found: MutualInformationTable;
  readonly scale: Settings['distances'];
}

const above = (values: Float64Array): Array<number | null> =>
  Array.from(values, (value) => (value > 0 ? value : null));

function xRange(
  { distance }: MutualInformationTable,
  scale: Settings['distances'],
): readonly [number, number] {
  const last = distance.at(-1) ?? 1;
  return scale === 'log' ? [0.9, Math.max(2, last * 1.1)] : [0, Math.max(2, last)];
}

export function drawInformation(element: HTMLElement, theme: Theme, { found, scale }: DistanceInput): uPlot {
  const [bits, control] = [above(found.bits), above(found.shuffledBits)];
  const fits = found.fits.map(({ fittedBits }) =>
    Array.from(fittedBits, (value, row) => (row < found.used && value > 0 ? value : null)),
  );
  const drawn = [...bits, ...control, found.chanceBits].filter((value) => value !== null && value > 0);
  const low = drawn.reduce<number>((least, value) => Math.min(least, value ?? least), 1);
  // Estimates that are all alike still need an axis with two ends.
  const high = drawn.reduce<number>((most, value) => Math.max(most, value ?? most), 10 * low);
  const dots = (token: string, hollow: boolean) => ({
    paths: () => null,
    points: {
      show: true,
      size: 6,
      width: 1.5,
      stroke: theme.color(token),
      fill: theme.color(hollow ? 'ar-bg' : token),
    },
  });
  const styles = {
    exponential: { stroke: 'ar-line-2', dash: [] },
    power: { stroke: 'ar-line-4', dash: [6, 3] },
  };
  const plot = makePlot(element, {
    width: element.clientWidth,
    height: 220,
    left: LEFT,
    right: RIGHT,
    top: 8,
    bottom: 24,
    scale,
    yScale: 'log',
    theme,
    series: [
      ...found.fits.map(({ kind }) => ({
        stroke: theme.color(styles[kind].stroke),
        dash: styles[kind].dash,
        width: 1.5,
        points: { show: false },
      })),
      dots('ar-quiet', true),
      dots('ar-line-1', false),
    ],
    xRange: () => xRange(found, scale),
    yRange: () => [low / 1.5, high * 1.5],
    yTicks: ([bottom, top]) => logTicks(bottom, top),
    under: (made) => markLevel(made, theme, found.chanceBits),
    over: () => undefined,
    onCursor: () => undefined,
  });
  plot.setData([Array.from(found.distance), ...fits, control, bits]);
  return plot;
}

export function drawResiduals(element: HTMLElement, theme: Theme, { found, scale }: DistanceInput): uPlot {
  const most = found.fits.reduce((peak, { residuals }) => Math.max(peak, ...residuals.map(Math.abs)), 0.1);
  const range = [-most * 1.2, most * 1.2] as const;
  const looks = {
    exponential: { stroke: theme.color('ar-line-2'), dash: [] },
    power: { stroke: theme.color('ar-line-4'), dash: [6, 3] },
  };
  const plot = makePlot(element, {
    width: element.clientWidth,
    height: 104,
    left: LEFT,
    right: RIGHT,
    top: 20,
    bottom: 0,
    scale,
    theme,
    series: found.fits.map(({ kind }) => ({
      ...looks[kind],
      width: 1.25,
      points: { show: true, size: 4, width: 0, fill: looks[kind].stroke },
    })),
    xRange: () => xRange(found, scale),
    yRange: () => range,
    yTicks: ([low, high]) => linearTicks(low, high, 3),
    under: (made) => {
      markLevel(made, theme, 0);
      const { ctx, bbox } = made;
      const y = bbox.top - 8 * window.devicePixelRatio;
      drawText(ctx, theme, 'residuals: ln(estimate) − ln(fit)', bbox.left, y, { align: 'left' });
    },
    over: () => undefined,
    onCursor: () => undefined,
  });
  const rows = Array.from(found.distance);
  plot.setData([rows, ...found.fits.map(({ residuals }) => rows.map((_, row) => residuals[row] ?? null))]);
  return plot;
}

function markLevel(plot: uPlot, theme: Theme, value: number): void {
  const { ctx, bbox } = plot;
  const y = plot.valToPos(value, 'y', true);
  if (!Number.isFinite(y)) return;
  ctx.save();
  drawLine(
    ctx,
    theme.color('ar-floor'),
    [2, 3],
    [
      [bbox.left, y],
      [bbox.left + bbox.width, y],
    ],
  );
  ctx.restore();
}
