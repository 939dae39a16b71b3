// Which part of a square matrix is in sight, and how large its cells are: zooming, panning, bringing a cell into sight.
// Numbers only; the matrix is drawn elsewhere.

/** What a person chose: kept. `zoom` is times the size at which the whole matrix fits. */
export interface Sight {
  /** First input and output in sight; fractions while panning. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** The sight in pixels. */
export interface Viewport extends Sight {
  /** Of one cell. */
  readonly scale: number;
  /** Cells along an axis of the matrix, and pixels along an axis of its frame. */
  readonly length: number;
  readonly side: number;
}

export const WHOLE: Sight = { x: 0, y: 0, zoom: 1 };
const LARGEST_CELL = 40;
/** Textures need this many pixels. */
const SMALLEST_DRAWN = 5;
/** Pixels at which cells are made whole pixels wide, so that all look the same. */
const WHOLE_PIXELS = 5;

/** The size at which everything fits. */
export function fittingScale(length: number, side: number): number {
  const exact = side / length;
  return exact >= WHOLE_PIXELS ? Math.min(LARGEST_CELL, Math.floor(exact)) : exact;
}

export function viewportOf(sight: Sight, length: number, side: number): Viewport {
  const fitting = fittingScale(length, side);
  const most = Math.max(1, LARGEST_CELL / fitting);
  const zoom = Math.min(most, Math.max(1, sight.zoom));
  const scale = fitting * zoom;
  const last = Math.max(0, length - side / scale);
  const within = (first: number) => Math.min(last, Math.max(0, first));
  return { x: within(sight.x), y: within(sight.y), zoom, scale, length, side };
}

/** The cell under the point (in pixels of the frame) stays where it is. */
export function zoomed(view: Viewport, factor: number, x = view.side / 2, y = view.side / 2): Sight {
  const { zoom, scale } = viewportOf({ ...view, zoom: view.zoom * factor }, view.length, view.side);
  const stays = (first: number, pixel: number) => first + pixel / view.scale - pixel / scale;
  return sightOf(viewportOf({ x: stays(view.x, x), y: stays(view.y, y), zoom }, view.length, view.side));
}

/** @param dx, dy pixels that the content moves by */
export function panned(view: Viewport, dx: number, dy: number): Sight {
  const { zoom, scale, length, side } = view;
  return sightOf(viewportOf({ x: view.x - dx / scale, y: view.y - dy / scale, zoom }, length, side));
}

/** Moves as little as it takes to have the cell in sight; to the middle where it was far out. */
export function revealing(view: Viewport, output: number, input: number): Sight {
  const shown = view.side / view.scale;
  const first = (at: number, from: number) =>
    at >= from && at + 1 <= from + shown
      ? from
      : at >= from - 1.5 && at + 1 <= from + shown + 1.5
        ? Math.min(at, Math.max(from, at + 1 - shown))
        : at + 0.5 - shown / 2;
  const { zoom, length, side } = view;
  return sightOf(viewportOf({ x: first(input, view.x), y: first(output, view.y), zoom }, length, side));
}

/** Cells that are drawn as one, along each axis: a power of two. */
export function blockOf({ scale }: Viewport): number {
  let block = 1;
  while (block * scale < SMALLEST_DRAWN) block *= 2;
  return block;
}

/** Cells between two labelled ones: a round number whose labels, of so many letters, have room. */
export function tickStep({ scale, length }: Viewport, letters = String(length - 1).length): number {
  const room = 7 * letters + 8;
  for (let power = 1; ; power *= 10) {
    for (const step of [power, 2 * power, 5 * power]) if (step * scale >= room) return step;
  }
}

const sightOf = ({ x, y, zoom }: Viewport): Sight => ({ x, y, zoom });
