// Paints a part of the grid of images, each with its bits/dim under it. A frame costs what is on screen, whatever the
// set holds. Pure functions over a brush.
import type { Brush } from '../../ui/brush';
import type { Theme } from '../../ui/theme';
import type { Gallery } from './gallery';

export const CELL = 56;
const GAP = 8;
const LABEL = 18;
/** The line of the class, where images have one. */
const CLASS = 14;
const PITCH_X = CELL + GAP;
/** Room for the frame of the chosen one. */
const EDGE = 3;
/** A taller element than this is cut by browsers: scrolling is then stretched over the rows. */
const TALLEST = 8_000_000;

export interface GridLayout {
  readonly columns: number;
  readonly rows: number;
  /** From the top of one row to the next. */
  readonly pitch: number;
  /** Of all rows, and of the element that is scrolled, in CSS pixels. */
  readonly tall: number;
  readonly scrolled: number;
}

/** @param classes whether a class stands under each image */
export function gridLayout(width: number, images: number, classes: boolean): GridLayout {
  const columns = Math.max(1, Math.floor((width - 2 * EDGE + GAP) / PITCH_X));
  const rows = Math.ceil(images / columns);
  const pitch = CELL + LABEL + (classes ? CLASS : 0) + GAP;
  const tall = rows * pitch + 2 * EDGE;
  return { columns, rows, pitch, tall, scrolled: Math.min(tall, TALLEST) };
}

/** The first pixel of the rows that is in sight when the element is scrolled by `scroll`. */
export function topOf({ tall, scrolled }: GridLayout, scroll: number, height: number): number {
  return tall === scrolled ? scroll : (scroll / (scrolled - height)) * (tall - height);
}

/** The scroll at which a place of the order is in sight; `now` where it already is. */
export function scrollTo(layout: GridLayout, place: number, now: number, height: number): number {
  const top = topOf(layout, now, height);
  const { pitch } = layout;
  const y = Math.floor(place / layout.columns) * pitch;
  if (y >= top && y + pitch <= top + height) return now;
  const wanted = Math.min(Math.max(0, layout.tall - height), Math.max(0, y - (height - pitch) / 2));
  const { tall, scrolled } = layout;
  return tall === scrolled ? wanted : (wanted / (tall - height)) * (scrolled - height);
}

/** Places of the order in sight, first to last, one past it. */
export function placesInSight(
  { columns, pitch }: GridLayout,
  images: number,
  top: number,
  height: number,
): readonly [first: number, end: number] {
  const first = Math.max(0, Math.floor((top - EDGE) / pitch)) * columns;
  const end = Math.min(images, Math.ceil((top + height) / pitch) * columns);
  return [first, Math.max(first, end)];
}

export function placeAt({ columns, pitch }: GridLayout, x: number, y: number): number | undefined {
  const [column, row] = [Math.floor((x - EDGE) / PITCH_X), Math.floor((y - EDGE) / pitch)];
  return column >= 0 && column < columns && row >= 0 ? row * columns + column : undefined;
}

export interface GridPicture {
  readonly gallery: Gallery;
  readonly order: Uint32Array;
  /** Class by class, where they have names. */
  readonly classNames: readonly string[];
  readonly layout: GridLayout;
  /** In sight: from which pixel of the rows, and how many. */
  readonly top: number;
  readonly height: number;
  readonly chosen: number;
}

export function paintGrid(brush: Brush, picture: GridPicture, theme: Theme): void {
  const { gallery, order, classNames, layout, top, height, chosen } = picture;
  const [first, end] = placesInSight(layout, order.length, top, height);
  brush.font = theme.font(11, 1);
  brush.textAlign = 'center';
  for (let place = first; place < end; place++) {
    const image = order[place] ?? 0;
    const x = EDGE + (place % layout.columns) * PITCH_X;
    const y = EDGE + Math.floor(place / layout.columns) * layout.pitch - top;
    const small = gallery.picture(image);
    if (small === undefined) {
      brush.fillStyle = theme.color('ar-line');
      brush.fillRect(x, y, CELL, CELL);
    } else {
      const scale = CELL / Math.max(small.width, small.height);
      const [wide, tall] = [small.width * scale, small.height * scale];
      brush.imageSmoothingEnabled = scale < 1;
      const [left, above] = [x + (CELL - wide) / 2, y + (CELL - tall) / 2];
      brush.drawImage(small, left, above, wide, tall);
      // A white image has an edge on a white page, too.
      brush.strokeStyle = theme.color('ar-bar-rim');
      brush.lineWidth = 1;
      brush.strokeRect(left - 0.5, above - 0.5, wide + 1, tall + 1);
    }
    if (image === chosen) {
      brush.strokeStyle = theme.color('ar-link');
      brush.lineWidth = 2;
      brush.strokeRect(x - 2, y - 2, CELL + 4, CELL + 4);
    }
    const bits = gallery.bits[image] ?? NaN;
    if (Number.isNaN(bits)) continue;
    brush.fillStyle = theme.color(image === chosen ? 'ar-fg' : 'ar-quiet');
    brush.fillText(bits.toFixed(2), x + CELL / 2, y + CELL + 13);
    const label = gallery.label(image);
    if (label !== null)
      brush.fillText(shortClass(brush, classNames, label), x + CELL / 2, y + CELL + 13 + CLASS);
  }
}

/** As much of the name as fits under an image. */
function shortClass(brush: Brush, classNames: readonly string[], label: number): string {
  const name = classNames[label] ?? `class ${label}`;
  let shown = name;
  for (
    let letters = name.length - 1;
    letters > 0 && brush.measureText(shown).width > CELL + 2 * EDGE;
    letters--
  )
    shown = `${name.slice(0, letters)}…`;
  return shown;
}
