// Where a drawing lies in its frame: scale and offset, and what keys, wheel and buttons do to them. Pure.

export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Place {
  readonly scale: number;
  /** Of the drawing's corner in the frame, in pixels. */
  readonly x: number;
  readonly y: number;
}

const LEAST = 0.05;
const MOST = 4;
const STEP = 48;
export const ZOOM = 1.25;

/** The whole drawing, no larger than it is. */
export function whole(drawing: Size, frame: Size): Place {
  const scale = Math.min(1, frame.width / drawing.width, frame.height / drawing.height);
  return centred(drawing, frame, scale);
}

/** As wide as the frame, from the top: letters that can be read of a tall drawing. */
export function readable(drawing: Size, frame: Size): Place {
  const scale = Math.min(1, frame.width / drawing.width);
  const { x, y } = centred(drawing, frame, scale);
  return { scale, x, y: Math.max(0, y) };
}

/** Around a point of the frame, which stays where it is. */
export function zoomed(place: Place, by: number, at: { readonly x: number; readonly y: number }): Place {
  const scale = Math.min(MOST, Math.max(LEAST, place.scale * by));
  const ratio = scale / place.scale;
  return { scale, x: at.x - (at.x - place.x) * ratio, y: at.y - (at.y - place.y) * ratio };
}

/** Never quite out of the frame. */
export function moved(place: Place, x: number, y: number, drawing: Size, frame: Size): Place {
  const clamp = (to: number, size: number, room: number) =>
    Math.min(room - STEP, Math.max(STEP - size * place.scale, to));
  return {
    ...place,
    x: clamp(place.x + x, drawing.width, frame.width),
    y: clamp(place.y + y, drawing.height, frame.height),
  };
}

/** Undefined for keys that do nothing. */
export function placeByKey(key: string, place: Place, drawing: Size, frame: Size): Place | undefined {
  const middle = { x: frame.width / 2, y: frame.height / 2 };
  switch (key) {
    case 'ArrowLeft':
      return moved(place, STEP, 0, drawing, frame);
    case 'ArrowRight':
      return moved(place, -STEP, 0, drawing, frame);
    case 'ArrowUp':
      return moved(place, 0, STEP, drawing, frame);
    case 'ArrowDown':
      return moved(place, 0, -STEP, drawing, frame);
    case 'PageUp':
      return moved(place, 0, frame.height, drawing, frame);
    case 'PageDown':
      return moved(place, 0, -frame.height, drawing, frame);
    case '+':
    case '=':
      return zoomed(place, ZOOM, middle);
    case '-':
      return zoomed(place, 1 / ZOOM, middle);
    case '0':
      return whole(drawing, frame);
    case 'Home':
      return readable(drawing, frame);
    default:
      return undefined;
  }
}

function centred(drawing: Size, frame: Size, scale: number): Place {
  const middle = (room: number, size: number) => (room - size * scale) / 2;
  return { scale, x: middle(frame.width, drawing.width), y: middle(frame.height, drawing.height) };
}
