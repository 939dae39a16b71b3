// The sequential scale of tokens.css as bytes, for maps that are filled pixel by pixel. Knows no view.
import type { Theme } from './theme';

const STOPS = 16;
export const SHADES = 256;

export type Rgb = readonly [red: number, green: number, blue: number];

/** [SHADES], from the least to the most. */
export function readShades(theme: Theme): readonly Rgb[] {
  const stops = Array.from({ length: STOPS }, (_, i) => bytesOf(theme.color(`ar-seq-${i}`)));
  return Array.from({ length: SHADES }, (_, shade): Rgb => {
    const at = (shade / (SHADES - 1)) * (STOPS - 1);
    const below = Math.min(STOPS - 2, Math.floor(at));
    const [from, to] = [stops[below] ?? BLACK, stops[below + 1] ?? BLACK];
    const mix = (channel: 0 | 1 | 2) =>
      Math.round(from[channel] + (to[channel] - from[channel]) * (at - below));
    return [mix(0), mix(1), mix(2)];
  });
}

export const css = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`;

const BLACK: Rgb = [0, 0, 0];

/** Any CSS colour without transparency, color-mix included: painted and read back. */
export function bytesOf(colour: string): Rgb {
  const brush = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (brush === null) return BLACK;
  brush.fillStyle = colour;
  brush.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = brush.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
