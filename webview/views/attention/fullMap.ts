// One map in full on a canvas: cells, token labels on both axes, row entropies beside the rows. Draws only what the
// scrolled frame shows, so 2,048 tokens cost what 30 do; says which cell lies under a point; chooses nothing.
import type { AttentionContent } from '../../../src/protocol/attentionView';
import type { Brush } from '../../ui/brush';
import { fitText } from '../../ui/fitText';
import type { Painting } from '../../ui/picture';
import type { Theme } from '../../ui/theme';
import { css } from '../../ui/shades';
import { dotsImage, shadeOf, type MapColours } from './colours';
import { dotsOf, rowStart } from './triangle';
import { labelOf, nameOf } from './words';

export interface Pointed {
  readonly row: number;
  readonly column: number;
}

export interface FullLayout {
  /** Width and height of a cell; they differ only where a narrow frame would have to be scrolled sideways. */
  readonly cell: number;
  readonly cellHeight: number;
  /** Space for labels and entropies around the cells. */
  readonly left: number;
  readonly top: number;
  readonly strip: number;
  /** Of the canvas, in CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Of all that can be scrolled to. */
  readonly scrollWidth: number;
  readonly scrollHeight: number;
}

const CELL = 17;
const LARGEST_CELL = 28;
const LEFT = 72;
const TALLEST = 480;
/** Cells below this height have no room for an 11 px label. */
const LABELLED = 12;
/** Cells that are squeezed to fit a narrow frame. */
const NARROWEST = 6;
/** Room for a scroll bar. */
const BAR = 12;

export function fullLayout(
  length: number,
  zoom: 'tokens' | 'whole',
  width: number,
  narrow: boolean,
): FullLayout {
  const top = narrow ? 18 : 66;
  const strip = narrow ? 64 : 104;
  const room = Math.max(60, width - LEFT - strip - BAR);
  const fitting = Math.min(LARGEST_CELL, Math.floor(room / length), Math.floor(TALLEST / length));
  const fits = fitting >= LABELLED;
  const whole = fits ? fitting : Math.min(room, TALLEST) / length;
  const squeezed = narrow && room / length >= NARROWEST ? Math.min(CELL, room / length) : CELL;
  const [cell, cellHeight] = fits || zoom === 'whole' ? [whole, whole] : [squeezed, CELL];
  const [across, down] = [cell * length, cellHeight * length];
  return {
    cell,
    cellHeight,
    left: LEFT,
    top,
    strip,
    width: LEFT + Math.min(across, room) + strip,
    height: top + Math.min(down, TALLEST) + 2,
    scrollWidth: LEFT + across + strip,
    scrollHeight: top + down + 2,
  };
}

/** Whether there is anything to choose between whole and tokens. */
export const canZoom = (length: number, width: number, narrow: boolean): boolean => {
  const whole = fullLayout(length, 'whole', width, narrow);
  return whole.cell < LABELLED && (!narrow || length * CELL > TALLEST);
};

export interface Shown {
  readonly content: AttentionContent;
  readonly layout: FullLayout;
  readonly scrollX: number;
  readonly scrollY: number;
  readonly pointed: Pointed | undefined;
}

/** The whole map in so many dots a side, for cells that are too small to be drawn one by one. */
type Dots = (size: number) => OffscreenCanvas;

/** What the frame shows, inside (0, 0, layout.width, layout.height). @param ratio device pixels a CSS pixel */
export function paintFull(
  brush: Brush,
  shown: Shown,
  look: { readonly theme: Theme; readonly colours: MapColours; readonly ratio: number; readonly dots: Dots },
): void {
  const { layout } = shown;
  const { theme, colours } = look;
  brush.fillStyle = theme.color('ar-bg');
  brush.fillRect(0, 0, layout.width, layout.height);
  const pen: Pen = { context: brush, theme, colours, shown, ...visible(shown) };
  brush.save();
  clipToPlot(pen);
  if (layout.cellHeight >= 2) drawCells(pen);
  else drawWhole(pen, look.ratio, look.dots);
  drawLit(pen);
  brush.restore();
  drawEntropies(pen);
  drawRowLabels(pen);
  if (layout.top > 30) drawColumnLabels(pen);
  else {
    brush.textAlign = 'left';
    caption(pen, 'tokens looked at, first to last', layout.left, 12);
  }
}

export class FullMap {
  readonly canvas = document.createElement('canvas');
  private shown: Shown | undefined;
  private whole:
    { values: Float32Array; colours: MapColours; size: number; image: OffscreenCanvas } | undefined;

  draw(shown: Shown, theme: Theme, colours: MapColours): void {
    this.shown = shown;
    const ratio = window.devicePixelRatio;
    this.resize(shown.layout, ratio);
    const context = this.canvas.getContext('2d');
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintFull(context, shown, { theme, colours, ratio, dots: (size) => this.dots(shown, colours, size) });
  }

  /** What is on the screen, for a saved picture. */
  painting(theme: Theme, colours: MapColours): Painting | undefined {
    const { shown } = this;
    if (shown === undefined) return undefined;
    const { width, height } = shown.layout;
    const look = { theme, colours, ratio: window.devicePixelRatio };
    const paint = (brush: Brush) =>
      paintFull(brush, shown, { ...look, dots: (size) => this.dots(shown, colours, size) });
    return { width, height, caption: nameOf(shown.content.look), paint };
  }

  /** The cell under a point of the canvas; over a label, the token's own row and column. */
  pointAt({ layout, scrollX, scrollY, content }: Shown, x: number, y: number): Pointed | undefined {
    const { length } = content.window;
    const column = Math.floor((x - layout.left + scrollX) / layout.cell);
    const row = Math.floor((y - layout.top + scrollY) / layout.cellHeight);
    const inColumns = x >= layout.left && x < layout.width - layout.strip && column < length;
    const inRows = y >= layout.top && row < length;
    if (inRows && inColumns) return column <= row ? { row, column } : undefined;
    if (inRows && row >= 0) return { row, column: row };
    if (inColumns && column >= 0 && y >= 0) return { row: column, column };
    return undefined;
  }

  private resize(layout: FullLayout, ratio: number): void {
    const { canvas } = this;
    const [width, height] = [Math.round(layout.width * ratio), Math.round(layout.height * ratio)];
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
    canvas.style.width = `${layout.width}px`;
    canvas.style.height = `${layout.height}px`;
  }

  /** Made once for a map, its colours and its size. */
  private dots({ content }: Shown, colours: MapColours, size: number): OffscreenCanvas {
    const { values } = content.map;
    if (this.whole?.values !== values || this.whole.colours !== colours || this.whole.size !== size) {
      const image = new OffscreenCanvas(size, size);
      const dots = dotsImage(dotsOf(values, content.window.length, size), 0, size, colours);
      image.getContext('2d')?.putImageData(dots, 0, 0);
      this.whole = { values, colours, size, image };
    }
    return this.whole.image;
  }
}

interface Pen {
  readonly context: Brush;
  readonly theme: Theme;
  readonly colours: MapColours;
  readonly shown: Shown;
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

function visible({ layout, scrollX, scrollY, content }: Shown) {
  const last = content.window.length - 1;
  const { cell, cellHeight, left, top, strip, width, height } = layout;
  return {
    firstRow: Math.max(0, Math.floor(scrollY / cellHeight)),
    lastRow: Math.min(last, Math.floor((scrollY + height - top) / cellHeight)),
    firstColumn: Math.max(0, Math.floor(scrollX / cell)),
    lastColumn: Math.min(last, Math.floor((scrollX + width - left - strip) / cell)),
  };
}

const xOf = ({ layout, scrollX }: Shown, column: number) => layout.left + column * layout.cell - scrollX;
const yOf = ({ layout, scrollY }: Shown, row: number) => layout.top + row * layout.cellHeight - scrollY;
/** Right end of the cells: of the map, or of what the frame shows of it. */
const plotEnd = (shown: Shown) =>
  Math.min(shown.layout.width - shown.layout.strip, xOf(shown, shown.content.window.length));

function clipToPlot({ context, shown }: Pen): void {
  const { layout } = shown;
  context.beginPath();
  // A little room for outlines that stand on the rim.
  context.rect(layout.left - 2, layout.top - 2, plotEnd(shown) - layout.left + 4, layout.height);
  context.clip();
}

/** Cells under two pixels: the map as a picture with one dot for each pixel at most. */
function drawWhole({ context, shown }: Pen, ratio: number, dots: Dots): void {
  const { layout } = shown;
  const { length } = shown.content.window;
  const side = layout.cell * length;
  context.imageSmoothingEnabled = false;
  const size = Math.max(1, Math.min(length, Math.floor(side * ratio)));
  context.drawImage(dots(size), layout.left, layout.top, side, side);
}

function drawCells(pen: Pen): void {
  const { context, colours, shown, firstRow, lastRow, firstColumn, lastColumn } = pen;
  const { values } = shown.content.map;
  const { cell, cellHeight } = shown.layout;
  // Large cells are told apart by a gap; small ones touch.
  const gap = cell >= 6 ? 1 : 0;
  for (let row = firstRow; row <= lastRow; row++) {
    const y = yOf(shown, row);
    const masked = Math.max(firstColumn, row + 1);
    if (masked <= lastColumn) {
      context.fillStyle = css(colours.masked);
      context.fillRect(xOf(shown, masked), y, (lastColumn + 1 - masked) * cell, cellHeight);
    }
    for (let column = firstColumn; column <= Math.min(row, lastColumn); column++) {
      context.fillStyle = css(colours.shades[shadeOf(values[rowStart(row) + column] ?? 0)] ?? colours.masked);
      context.fillRect(xOf(shown, column), y, cell - gap, cellHeight - gap);
    }
  }
}

/** The selected row in the link's colour; what is pointed at, row and column, in the foreground's. */
function drawLit({ context, theme, shown }: Pen): void {
  const { content, layout, pointed } = shown;
  const tall = Math.max(layout.cellHeight, 3);
  const frame = (colour: string, x: number, y: number, width: number, height: number) => {
    context.strokeStyle = theme.color(colour);
    context.lineWidth = 1.5;
    context.strokeRect(x - 1, y - 1, width + 1, height + 1);
  };
  const { selected } = content;
  if (selected >= 0)
    frame('ar-link', layout.left, yOf(shown, selected), xOf(shown, selected + 1) - layout.left, tall);
  if (pointed === undefined) return;
  const { row, column } = pointed;
  frame('ar-fg', layout.left, yOf(shown, row), xOf(shown, row + 1) - layout.left, tall);
  const end = yOf(shown, content.window.length);
  frame(
    'ar-fg',
    xOf(shown, column),
    yOf(shown, column),
    Math.max(layout.cell, 3),
    Math.min(end, layout.height) - yOf(shown, column),
  );
}

/** A bar per row and a tick at the most it could be; numbers where rows have room. */
function drawEntropies(pen: Pen): void {
  const { context, theme, shown, firstRow, lastRow } = pen;
  const { content, layout, pointed } = shown;
  const { cellHeight: cell, strip, top, height } = layout;
  const { entropy, ceiling } = content.map;
  const x = plotEnd(shown) + 10;
  const numbers = cell >= LABELLED && strip > 80;
  const unit = (strip - (numbers ? 46 : 16)) / Math.max(1, ceiling[ceiling.length - 1] ?? 1);
  context.save();
  context.beginPath();
  context.rect(x - 2, top, strip, height - top);
  context.clip();
  context.font = theme.font(11, 1);
  context.textAlign = 'right';
  // Rows thinner than a pixel: one row for each pixel.
  const step = Math.max(1, Math.floor(1 / cell));
  for (let row = firstRow; row <= lastRow; row += step) {
    const y = yOf(shown, row);
    const own = row === content.selected;
    const inset = cell >= LABELLED ? 4 : 0;
    context.fillStyle = theme.color(own ? 'ar-link' : 'ar-quiet');
    context.fillRect(x, y + inset, Math.max(1, (entropy[row] ?? 0) * unit), Math.max(1, cell - 2 * inset));
    context.fillStyle = theme.color('ar-fg');
    context.fillRect(x + (ceiling[row] ?? 0) * unit, y + inset / 2, 1, Math.max(1, cell - inset));
    if (!numbers) continue;
    context.fillStyle = theme.color(own || row === pointed?.row ? 'ar-fg' : 'ar-quiet');
    context.fillText((entropy[row] ?? 0).toFixed(1), x + strip - 16, y + cell / 2 + 4);
  }
  context.restore();
  // At the right end, where no slanted label of a column comes.
  context.textAlign = 'right';
  if (strip > 80) caption(pen, 'entropy', x + strip - 16, top - 22);
  caption(pen, 'bits', x + strip - 16, top - 8);
}

function drawRowLabels(pen: Pen): void {
  const { context, theme, shown, firstRow, lastRow } = pen;
  const { content, layout, pointed } = shown;
  context.save();
  context.beginPath();
  context.rect(0, layout.top, layout.left, layout.height);
  context.clip();
  context.textAlign = 'right';
  const all = layout.cellHeight >= LABELLED;
  for (let row = firstRow; row <= lastRow; row++) {
    const lit = row === content.selected || row === pointed?.row || row === pointed?.column;
    if (!all && !lit) continue;
    context.font = theme.font(11, 1, lit ? 600 : 400);
    context.fillStyle = theme.color(lit ? 'ar-fg' : 'ar-quiet');
    fitted(context, labelOf(content, row), layout.left - 8, yOf(shown, row) + layout.cellHeight / 2 + 4);
  }
  context.restore();
}

function drawColumnLabels(pen: Pen): void {
  const { context, theme, shown, firstColumn, lastColumn } = pen;
  const { content, layout, pointed } = shown;
  context.save();
  context.beginPath();
  context.rect(layout.left - 8, 0, plotEnd(shown) - layout.left + 40, layout.top);
  context.clip();
  context.textAlign = 'left';
  const all = layout.cell >= LABELLED;
  for (let column = firstColumn; column <= lastColumn; column++) {
    const lit = column === pointed?.row || column === pointed?.column;
    if (!all && !lit) continue;
    context.save();
    context.translate(xOf(shown, column) + layout.cell / 2 + 4, layout.top - 6);
    context.rotate(-Math.PI / 3);
    context.font = theme.font(11, 1, lit ? 600 : 400);
    context.fillStyle = theme.color(lit ? 'ar-fg' : 'ar-quiet');
    fitted(context, labelOf(content, column), 0, 0);
    context.restore();
  }
  context.restore();
}

function caption({ context, theme }: Pen, text: string, x: number, y: number): void {
  context.font = theme.font(11, 1);
  context.fillStyle = theme.color('ar-quiet');
  context.fillText(text, x, y);
}

/** A label that is longer than its room ends in an ellipsis. */
function fitted(context: Brush, text: string, x: number, y: number): void {
  context.fillText(fitText(context, text, LEFT - 10), x, y);
}
