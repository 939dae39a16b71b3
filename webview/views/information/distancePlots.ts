// The two charts of mutual information by distance: the estimates with their fits, and the residuals below them.
import type { MutualInformationTable } from '../../../src/protocol/information';
import { drawLine, drawText, type Frame } from '../../plots/frame';
import { LineChart } from '../../plots/lineChart';
import { linearTicks, logTicks } from '../../plots/ticks';
import type { Theme } from '../../ui/theme';
import type { Settings } from './settings';

const LEFT = 44;
const RIGHT = 12;

export interface DistanceInput {
  readonly found: MutualInformationTable;
  readonly scale: Settings['distances'];
}

/** A logarithmic axis has no place for what is not above 0. */
const above = (values: Float64Array): number[] => Array.from(values, (value) => (value > 0 ? value : NaN));

function xRange(
  { distance }: MutualInformationTable,
  scale: Settings['distances'],
): readonly [number, number] {
  const last = distance.at(-1) ?? 1;
  return scale === 'log' ? [0.9, Math.max(2, last * 1.1)] : [0, Math.max(2, last)];
}

export function drawInformation(
  element: HTMLElement,
  theme: Theme,
  { found, scale }: DistanceInput,
): LineChart {
  const [bits, control] = [above(found.bits), above(found.shuffledBits)];
  const fits = found.fits.map(({ fittedBits }) =>
    Array.from(fittedBits, (value, row) => (row < found.used && value > 0 ? value : NaN)),
  );
  const drawn = [...bits, ...control, found.chanceBits].filter((value) => value > 0);
  const low = drawn.reduce<number>((least, value) => Math.min(least, value), 1);
  // Estimates that are all alike still need an axis with two ends.
  const high = drawn.reduce<number>((most, value) => Math.max(most, value), 10 * low);
  const dots = (token: string, hollow: boolean) => ({
    stroke: theme.color(token),
    width: 0,
    markers: 6,
    hollow,
  });
  const styles = {
    exponential: { stroke: 'ar-line-2', dash: [] },
    power: { stroke: 'ar-line-4', dash: [6, 3] },
  };
  const chart = new LineChart(element, {
    width: element.clientWidth,
    height: 220,
    left: LEFT,
    right: RIGHT,
    top: 8,
    bottom: 24,
    scale,
    yScale: 'log',
    theme,
    looks: [
      ...found.fits.map(({ kind }) => ({
        stroke: theme.color(styles[kind].stroke),
        dash: styles[kind].dash,
        width: 1.5,
        gaps: true,
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
  chart.setLines([...fits, control, bits].map((y) => ({ x: found.distance, y })));
  return chart;
}

export function drawResiduals(
  element: HTMLElement,
  theme: Theme,
  { found, scale }: DistanceInput,
): LineChart {
  const most = found.fits.reduce((peak, { residuals }) => Math.max(peak, ...residuals.map(Math.abs)), 0.1);
  const range = [-most * 1.2, most * 1.2] as const;
  const looks = {
    exponential: { stroke: theme.color('ar-line-2'), dash: [] },
    power: { stroke: theme.color('ar-line-4'), dash: [6, 3] },
  };
  const chart = new LineChart(element, {
    width: element.clientWidth,
    height: 104,
    left: LEFT,
    right: RIGHT,
    top: 20,
    bottom: 0,
    scale,
    theme,
    looks: found.fits.map(({ kind }) => ({
      ...looks[kind],
      width: 1.25,
      markers: 4,
    })),
    xRange: () => xRange(found, scale),
    yRange: () => range,
    yTicks: ([low, high]) => linearTicks(low, high, 3),
    under: (made) => {
      markLevel(made, theme, 0);
      const { box, ratio } = made;
      const y = box.top - 8 * ratio;
      drawText(made, theme, 'residuals: ln(estimate) − ln(fit)', box.left, y, { align: 'left' });
    },
    over: () => undefined,
    onCursor: () => undefined,
  });
  chart.setLines(found.fits.map(({ residuals }) => ({ x: found.distance, y: residuals })));
  return chart;
}

function markLevel(frame: Frame, theme: Theme, value: number): void {
  const { brush, box } = frame;
  const y = frame.y(value);
  if (!Number.isFinite(y)) return;
  brush.save();
  drawLine(
    frame,
    theme.color('ar-floor'),
    [2, 3],
    [
      [box.left, y],
      [box.left + box.width, y],
    ],
  );
  brush.restore();
}
