// Paints the strip on a canvas: file, page of text, or tokens with their bits. A frame costs what is on screen.
// Must not know preact. Remembers where it drew what, so that a pointer finds its unit.
import type { Brush } from '../../ui/brush';
import { fitText } from '../../ui/fitText';
import { visibleToken } from '../../ui/format';
import type { Painting } from '../../ui/picture';
import type { Theme } from '../../ui/theme';
import { inkOn } from './ink';
import {
  FILE_ROW,
  TOKEN_CELL,
  cellMean,
  fileLayout,
  pageLayout,
  tokenLayout,
  type FileLayout,
  type Glyph,
} from './stripLayout';
import { binOf, colorOf, type StripSource } from './stripSource';

export type Zoom = 'file' | 'paragraph' | 'token';
const LINE = 20;
const PAGE_ROWS = 12;
const TOKEN_ROWS = 3;
/** Bits at which a token's bar is full. */
export const FULL_BAR = 16;

export interface StripPicture {
  readonly source: StripSource;
  readonly text: string;
  readonly zoom: Zoom;
  readonly focus: number;
  /** The unit under the editor's cursor. */
  readonly cursor: number | undefined;
}

export class StripPainter {
  private base: OffscreenCanvas | undefined;
  private baseOf: { source: StripSource; width: number; theme: Theme } | undefined;
  private file: FileLayout = { cell: 1, perCell: 1, perRow: 1, rows: 1 };
  private glyphs: readonly Glyph[] = [];
  private advance = 8;
  private unitsShown: readonly [number, number] = [0, 0];
  /** CSS pixels. */
  private size = { width: 0, height: 0 };
  private shown: StripPicture | undefined;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    public theme: Theme,
  ) {}

  /** Units a page key leaps over. */
  get page(): number {
    if (this.shown?.zoom === 'file') return this.file.perCell * this.file.perRow;
    return Math.max(1, this.unitsShown[1] - this.unitsShown[0]);
  }
  /** Units an arrow up or down goes over; an arrow to the side goes over one cell. */
  get row(): number {
    if (this.shown?.zoom === 'file') return this.file.perCell * this.file.perRow;
    const rows = this.shown?.zoom === 'token' ? TOKEN_ROWS : PAGE_ROWS;
    return Math.max(1, Math.round(this.page / rows));
  }
  get step(): number {
    return this.shown?.zoom === 'file' ? this.file.perCell : 1;
  }
  /** First and last unit on screen, the last not included. */
  get range(): readonly [number, number] {
    return this.unitsShown;
  }
  get perCell(): number {
    return this.shown?.zoom === 'file' ? this.file.perCell : 1;
  }

  draw(picture: StripPicture, width: number): void {
    // A view that is hidden, or has no style yet, has no width.
    if (width < 1) return;
    const ratio = window.devicePixelRatio;
    this.shown = picture;
    const { zoom, source } = picture;
    this.file = fileLayout(source.count, width);
    const heights = {
      file: this.file.rows * FILE_ROW + 2,
      paragraph: PAGE_ROWS * LINE,
      token: TOKEN_ROWS * TOKEN_CELL.height,
    };
    const height = heights[zoom];
    const { canvas } = this;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext('2d');
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.size = { width, height };
    this.paint(context, picture, () => this.keptFile(context, source));
  }

  /** What is on the screen, for a saved picture: the file's cells as rectangles, not as the picture kept of them. */
  painting(caption: string): Painting | undefined {
    const { shown, size } = this;
    if (shown === undefined) return undefined;
    const cells = (brush: Brush) => this.paintFile(brush, shown.source);
    return { ...size, caption, paint: (brush) => this.paint(brush, shown, () => cells(brush)) };
  }

  private paint(brush: Brush, picture: StripPicture, cells: () => void): void {
    const { width, height } = this.size;
    brush.fillStyle = this.theme.color('ar-bg');
    brush.fillRect(0, 0, width, height);
    if (picture.zoom === 'file') this.drawFile(brush, picture, cells);
    else if (picture.zoom === 'paragraph') this.drawPage(brush, picture, width);
    else this.drawTokens(brush, picture, width);
  }

  /** The unit at a place of the canvas, in CSS pixels. */
  hit(x: number, y: number): number | undefined {
    const { shown } = this;
    if (shown === undefined) return undefined;
    if (shown.zoom === 'file') {
      const column = Math.floor(x / this.file.cell);
      if (column >= this.file.perRow) return undefined;
      const unit = (Math.floor(y / FILE_ROW) * this.file.perRow + column) * this.file.perCell;
      return unit < shown.source.count ? unit : undefined;
    }
    if (shown.zoom === 'paragraph') {
      const [row, column] = [Math.floor(y / LINE), x / this.advance];
      return this.glyphs.find(
        (each) => each.row === row && column >= each.column && column < each.column + each.width,
      )?.low;
    }
    const { perRow, from } = tokenLayout(shown.focus, this.canvas.clientWidth, TOKEN_ROWS);
    const column = Math.floor(x / TOKEN_CELL.width);
    const unit = from + Math.floor(y / TOKEN_CELL.height) * perRow + column;
    return column < perRow && unit < shown.source.count ? unit : undefined;
  }

  private drawFile(brush: Brush, { source, focus, cursor }: StripPicture, cells: () => void): void {
    cells();
    this.unitsShown = [0, source.count];
    if (cursor !== undefined) this.markCell(brush, cursor, 'ar-link');
    this.markCell(brush, focus, 'ar-fg');
  }

  /** The cells change with source, width and theme only: a frame copies them. */
  private keptFile(brush: Brush, source: StripSource): void {
    const { width, height } = this.size;
    const known = this.baseOf;
    if (known?.source !== source || known.width !== width || known.theme !== this.theme) {
      const ratio = window.devicePixelRatio;
      this.base = new OffscreenCanvas(Math.round(width * ratio), Math.round(height * ratio));
      const context = this.base.getContext('2d');
      context?.scale(ratio, ratio);
      if (context) this.paintFile(context, source);
      this.baseOf = { source, width, theme: this.theme };
    }
    if (this.base !== undefined) brush.drawImage(this.base, 0, 0, width, height);
  }

  /** Cells of one colour that stand side by side are one rectangle. */
  private paintFile(context: Brush, source: StripSource): void {
    const layout = this.file;
    const cells = Math.ceil(source.count / layout.perCell);
    const gap = layout.cell >= 6 ? 1 : 0;
    for (let row = 0; row < layout.rows; row++) {
      const end = Math.min(cells, (row + 1) * layout.perRow);
      for (let cell = row * layout.perRow; cell < end;) {
        const bin = binOf(source.kind, cellMean(source, layout, cell));
        let next = cell + 1;
        while (gap === 0 && next < end && binOf(source.kind, cellMean(source, layout, next)) === bin) next++;
        context.fillStyle = this.theme.color(colorOf(source.kind, bin));
        const x = (cell - row * layout.perRow) * layout.cell;
        context.fillRect(x, row * FILE_ROW + 1, (next - cell) * layout.cell - gap, FILE_ROW - 2);
        cell = next;
      }
      // The quiet end of the scale is the background: a line under each row keeps the strip in sight.
      context.fillStyle = this.theme.color('ar-line');
      context.fillRect(0, (row + 1) * FILE_ROW - 1, (end - row * layout.perRow) * layout.cell, 1);
    }
  }

  private markCell(context: Brush, unit: number, color: string): void {
    const cell = Math.floor(unit / this.file.perCell);
    const row = Math.floor(cell / this.file.perRow);
    const x = (cell - row * this.file.perRow) * this.file.cell;
    context.strokeStyle = this.theme.color('ar-bg');
    context.lineWidth = 4;
    const wide = Math.max(this.file.cell, 3);
    context.strokeRect(x - 1, row * FILE_ROW + 0.5, wide + 2, FILE_ROW - 1);
    outline(context, this.theme.color(color), x - 1, row * FILE_ROW + 0.5, wide + 2, FILE_ROW - 1);
  }

  private drawPage(context: Brush, picture: StripPicture, width: number): void {
    const { source, text, focus, cursor } = picture;
    context.font = this.theme.mono(13, 1);
    this.advance = Math.max(4, context.measureText('M').width);
    const columns = Math.max(8, Math.floor(width / this.advance));
    this.glyphs = pageLayout(text, source, focus, columns, PAGE_ROWS);
    this.unitsShown = [this.glyphs[0]?.low ?? 0, this.glyphs.at(-1)?.high ?? 0];
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    for (const glyph of this.glyphs) {
      const x = Math.round(glyph.column * this.advance);
      const right = Math.round((glyph.column + glyph.width) * this.advance);
      const y = glyph.row * LINE;
      const color = this.theme.color(colorOf(source.kind, binOf(source.kind, sumOf(source, glyph))));
      context.fillStyle = color;
      context.fillRect(x, y + 1, right - x, LINE - 2);
      if (glyph.text === ' ') continue;
      context.fillStyle = inkOn(this.theme, color);
      context.fillText(glyph.text, x, y + LINE / 2);
    }
    this.markGlyphs(context, cursor, 'ar-link');
    this.markGlyphs(context, focus, 'ar-fg');
  }

  /** One outline a row around all that belongs to the unit. */
  private markGlyphs(context: Brush, unit: number | undefined, color: string): void {
    if (unit === undefined) return;
    const marked = this.glyphs.filter((glyph) => unit >= glyph.low && unit < glyph.high);
    for (const row of new Set(marked.map((glyph) => glyph.row))) {
      const inRow = marked.filter((glyph) => glyph.row === row);
      const left = Math.min(...inRow.map((glyph) => glyph.column)) * this.advance;
      const right = Math.max(...inRow.map((glyph) => glyph.column + glyph.width)) * this.advance;
      outline(context, this.theme.color(color), left, row * LINE + 1, right - left, LINE - 2);
    }
  }

  private drawTokens(context: Brush, picture: StripPicture, width: number): void {
    const { source, text, focus, cursor } = picture;
    const { from, perRow, rows } = tokenLayout(focus, width, TOKEN_ROWS);
    const to = Math.min(source.count, from + perRow * rows);
    this.unitsShown = [from, to];
    for (let unit = from; unit < to; unit++) {
      const x = ((unit - from) % perRow) * TOKEN_CELL.width;
      const y = Math.floor((unit - from) / perRow) * TOKEN_CELL.height;
      this.drawToken(context, source, text, unit, x, y);
      const marked = unit === focus ? 'ar-fg' : unit === cursor ? 'ar-link' : undefined;
      if (marked !== undefined)
        outline(context, this.theme.color(marked), x + 1, y + 1, TOKEN_CELL.width - 4, TOKEN_CELL.height - 6);
    }
  }

  private drawToken(
    context: Brush,
    source: StripSource,
    text: string,
    unit: number,
    x: number,
    y: number,
  ): void {
    const bits = source.value[unit] ?? NaN;
    const color = this.theme.color(colorOf(source.kind, binOf(source.kind, bits)));
    const wide = TOKEN_CELL.width - 4;
    context.textBaseline = 'middle';
    context.textAlign = 'center';
    context.fillStyle = color;
    context.fillRect(x + 1, y + 1, wide, 22);
    context.fillStyle = inkOn(this.theme, color);
    context.font = this.theme.font(13, 1);
    context.fillText(fitText(context, unitText(source, text, unit), wide - 4), x + 1 + wide / 2, y + 12);
    // Its length is the size on one scale; the sign is in the number, and again in the colour.
    const share = Number.isNaN(bits) ? 0 : Math.min(1, Math.abs(bits) / FULL_BAR);
    context.fillStyle = this.theme.color('ar-line');
    context.fillRect(x + 4, y + 47, wide - 6, 1);
    context.fillStyle = this.theme.color(bits < 0 ? 'ar-line-1' : 'ar-line-4');
    context.fillRect(x + 16, y + 47 - share * 22, wide - 30, share * 22);
    context.fillStyle = this.theme.color('ar-fg');
    context.font = this.theme.font(11, 1);
    context.fillText(Number.isNaN(bits) ? 'no bits' : bitsText(source.kind, bits), x + 1 + wide / 2, y + 57);
  }
}

const sumOf = (source: StripSource, { low, high }: Glyph): number =>
  high === low + 1 ? (source.value[low] ?? NaN) : (source.before[high] ?? 0) - (source.before[low] ?? 0);

export function bitsText(kind: StripSource['kind'], bits: number): string {
  const size = Math.abs(bits).toFixed(1);
  if (size === '0.0') return size;
  return kind === 'surprisal' ? size : `${bits < 0 ? '−' : '+'}${size}`;
}

/** A unit's text; of a token that is one byte of a longer character, which one. */
export function unitText(source: StripSource, text: string, unit: number): string {
  const [start, end] = [source.start[unit] ?? 0, source.end[unit] ?? 0];
  const shown = visibleToken(text.slice(start, Math.min(end, start + 40)));
  let before = 0;
  while (unit > before && source.start[unit - before - 1] === start) before++;
  let after = 0;
  while (source.start[unit + after + 1] === start && unit + after + 1 < source.count) after++;
  return before + after === 0 ? shown : `${shown} ${before + 1}/${before + after + 1}`;
}

function outline(context: Brush, color: string, x: number, y: number, width: number, height: number): void {
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.strokeRect(x, y, width, height);
}
