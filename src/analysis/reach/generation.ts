// When each sub-pixel of an image is generated: the other way round of a tap graph's order. Knows tap graphs only.
import type { TapGraph } from '../../families/family';

/** @returns the step at which a sub-pixel (counted in raster order) is generated; itself where the order is raster */
export function stepsOf({ order }: Pick<TapGraph, 'order'>): (subpixel: number) => number {
  if (!order) return (subpixel) => subpixel;
  const steps = new Int32Array(order.length);
  order.forEach((subpixel, step) => (steps[subpixel] = step));
  return (subpixel) => steps[subpixel] ?? NaN;
}
