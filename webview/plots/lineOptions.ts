// What a line chart is told: sizes, ranges, ticks, looks. Both that draw it, uPlot and our painter, go by these. Pure.
import type { Theme } from '../ui/theme';
import type { StepScale } from './decimate';
import type { Frame } from './frame';
import { linearTicks, logTicks, tickDigits } from './ticks';

/** How a curve looks, by more than its colour. */
export interface LineLook {
  readonly stroke: string;
  /** CSS pixels. */
  readonly width: number;
  readonly dash?: readonly number[];
  /** Diameter of the markers that stand on the curve's points while they stand apart. */
  readonly markers?: number;
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
  readonly scale: StepScale;
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

/** Markers help while they stand apart; as a solid row they only thicken the line. */
export const isSparse = (points: number, width: number): boolean => points * 8 < width;

export const xTicks = ({ scale, width }: LineOptions, [low, high]: Range): number[] =>
  scale === 'log' ? logTicks(low, high) : linearTicks(low, high, Math.max(2, Math.floor(width / 120)));

/** Pixels between an axis and its numbers. */
export const X_GAP = 6;
export const Y_GAP = 8;
/** Room under a chart that has no step axis. */
export const FLOOR = 4;

export function yTexts({ yText }: LineOptions, ticks: readonly number[]): string[] {
  const digits = tickDigits(ticks);
  return yText?.(ticks) ?? ticks.map((value) => value.toFixed(digits));
}
