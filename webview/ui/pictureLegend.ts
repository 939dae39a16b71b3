// The legend of a saved picture: swatches, lines and colour scales with their words, flowing over the sheet's width.
// Says nothing by colour alone: lines have dashes, areas textures, scales numbers.
import type { Brush } from './brush';
import { fitText } from './fitText';
import type { Theme } from './theme';

export type LegendKey =
  | {
      readonly kind: 'box' | 'line' | 'outline' | 'hatched' | 'dotted' | 'crossed' | 'dot' | 'ring';
      readonly colour: string;
      /** Of a line or an outline. */
      readonly dash?: readonly number[];
      readonly label: string;
    }
  | {
      readonly kind: 'scale';
      /** From the lowest value to the highest. */
      readonly colours: readonly string[];
      /** Values under the scale: `at` from 0 to 1. */
      readonly marks: ReadonlyArray<{ readonly at: number; readonly text: string }>;
      /** What is measured, with its unit. */
      readonly label: string;
    };

const ROW = 20;
const SWATCH = 20;
const SCALE = 240;
const SCALE_ROW = 36;
const GAP = 16;

interface Placed {
  readonly key: LegendKey;
  readonly x: number;
  readonly y: number;
  /** Room for the label. */
  readonly room: number;
  /** A scale's label stands beside it, or under it where that is too narrow. */
  readonly under: boolean;
}

type Measure = (text: string) => number;

/** Height in CSS pixels; 0 for no keys. */
export const legendSize = (keys: readonly LegendKey[], width: number, measure: Measure): number =>
  arrange(keys, width, measure).height;

/** @returns its height */
export function paintLegend(
  brush: Brush,
  keys: readonly LegendKey[],
  frame: { readonly left: number; readonly top: number; readonly width: number; readonly theme: Theme },
): number {
  const { left, top, width, theme } = frame;
  brush.font = theme.font(11, 1);
  const { placed, height } = arrange(keys, width, (text) => brush.measureText(text).width);
  for (const { key, x, y, room, under } of placed) {
    brush.save();
    brush.translate(left + x, top + y);
    const label = fitText(brush, key.label, room);
    if (key.kind === 'scale') paintScale(brush, key, theme);
    else paintKey(brush, key);
    brush.textAlign = 'left';
    brush.fillStyle = theme.color('ar-quiet');
    if (key.kind !== 'scale') brush.fillText(label, SWATCH + 6, 13);
    else if (under) brush.fillText(label, 0, SCALE_ROW + 8);
    else brush.fillText(label, SCALE + 12, 13);
    brush.restore();
  }
  return height;
}

function arrange(keys: readonly LegendKey[], width: number, measure: Measure) {
  const placed: Placed[] = [];
  let [x, y, row] = [0, 0, 0];
  for (const key of keys) {
    const label = measure(key.label);
    const beside = key.kind === 'scale' ? SCALE + 12 : SWATCH + 8;
    const under = key.kind === 'scale' && beside + label > width;
    const wide = Math.min(width, under ? Math.max(SCALE, label) : beside + label);
    if (x > 0 && x + wide > width) [x, y, row] = [0, y + row, 0];
    placed.push({ key, x, y, room: Math.ceil(under ? wide : wide - beside), under });
    row = Math.max(row, key.kind !== 'scale' ? ROW : under ? SCALE_ROW + 16 : SCALE_ROW);
    x += wide + GAP;
  }
  return { placed, height: y + row };
}

function paintKey(brush: Brush, key: Exclude<LegendKey, { kind: 'scale' }>): void {
  brush.fillStyle = key.colour;
  brush.strokeStyle = key.colour;
  brush.lineWidth = 2;
  switch (key.kind) {
    case 'box':
      brush.fillRect(0, 3, SWATCH, 12);
      break;
    case 'outline':
      brush.setLineDash([...(key.dash ?? [])]);
      brush.strokeRect(1, 4, SWATCH - 2, 10);
      break;
    case 'line':
      brush.setLineDash([...(key.dash ?? [])]);
      brush.beginPath();
      brush.moveTo(0, 9);
      brush.lineTo(SWATCH, 9);
      brush.stroke();
      break;
    case 'hatched':
      hatch(brush, 0, 3, SWATCH, 12);
      break;
    case 'dot':
    case 'ring':
      brush.lineWidth = 1.5;
      brush.beginPath();
      brush.arc(SWATCH / 2, 9, 3.5, 0, 2 * Math.PI);
      if (key.kind === 'dot') brush.fill();
      else brush.stroke();
      break;
    case 'crossed':
      brush.lineWidth = 1;
      brush.strokeRect(0.5, 3.5, 12, 12);
      brush.beginPath();
      brush.moveTo(3, 6);
      brush.lineTo(10, 13);
      brush.moveTo(3, 13);
      brush.lineTo(10, 6);
      brush.stroke();
      break;
    case 'dotted':
      for (let x = 2; x < SWATCH; x += 5) for (let y = 5; y < 15; y += 5) brush.fillRect(x, y, 2, 2);
      break;
    default:
      return key.kind satisfies never;
  }
  brush.setLineDash([]);
}

/** Diagonal lines in the stroke's colour over a rectangle: vectors on a canvas and in an SVG. */
export function hatch(brush: Brush, x: number, y: number, width: number, height: number, pitch = 5): void {
  brush.save();
  brush.beginPath();
  brush.rect(x, y, width, height);
  brush.clip();
  brush.lineWidth = 1;
  brush.beginPath();
  for (let from = x - height; from < x + width; from += pitch) {
    brush.moveTo(from, y + height);
    brush.lineTo(from + height, y);
  }
  brush.stroke();
  brush.restore();
}

function paintScale(brush: Brush, key: Extract<LegendKey, { kind: 'scale' }>, theme: Theme): void {
  const step = SCALE / key.colours.length;
  key.colours.forEach((colour, i) => {
    brush.fillStyle = colour;
    // A little over the next one, or seams show.
    brush.fillRect(i * step, 2, Math.min(step + 0.5, SCALE - i * step), 12);
  });
  // The quiet end of a scale is nearly the background.
  brush.strokeStyle = theme.color('ar-bar-rim');
  brush.strokeRect(0.5, 2.5, SCALE - 1, 11);
  brush.fillStyle = theme.color('ar-quiet');
  for (const { at, text } of key.marks) {
    brush.textAlign = at <= 0 ? 'left' : at >= 1 ? 'right' : 'center';
    brush.fillText(text, at * SCALE, 28);
  }
}
