// Where the rows of a long list are: a browser's boxes end at some 33 million pixels, a selection does not. Pure.

/** Pixels. */
export const ROW = 24;
const MOST_SPACE = 8_000_000;

/** Every row has its own place in what is scrolled. */
export const isWhole = (rows: number): boolean => rows * ROW <= MOST_SPACE;

/** Height of what is scrolled: all rows where they fit, else a stand-in for them. */
export function spaceOf(rows: number, height: number): number {
  return Math.max(height, Math.min(rows * ROW, MOST_SPACE));
}

/** The first row on screen. */
export function rowAtScroll(scroll: number, rows: number, height: number): number {
  if (isWhole(rows)) return Math.min(Math.max(0, rows - 1), Math.floor(scroll / ROW));
  const space = spaceOf(rows, height);
  const share = Math.min(1, scroll / (space - height));
  return Math.round(share * (rows - height / ROW));
}

/** How far to scroll so that a row is on screen: not at all where it is. */
export function scrollOfRow(row: number, scroll: number, rows: number, height: number): number {
  const space = spaceOf(rows, height);
  const visible = Math.floor(height / ROW);
  const first = rowAtScroll(scroll, rows, height);
  if (isWhole(rows)) {
    if (row * ROW < scroll) return row * ROW;
    return (row + 1) * ROW > scroll + height ? (row + 1) * ROW - height : scroll;
  }
  if (row >= first && row < first + visible) return scroll;
  const top = Math.min(rows - visible, row < first ? row : row - visible + 1);
  return (Math.max(0, top) / (rows - visible)) * (space - height);
}
