// The one description of PixelCNN++'s architecture: its layers in the order in which they are computed, told to whoever
// makes something of them: weights, tensors, host memory for sampling, or declared taps. Knows no layer's inside.
import type { PlusPlusConfig } from './schema';

/** vertical knows the rows above; across also knows its own row to the left. */
export type Stream = 'vertical' | 'across';

export interface LayerPlace {
  readonly id: string;
  readonly stream: Stream;
  /** How often the features were halved. */
  readonly level: number;
}

export interface LayerMaker<T> {
  first(place: LayerPlace): T;
  /** Gated residual block. @param aside features of the same size that are looked at, too: of the other stream, short-cuts */
  block(place: LayerPlace, x: T, aside: readonly T[]): T;
  /** To half the size: `place.level` is the new one. */
  halve(place: LayerPlace, x: T): T;
  /** To twice the size: `place.level` is the new one. */
  double(place: LayerPlace, x: T): T;
}

/** @param finest blocks at full size on the way down, where not as the config says @returns what the head reads */
export function walk<T>(
  { layers, halvings }: Pick<PlusPlusConfig, 'layers' | 'halvings'>,
  make: LayerMaker<T>,
  finest = layers,
): T {
  const place = (name: string, stream: Stream, level: number): LayerPlace => ({
    id: `${name}.${stream}`,
    stream,
    level,
  });
  let u = make.first(place('first', 'vertical', 0));
  let a = make.first(place('first', 'across', 0));
  const kept: Array<readonly [u: T, a: T]> = [[u, a]];
  for (let level = 0; level <= halvings; level++) {
    if (level > 0) {
      u = make.halve(place(`halve.${level}`, 'vertical', level), u);
      a = make.halve(place(`halve.${level}`, 'across', level), a);
      kept.push([u, a]);
    }
    const blocks = level === 0 ? finest : layers;
    for (let index = 0; index < blocks; index++) {
      u = make.block(place(`down.${level}.${index}`, 'vertical', level), u, []);
      a = make.block(place(`down.${level}.${index}`, 'across', level), a, [u]);
      kept.push([u, a]);
    }
  }
  kept.pop();
  for (let level = halvings; level >= 0; level--) {
    if (level < halvings) {
      u = make.double(place(`double.${level}`, 'vertical', level), u);
      a = make.double(place(`double.${level}`, 'across', level), a);
    }
    // One short-cut for each block on the way down, and one for what it began with; the lowest began with the last.
    for (let index = 0; index < layers + (level < halvings ? 1 : 0); index++) {
      const [besideU, besideA] = kept.pop() as readonly [T, T];
      u = make.block(place(`up.${level}.${index}`, 'vertical', level), u, [besideU]);
      a = make.block(place(`up.${level}.${index}`, 'across', level), a, [u, besideA]);
    }
  }
  return a;
}
