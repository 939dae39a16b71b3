// Weights to colours: the sequential scale of tokens.css over the square root of a weight, and grey for what is masked.
// Colours are bytes, because maps are filled pixel by pixel.
import type { Theme } from '../../ui/theme';

const STOPS = 16;
export const SHADES = 256;

export type Rgb = readonly [red: number, green: number, blue: number];

export interface MapColours {
  /** [SHADES]: `shadeOf` says which one a weight has. */
  readonly shades: readonly Rgb[];
  readonly masked: Rgb;
}

/** The square root, because most weights are small and their differences are what there is to see. */
export const shadeOf = (weight: number): number =>
  Math.round(Math.sqrt(Math.min(1, Math.max(0, weight))) * (SHADES - 1));

export function readColours(theme: Theme): MapColours {
  const stops = Array.from({ length: STOPS }, (_, i) => bytesOf(theme.color(`ar-seq-${i}`)));
  const shades = Array.from({ length: SHADES }, (_, shade): Rgb => {
    const at = (shade / (SHADES - 1)) * (STOPS - 1);
    const below = Math.min(STOPS - 2, Math.floor(at));
    const [from, to] = [stops[below] ?? BLACK, stops[below + 1] ?? BLACK];
    const mix = (channel: 0 | 1 | 2) =>
      Math.round(from[channel] + (to[channel] - from[channel]) * (at - below));
    return [mix(0), mix(1), mix(2)];
  });
  return { shades, masked: bytesOf(theme.color('ar-future')) };
}

export const css = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`;

const BLACK: Rgb = [0, 0, 0];

/** Any CSS colour without transparency, color-mix included: painted and read back. */
function bytesOf(colour: string): Rgb {
  const brush = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (brush === null) return BLACK;
  brush.fillStyle = colour;
  brush.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = brush.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/** A square picture of `size` dots a side. NaN is masked. */
export function dotsImage(
  dots: ArrayLike<number>,
  from: number,
  size: number,
  { shades, masked }: MapColours,
): ImageData {
  const image = new ImageData(size, size);
  for (let dot = 0; dot < size * size; dot++) {
    const weight = dots[from + dot] ?? NaN;
    const colour = Number.isNaN(weight) ? masked : (shades[shadeOf(weight)] ?? masked);
    image.data.set(colour, 4 * dot);
    image.data[4 * dot + 3] = 255;
  }
  return image;
}
