// Text in the room there is, in the brush's font. Pure but for the measuring.
import type { Brush } from './brush';

/** `text` cut to `width` of the brush's pixels, with an ellipsis; never inside a character of two units. */
export function fitText(brush: Brush, text: string, width: number): string {
  if (brush.measureText(text).width <= width) return text;
  const characters = [...text];
  let length = characters.length;
  const cut = () => `${characters.slice(0, length).join('')}…`;
  while (length > 1 && brush.measureText(cut()).width > width) length--;
  return cut();
}
