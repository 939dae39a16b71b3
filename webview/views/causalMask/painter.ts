// Paints a mask: cells told apart by pattern as well as colour, indices along both axes, the cell that is pointed at.
// Pure functions over a brush: only what is in sight is drawn, and nothing is remembered.
import type { MaskReport } from '../../../src/protocol/mask';
import type { Brush } from '../../ui/brush';
import type { Theme } from '../../ui/theme';
import { STATES, type Blocks, type CellState, type Place } from './cells';
import { axisName } from './places';
import { tickStep, type Viewport } from './viewport';

/** Room for indices left of the cells and above them. */
export const LEFT = 34;
export const TOP = 32;
/** Below it cells touch, and a cross has no room. */
const GAPPED = 7;
const CROSSED = 7;

export interface MatrixPicture {
  /** Of `block` × `block` cells. */
  readonly blocks: Blocks;
  readonly block: number;
  readonly view: Viewport;
  /** Of images: positions are named by row, column and channel. */
  readonly image: MaskReport['image'];
  /** Cells that are outlined: the chosen one, and the one under the pointer. */
  readonly chosen: Place | undefined;
  readonly pointed: Place | undefined;
}

export function paintMatrix(brush: Brush, picture: MatrixPicture, theme: Theme): void {
  const { side } = picture.view;
  brush.fillStyle = theme.color('ar-bg');
  brush.fillRect(0, 0, LEFT + side + 2, TOP + side + 2);
  paintAxes(brush, picture, theme);
  brush.save();
  brush.translate(LEFT, TOP);
  brush.beginPath();
  brush.rect(0, 0, side, side);
  brush.clip();
  paintCells(brush, picture, theme);
  if (picture.chosen !== undefined) outline(brush, picture, picture.chosen, theme.color('ar-link'));
  if (picture.pointed !== undefined) outline(brush, picture, picture.pointed, theme.color('ar-fg'));
  brush.restore();
}

/** A cell by itself, for the legend. */
export function paintSwatch(brush: Brush, state: CellState, size: number, theme: Theme): void {
  brush.fillStyle = theme.color('ar-bg');
  brush.fillRect(0, 0, size, size);
  paintState(brush, state, [[0, 0, size, size]], theme);
}

/** The whole mask in a small square: states by colour, what is only allowed left empty. */
export function paintSmall(brush: Brush, { size, at: stateAt }: Blocks, side: number, theme: Theme): void {
  brush.fillStyle = theme.color('ar-bg');
  brush.fillRect(0, 0, side, side);
  const at = (index: number) => Math.round((index * side) / size);
  for (const state of ['future', 'seen'] as const) {
    const code = STATES.indexOf(state);
    brush.fillStyle = theme.color(`ar-${state}`);
    for (let row = 0; row < size; row++) {
      for (let from = 0; from < size; from++) {
        if (stateAt(row, from) !== code) continue;
        let to = from + 1;
        while (to < size && stateAt(row, to) === code) to++;
        brush.fillRect(at(from), at(row), at(to) - at(from), at(row + 1) - at(row));
        from = to;
      }
    }
  }
}

type Box = readonly [x: number, y: number, width: number, height: number];

function paintCells(brush: Brush, { blocks, block, view }: MatrixPicture, theme: Theme): void {
  const pitch = block * view.scale;
  const gap = pitch >= GAPPED ? 1 : 0;
  const boxes = new Map<CellState, Box[]>(STATES.map((state) => [state, []]));
  const first = (from: number) => Math.max(0, Math.floor(from / block));
  const last = (from: number) => Math.min(blocks.size, Math.ceil((from + view.side / view.scale) / block));
  const xOf = (column: number) => Math.round((Math.min(view.length, column * block) - view.x) * view.scale);
  const yOf = (row: number) => Math.round((Math.min(view.length, row * block) - view.y) * view.scale);
  for (let row = first(view.y); row < last(view.y); row++) {
    const [y, height] = [yOf(row), yOf(row + 1) - yOf(row) - gap];
    for (let column = first(view.x); column < last(view.x); column++) {
      const state = STATES[blocks.at(row, column)] ?? 'future';
      const x = xOf(column);
      boxes.get(state)?.push([x, y, xOf(column + 1) - x - gap, height]);
    }
  }
  for (const [state, list] of boxes) if (list.length > 0) paintState(brush, state, list, theme);
}

/** solid = declared and measured · open = declared only · a dot = allowed only · grey = not allowed · crossed = a leak */
function paintState(brush: Brush, state: CellState, boxes: readonly Box[], theme: Theme): void {
  brush.beginPath();
  switch (state) {
    case 'seen':
    case 'future':
      brush.fillStyle = theme.color(`ar-${state}`);
      for (const [x, y, width, height] of boxes) brush.rect(x, y, width, height);
      brush.fill();
      return;
    case 'unseen':
      brush.strokeStyle = theme.color('ar-seen');
      brush.lineWidth = (boxes[0]?.[2] ?? 0) >= CROSSED ? 1.5 : 1;
      for (const [x, y, width, height] of boxes) brush.rect(x + 0.75, y + 0.75, width - 1.5, height - 1.5);
      brush.stroke();
      return;
    case 'shallow':
      brush.fillStyle = theme.color('ar-shallow');
      for (const [x, y, width, height] of boxes) {
        const dot = Math.max(width >= CROSSED ? 2 : 1, Math.round(Math.min(width, height) / 6));
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

/** A red cross in a red frame; where there is no room for it, red with a stripe: it must not be missed among thousands. */
function paintLeaks(brush: Brush, boxes: readonly Box[], theme: Theme): void {
  const roomy = (boxes[0]?.[2] ?? 0) >= CROSSED;
  const inset = roomy ? 2.5 : 0;
  if (!roomy) {
    brush.fillStyle = theme.color('ar-leak');
    for (const [x, y, width, height] of boxes) brush.rect(x, y, width, height);
    brush.fill();
    brush.beginPath();
  }
  brush.strokeStyle = theme.color(roomy ? 'ar-leak' : 'ar-bg');
  brush.lineWidth = 1;
  for (const [x, y, width, height] of boxes) {
    if (roomy) brush.rect(x + 0.5, y + 0.5, width - 1, height - 1);
    brush.moveTo(x + inset, y + height - inset);
    brush.lineTo(x + width - inset, y + inset);
    if (!roomy) continue;
    brush.moveTo(x + inset, y + inset);
    brush.lineTo(x + width - inset, y + height - inset);
  }
  brush.stroke();
}

function outline(
  brush: Brush,
  { block, view }: MatrixPicture,
  { output, input }: Place,
  colour: string,
): void {
  const at = (index: number, from: number) => (Math.floor(index / block) * block - from) * view.scale;
  const size = Math.max(4, block * view.scale);
  brush.strokeStyle = colour;
  brush.lineWidth = 2;
  brush.strokeRect(Math.round(at(input, view.x)) - 1, Math.round(at(output, view.y)) - 1, size + 1, size + 1);
}

function paintAxes(brush: Brush, { view, image }: MatrixPicture, theme: Theme): void {
  const { side, scale, length } = view;
  const nameOf = (index: number) => axisName(image, index);
  const step = tickStep(view, nameOf(length - 1).length);
  const end = Math.min(side, (length - Math.max(view.x, 0)) * scale);
  brush.font = theme.font(11, 1);
  brush.fillStyle = theme.color('ar-quiet');
  brush.textAlign = 'left';
  brush.fillText('↓ output', 0, 11);
  brush.textAlign = 'right';
  brush.fillText('input →', LEFT + Math.max(end, 96), 11);
  for (let index = Math.ceil(view.x / step) * step; index < length; index += step) {
    const x = (index + 0.5 - view.x) * scale;
    if (x + brush.measureText(nameOf(index)).width / 2 > side + 2) break;
    brush.textAlign = 'center';
    brush.fillText(nameOf(index), LEFT + x, TOP - 6);
  }
  for (let index = Math.ceil(view.y / step) * step; index < length; index += step) {
    const y = (index + 0.5 - view.y) * scale;
    if (y > side - 2) break;
    brush.textAlign = 'right';
    brush.fillText(nameOf(index), LEFT - 6, TOP + y + 4);
  }
}
