// Where the strip's units stand at each zoom. Each layout costs what is on screen, not what is in the file. Pure.
import type { StripSource } from './stripSource';
import { firstAfter } from '../../ui/tokenColumns';

export const FILE_ROW = 10;
const FILE_ROWS = 16;
const FILE_CELL = 8;

/** The whole file: `perCell` units share a cell of `cell` pixels, row under row. */
export interface FileLayout {
  readonly cell: number;
  readonly perCell: number;
  readonly perRow: number;
  readonly rows: number;
}

export function fileLayout(count: number, width: number): FileLayout {
  const room = FILE_ROWS * width;
  const perCell = Math.max(1, Math.ceil(count / room));
  const cells = Math.ceil(count / perCell);
  let cell = Math.min(FILE_CELL, Math.max(1, Math.floor(room / Math.max(1, cells))));
  // Whole cells a row: the remainder of each row must not push the last cells out.
  while (cell > 1 && Math.ceil(cells / Math.floor(width / cell)) > FILE_ROWS) cell--;
  const perRow = Math.max(1, Math.floor(width / cell));
  return { cell, perCell, perRow, rows: Math.max(1, Math.ceil(cells / perRow)) };
}

/** Mean of the values of a cell. */
export function cellMean(source: StripSource, layout: FileLayout, cell: number): number {
  const low = cell * layout.perCell;
  const high = Math.min(source.count, low + layout.perCell);
  if (high <= low) return NaN;
  if (high === low + 1) return source.value[low] ?? NaN;
  return ((source.before[high] ?? 0) - (source.before[low] ?? 0)) / (high - low);
}

/** A stretch of text on the page: the units that share it (bytes of one character) are one thing to look at. */
export interface Glyph {
  readonly low: number;
  readonly high: number;
  readonly row: number;
  readonly column: number;
  readonly width: number;
  readonly text: string;
}

/** The text around `focus`, wrapped into `columns` × `rows`, the focus in its first third. */
export function pageLayout(
  text: string,
  source: StripSource,
  focus: number,
  columns: number,
  rows: number,
): Glyph[] {
  const glyphs: Glyph[] = [];
  let [row, column] = [0, 0];
  let unit = pageStart(text, source, focus, columns, Math.floor(rows / 3));
  while (unit < source.count && row < rows) {
    const start = source.start[unit] ?? 0;
    const end = source.end[unit] ?? 0;
    let high = unit + 1;
    while (high < source.count && source.start[high] === start && source.end[high] === end) high++;
    for (const piece of pieces(text.slice(start, end))) {
      if (column > 0 && column + piece.width > columns) [row, column] = [row + 1, 0];
      if (row >= rows) break;
      glyphs.push({ low: unit, high, row, column, width: Math.min(piece.width, columns), text: piece.text });
      column += piece.width;
      if (piece.breaks) [row, column] = [row + 1, 0];
    }
    unit = high;
  }
  return glyphs;
}

function pageStart(
  text: string,
  source: StripSource,
  focus: number,
  columns: number,
  rowsBefore: number,
): number {
  const at = source.start[focus] ?? 0;
  const lowest = Math.max(0, at - columns * (rowsBefore + 1));
  let lineStart = text.lastIndexOf('\n', at - 1) + 1;
  if (at === 0) lineStart = 0;
  // A line longer than the page is entered at a row's edge, so that rows stand still while the focus moves in them.
  if (lineStart < lowest) lineStart = at - ((at - lineStart) % columns) - columns * rowsBefore;
  else {
    let used = Math.ceil((at - lineStart + 1) / columns);
    while (lineStart > 0 && used <= rowsBefore) {
      const before = lineStart < 2 ? 0 : text.lastIndexOf('\n', lineStart - 2) + 1;
      used += Math.max(1, Math.ceil((lineStart - before) / columns));
      if (used > rowsBefore + 1 || before < lowest - columns) break;
      lineStart = before;
    }
  }
  return Math.min(source.count - 1, firstAfter(source.end, Math.max(0, lineStart)));
}

interface Piece {
  readonly text: string;
  readonly width: number;
  readonly breaks: boolean;
}

const MARKS: Readonly<Record<string, string>> = { '\n': '↵', '\r': '␍', '\t': '⇥' };
const WIDE =
  /[\p{Extended_Pictographic}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u;

/** One token's text in pieces of one code point each, so that long tokens wrap. */
function* pieces(text: string): Generator<Piece> {
  for (const character of text === '' ? '∅' : text) {
    yield {
      text: MARKS[character] ?? character,
      width: WIDE.test(character) ? 2 : 1,
      breaks: character === '\n',
    };
  }
}

/** Token by token: pages of whole rows, the page that holds the focus. */
export interface TokenLayout {
  readonly from: number;
  readonly perRow: number;
  readonly rows: number;
}
export const TOKEN_CELL = { width: 52, height: 72 } as const;

export function tokenLayout(focus: number, width: number, rows: number): TokenLayout {
  const perRow = Math.max(1, Math.floor(width / TOKEN_CELL.width));
  const page = perRow * rows;
  return { from: Math.floor(focus / page) * page, perRow, rows };
}
