// Paints a grid of inputs: states told apart by texture as well as hue, indices along both axes, the output as a ring with
// a dot. Pure functions over a brush: nothing is remembered.
import type { Brush } from '../../ui/brush';
import type { Theme } from '../../ui/theme';
import { STATES, stateOf, type Cells, type InputState, type Layout } from './states';

/** Room for indices left of the cells and above them. */
export const LEFT = 26;
export const TOP = 20;
/** Room for half of the last index. */
export const RIGHT = 8;
/** Below it cells touch. */
const GAPPED = 6;
const CROSSED = 7;
const HATCH = 5;

export interface GridSight {
  readonly layout: Layout;
  /** CSS pixels of a cell, its gap included. */
  readonly pitch: number;
  /** Cells that are marked: the output, and the one that is read. */
  readonly output: number;
  readonly pointed: number | undefined;
}

export const gridWidth = ({ layout, pitch }: Pick<GridSight, 'layout' | 'pitch'>): number =>
  LEFT + layout.columns * pitch + RIGHT;
export const gridHeight = ({ layout, pitch }: Pick<GridSight, 'layout' | 'pitch'>): number =>
  TOP + layout.rows * pitch + 2;

export function paintField(brush: Brush, cells: Cells, sight: GridSight, theme: Theme): void {
  paintGround(brush, sight, theme);
  const boxes = new Map<InputState, Box[]>(STATES.map((state) => [state, []]));
  cells.values.forEach((value, cell) => {
    const state = stateOf(value);
    if (state !== undefined) boxes.get(state)?.push(boxOf(cell, sight));
  });
  for (const [state, list] of boxes) if (list.length > 0) paintState(brush, state, list, theme);
  paintMarks(brush, sight, theme);
}

/** Background and indices. */
export function paintGround(brush: Brush, sight: GridSight, theme: Theme): void {
  brush.fillStyle = theme.color('ar-bg');
  brush.fillRect(0, 0, gridWidth(sight), gridHeight(sight));
  const { rows, columns, lines } = sight.layout;
  const step = stepOf(sight.pitch);
  brush.font = theme.font(11, 1);
  brush.fillStyle = theme.color('ar-quiet');
  brush.textAlign = 'center';
  for (let column = 0; column < columns; column += step) {
    brush.fillText(String(column), LEFT + (column + 0.5) * sight.pitch, TOP - 6);
  }
  brush.textAlign = 'right';
  for (let row = 0; row < rows; row += step) {
    brush.fillText(String(lines ? row * columns : row), LEFT - 6, TOP + (row + 0.5) * sight.pitch + 4);
  }
}

/** The output, and the cell that is read: over whatever was painted. */
export function paintMarks(brush: Brush, sight: GridSight, theme: Theme): void {
  const [x, y, width, height] = boxOf(sight.output, sight);
  brush.fillStyle = theme.color('ar-bg');
  brush.fillRect(x, y, width, height);
  brush.strokeStyle = theme.color('ar-current');
  brush.lineWidth = 2;
  brush.strokeRect(x + 0.5, y + 0.5, Math.max(2, width - 1), Math.max(2, height - 1));
  if (width > 5) {
    brush.fillStyle = theme.color('ar-current');
    brush.beginPath();
    brush.arc(x + width / 2, y + height / 2, Math.max(1.5, width / 6), 0, 2 * Math.PI);
    brush.fill();
  }
  if (sight.pointed === undefined) return;
  const [left, top, wide, high] = boxOf(sight.pointed, sight);
  brush.strokeStyle = theme.color('ar-fg');
  brush.lineWidth = 1.5;
  brush.strokeRect(left - 1.25, top - 1.25, wide + 2.5, high + 2.5);
}

/** A cell by itself, for the legend. */
export function paintSwatch(brush: Brush, state: InputState | 'output', size: number, theme: Theme): void {
  brush.fillStyle = theme.color('ar-bg');
  brush.fillRect(0, 0, size, size);
  if (state !== 'output') {
    const half = size / 2;
    const quarters: Box[] = [0, half].flatMap((x) => [0, half].map((y): Box => [x, y, half, half]));
    return paintState(brush, state, state === 'shallow' ? quarters : [[0, 0, size, size]], theme);
  }
  brush.translate(-LEFT, -TOP);
  const layout = { rows: 1, columns: 1, lines: false };
  paintMarks(brush, { layout, pitch: size + 1, output: 0, pointed: undefined }, theme);
}

type Box = readonly [x: number, y: number, width: number, height: number];

export function boxOf(cell: number, { layout, pitch }: GridSight): Box {
  const [row, column] = [Math.floor(cell / layout.columns), cell % layout.columns];
  const side = pitch - (pitch >= GAPPED ? 1 : 0);
  return [LEFT + column * pitch, TOP + row * pitch, side, side];
}

/** solid = seen · hatched = blind · a dot = too shallow · grey = future · crossed = a leak */
function paintState(brush: Brush, state: InputState, boxes: readonly Box[], theme: Theme): void {
  brush.beginPath();
  switch (state) {
    case 'seen':
    case 'future':
      brush.fillStyle = theme.color(`ar-${state}`);
      for (const [x, y, width, height] of boxes) brush.rect(x, y, width, height);
      brush.fill();
      return;
    case 'blind':
      brush.strokeStyle = theme.color('ar-blind');
      brush.lineWidth = 1.5;
      for (const box of boxes) hatch(brush, box);
      brush.stroke();
      return;
    case 'shallow':
      brush.fillStyle = theme.color('ar-shallow');
      for (const [x, y, width, height] of boxes) {
        const dot = width >= 10 ? 3 : width >= 6 ? 2 : 1;
        brush.rect(x + Math.floor((width - dot) / 2), y + Math.floor((height - dot) / 2), dot, dot);
      }
      brush.fill();
      return;
    case 'leak':
      paintLeaks(brush, boxes, theme);
      return;
    default:
      return state satisfies never;
  }
}

/** Diagonals that go on from cell to cell: x + y is a multiple of the pitch. */
function hatch(brush: Brush, [x, y, width, height]: Box): void {
  for (let sum = Math.ceil((x + y) / HATCH) * HATCH; sum <= x + y + width + height; sum += HATCH) {
    const [from, to] = [Math.max(x, sum - y - height), Math.min(x + width, sum - y)];
    if (from >= to) continue;
    brush.moveTo(from, sum - from);
    brush.lineTo(to, sum - to);
  }
}

/** A red cross in a red frame; where there is no room for it, red: it must not be missed among thousands. */
function paintLeaks(brush: Brush, boxes: readonly Box[], theme: Theme): void {
  const roomy = (boxes[0]?.[2] ?? 0) >= CROSSED;
  if (!roomy) {
    brush.fillStyle = theme.color('ar-leak');
    for (const [x, y, width, height] of boxes) brush.rect(x, y, width, height);
    brush.fill();
    return;
  }
  brush.strokeStyle = theme.color('ar-leak');
  brush.lineWidth = 1;
  for (const [x, y, width, height] of boxes) {
    brush.rect(x + 0.5, y + 0.5, width - 1, height - 1);
    brush.moveTo(x + 2.5, y + 2.5);
    brush.lineTo(x + width - 2.5, y + height - 2.5);
    brush.moveTo(x + 2.5, y + height - 2.5);
    brush.lineTo(x + width - 2.5, y + 2.5);
  }
  brush.stroke();
}

/** Cells between two labelled ones. */
function stepOf(pitch: number): number {
  for (const step of [1, 2, 4, 7, 8, 14, 16]) if (step * pitch >= 26) return step;
  return 32;
}
