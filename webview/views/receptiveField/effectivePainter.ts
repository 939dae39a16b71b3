// Paints what an output is sensitive to: heat on a logarithmic scale, and the outlines of the areas that hold most of it,
// told apart by weight and dash. Pure functions over a brush.
import type { EffectiveMap, FieldReport } from '../../../src/protocol/receptiveField';
import type { Brush } from '../../ui/brush';
import type { LegendKey } from '../../ui/pictureLegend';
import type { Theme } from '../../ui/theme';
import { isAllowed } from './states';
import { boxOf, paintGround, paintMarks, type GridSight } from './painter';

const STEPS = 16;
/** Powers of ten below the strongest that the scale shows. */
const DECADES = 4;
/** Of the areas, the smallest first. */
export const OUTLINES = [
  { width: 3, dash: [] },
  { width: 1.5, dash: [] },
  { width: 1.5, dash: [2, 2] },
] as const;

export const heatColours = (theme: Theme): string[] =>
  Array.from({ length: STEPS }, (_, at) => theme.color(`ar-seq-${at}`));

/** One channel's inputs; what is 0 is not painted. */
export function paintEffective(
  brush: Brush,
  {
    report,
    map,
    plane,
  }: { readonly report: FieldReport; readonly map: EffectiveMap; readonly plane: number },
  sight: GridSight,
  theme: Theme,
): void {
  paintGround(brush, sight, theme);
  const { channels } = report.settings;
  // The run's own family stands first.
  const [stack] = report.stacks;
  const most = map.values.reduce((largest, value) => Math.max(largest, value), 0);
  const colours = heatColours(theme);
  const boxes = colours.map((): number[] => []);
  const future: number[] = [];
  for (let cell = 0; cell < sight.layout.rows * sight.layout.columns; cell++) {
    const input = cell * channels + plane;
    const value = map.values[input] ?? 0;
    if (value > 0) boxes[stepOf(value / most)]?.push(cell);
    else if (stack !== undefined && !isAllowed(stack, input)) future.push(cell);
  }
  fill(brush, future, theme.color('ar-future'), sight);
  for (const [at, cells] of boxes.entries()) fill(brush, cells, colours[at] ?? '', sight);
  for (const [at, { least, count }] of map.areas.entries()) {
    const line = OUTLINES[at];
    if (line === undefined || count === 0) continue;
    const holds = (cell: number) => (map.values[cell * channels + plane] ?? 0) >= least;
    outline(brush, holds, line, sight, theme);
  }
  paintMarks(brush, sight, theme);
}

/** The scale as a saved picture's legend has it. */
export function heatKeys(
  map: EffectiveMap,
  { unit, formula }: { readonly unit: string; readonly formula: string },
  theme: Theme,
): LegendKey[] {
  return [
    {
      kind: 'scale',
      colours: heatColours(theme),
      marks: [
        { at: 0, text: '10⁻⁴' },
        { at: 0.5, text: '10⁻²' },
        { at: 1, text: '1' },
      ],
      label: `${formula}, relative to the strongest input`,
    },
    ...map.areas.map(({ share, count }, at): LegendKey => ({
      kind: 'line',
      colour: theme.color('ar-fg'),
      dash: [...(OUTLINES[at]?.dash ?? [])],
      label: `${Math.round(share * 100)} % of it in ${count} ${unit}`,
    })),
  ];
}

const stepOf = (relative: number): number =>
  Math.max(0, Math.min(STEPS - 1, Math.floor((1 + Math.log10(relative) / DECADES) * STEPS)));

function fill(brush: Brush, cells: readonly number[], colour: string, sight: GridSight): void {
  if (cells.length === 0) return;
  brush.fillStyle = colour;
  brush.beginPath();
  for (const cell of cells) brush.rect(...boxOf(cell, sight));
  brush.fill();
}

/** Between cells that hold and cells that do not: on the theme's ground, so that it shows on every colour. */
function outline(
  brush: Brush,
  holds: (cell: number) => boolean,
  { width, dash }: (typeof OUTLINES)[number],
  sight: GridSight,
  theme: Theme,
): void {
  const { rows, columns } = sight.layout;
  const at = (row: number, column: number) =>
    row >= 0 && column >= 0 && row < rows && column < columns && holds(row * columns + column);
  brush.beginPath();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (!at(row, column)) continue;
      const [x, y] = boxOf(row * columns + column, sight);
      const [left, top, right, bottom] = [x - 0.5, y - 0.5, x + sight.pitch - 0.5, y + sight.pitch - 0.5];
      if (!at(row - 1, column)) line(brush, left, top, right, top);
      if (!at(row + 1, column)) line(brush, left, bottom, right, bottom);
      if (!at(row, column - 1)) line(brush, left, top, left, bottom);
      if (!at(row, column + 1)) line(brush, right, top, right, bottom);
    }
  }
  brush.setLineDash([]);
  brush.strokeStyle = theme.color('ar-bg');
  brush.lineWidth = width + 2;
  brush.stroke();
  brush.setLineDash([...dash]);
  brush.strokeStyle = theme.color('ar-fg');
  brush.lineWidth = width;
  brush.stroke();
  brush.setLineDash([]);
}

function line(brush: Brush, fromX: number, fromY: number, toX: number, toY: number): void {
  brush.moveTo(fromX, fromY);
  brush.lineTo(toX, toY);
}
