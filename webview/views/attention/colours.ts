// Weights to colours: the sequential scale of tokens.css over the square root of a weight, and grey for what is masked.
// Colours are bytes, because maps are filled pixel by pixel.
import { bytesOf, readShades, SHADES, type Rgb } from '../../ui/shades';
import type { Theme } from '../../ui/theme';

export interface MapColours {
  /** [SHADES]: `shadeOf` says which one a weight has. */
  readonly shades: readonly Rgb[];
  readonly masked: Rgb;
}

/** The square root, because most weights are small and their differences are what there is to see. */
export const shadeOf = (weight: number): number =>
  Math.round(Math.sqrt(Math.min(1, Math.max(0, weight))) * (SHADES - 1));

export function readColours(theme: Theme): MapColours {
  return { shades: readShades(theme), masked: bytesOf(theme.color('ar-future')) };
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
