// What a line chart is told: sizes, ranges, ticks, looks. Both that draw it, uPlot and our painter, go by these. Pure.
import { formatCount, formatShort } from '../ui/format';
import type { Theme } from '../ui/theme';
import type { Frame } from './frame';
import { linearTicks, logTicks, tickDigits, type AxisScale } from './ticks';

/** How a curve looks, by more than its colour. */
export interface LineLook {
  readonly stroke: string;
  /** CSS pixels; 0 draws the points alone. */
  readonly width: number;
  readonly dash?: readonly number[];
  /** Diameter of the markers that stand on the curve's points while they stand apart. */
  readonly markers?: number;
  /** Markers are rings. */
  readonly hollow?: boolean;
  /** The curve is broken where a value is missing. */
  readonly gaps?: boolean;
}

type Range = readonly [low: number, high: number];

/** Lengths in CSS pixels. */
export interface LineOptions {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** 0 hides the step axis. */
  readonly bottom: number;
  readonly scale: AxisScale;
  /** Linear where it is left out. */
  readonly yScale?: AxisScale;
  /** Where the horizontal axis is no scale of numbers but a row of names, one for each whole number from 0. */
  readonly xNames?: readonly string[];
  readonly theme: Theme;
  readonly looks: readonly LineLook[];
  readonly xRange: () => Range;
  readonly yRange: () => Range;
  readonly yTicks: (range: Range) => number[];
  readonly yText?: (ticks: readonly number[]) => string[];
  /** Under the curves, over the grid. */
  readonly under: (frame: Frame) => void;
  readonly over: (frame: Frame) => void;
  /** The pointer moved to this value of x; undefined outside. */
  readonly onCursor: (x: number | undefined) => void;
}

/** Markers help while they stand apart; as a solid row they only thicken the line. Without a line they are all there is. */
export const showsMarkers = (look: LineLook, points: number, width: number): boolean =>
  look.markers !== undefined && (look.width === 0 || points * 8 < width);

export function xTicks({ scale, width, xNames }: LineOptions, [low, high]: Range): number[] {
  if (xNames !== undefined) return xNames.map((_, place) => place);
  if (scale === 'log') return logTicks(low, high);
  return linearTicks(low, high, Math.max(2, Math.floor(width / 120)));
}

export const xText = ({ xNames }: LineOptions, tick: number): string => xNames?.[tick] ?? formatCount(tick);

/** Width of a hollow marker's line, CSS pixels. */
export const RING = 1.5;
/** Pixels between an axis and its numbers. */
export const X_GAP = 6;
export const Y_GAP = 8;
/** Room under a chart that has no step axis. */
export const FLOOR = 4;

export function yTexts({ yText, yScale }: LineOptions, ticks: readonly number[]): string[] {
  const digits = tickDigits(ticks);
  const plain = yScale === 'log' ? formatShort : (value: number) => value.toFixed(digits);
  return yText?.(ticks) ?? ticks.map(plain);
}
