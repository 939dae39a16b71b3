// A family's stack at any depth, made ready for the closure: of images on any grid, of a text along its positions.
// Reads no file and builds no network.
import { Closure } from '../../analysis/reach/closure';
import type { DeepStack } from '../../analysis/reach/depths';
import type { GridShape } from '../../analysis/reach/subpixelSet';
import type { Causality, Family, TapGraph } from '../../families/family';
import type { ImageFacts, ImageFamily } from '../../families/imageFamily';

type TextConfig = Parameters<Family['taps']>[0];
type ImageConfig = Parameters<ImageFamily['taps']>[0];

export interface Stack extends DeepStack {
  readonly family: string;
  readonly title: string;
  readonly causality: Causality;
  readonly shape: GridShape;
  /** False where the family has no number of layers, or names each of them. */
  readonly layered: boolean;
  /** Layers of the deepest stack that is worth looking at: with another one no output sees more. */
  readonly saturated: number;
}

export function imageStack(family: ImageFamily, config: ImageConfig, facts: ImageFacts): Stack {
  const { id, title, causality } = family;
  const { height, width, channels } = facts;
  const head = { family: id, title, causality, shape: { height, width, channels } };
  if (!hasLayers(config)) {
    const graph = family.taps(config, facts);
    return { ...head, layered: false, taps: () => graph, deepest: graph, saturated: 1 };
  }
  const taps = (layers: number): TapGraph => family.taps({ ...config, layers }, facts);
  const deepest = family.deepestTaps(config, facts);
  return { ...head, layered: true, taps, deepest, saturated: saturation(taps, head.shape) };
}

/** @param length positions that are looked at */
export function textStack(family: Family, config: TextConfig, length: number): Stack {
  const { id, title, causality } = family;
  const head = { family: id, title, causality, shape: { height: 1, width: length, channels: 1 } };
  if (!hasLayers(config) || Reflect.get(config, 'windowLayers') !== undefined) {
    const graph = family.taps(config);
    return { ...head, layered: false, taps: () => graph, deepest: graph, saturated: 1 };
  }
  const taps = (layers: number): TapGraph => family.taps({ ...config, layers });
  const saturated = saturation(taps, head.shape);
  return { ...head, layered: true, taps, deepest: taps(saturated), saturated };
}

export function hasLayers<T extends object>(config: T): config is T & { readonly layers: number } {
  return typeof Reflect.get(config, 'layers') === 'number';
}

/**
 * The least number of layers from which on the last row's ends, and what is generated last, see nothing new: one of them
 * lies at least as far from each input as any other output.
 */
function saturation(taps: (layers: number) => TapGraph, shape: GridShape): number {
  const size = shape.height * shape.width * shape.channels;
  const last = taps(1).order?.at(-1) ?? size - 1;
  const outputs = [last, size - 1, size - shape.width * shape.channels + shape.channels - 1];
  const counts = (layers: number): number => {
    const closure = new Closure(taps(layers), shape);
    return outputs.reduce((sum, output) => sum + closure.of(output).indices().length, 0);
  };
  // A layer that reaches nothing new reaches nothing at twice the depth either.
  let [low, high] = [1, 2];
  const most = 4 * (shape.height + shape.width);
  let all = counts(high);
  while (high < most) {
    const more = counts(2 * high);
    if (more === all) break;
    [low, high, all] = [high, 2 * high, more];
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (counts(middle) === all) high = middle;
    else low = middle + 1;
  }
  return high;
}
