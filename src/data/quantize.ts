// 8-bit values as a model's levels. Every random choice is a hash of seed, stream and index: it needs no order.
import { uniformAt } from '../math/counterRng';

/** threshold: 1 from ½ up · sampleOnce, sampleEachTime: 1 with the value as probability · round: the nearest level. */
export type Quantize = 'threshold' | 'sampleOnce' | 'sampleEachTime' | 'round';

export interface Quantizer {
  readonly how: Quantize;
  readonly levels: number;
  readonly seed: number;
}

const STREAM = 0x70697865;

/** What the levels and the way to them rule out: one sentence that begins with the key, or null. */
export function quantizeProblem({ how, levels }: Omit<Quantizer, 'seed'>): string | null {
  if (how === 'round' || levels === 2) return null;
  return `data.levels: expected 2 with data.quantize "${how}", got ${levels}; "round" takes 2 to 256`;
}

/**
 * @param values 8 bits each, of the images `indices`, one after the other
 * @param draw with sampleEachTime: which drawing this is (the step); the others ignore it
 * @returns levels of the same order
 */
export function quantize(
  values: Uint8Array,
  indices: ArrayLike<number>,
  { how, levels, seed }: Quantizer,
  draw: number,
): Int32Array {
  const out = new Int32Array(values.length);
  const size = values.length / indices.length;
  const stream = how === 'sampleEachTime' ? STREAM ^ (draw + 1) : STREAM;
  for (let image = 0; image < indices.length; image++) {
    const first = (indices[image] as number) * size;
    for (let at = 0; at < size; at++) {
      const value = values[image * size + at] as number;
      out[image * size + at] = levelOf(value / 255, how, levels, () => uniformAt(seed, stream, first + at));
    }
  }
  return out;
}

/** A level as an 8-bit value, for pictures: 0 is black, the last is white. */
export function levelToByte(level: number, levels: number): number {
  return Math.round((255 * level) / (levels - 1));
}

function levelOf(share: number, how: Quantize, levels: number, uniform: () => number): number {
  switch (how) {
    case 'threshold':
      return share >= 0.5 ? 1 : 0;
    case 'sampleOnce':
    case 'sampleEachTime':
      return uniform() < share ? 1 : 0;
    case 'round':
      return Math.round(share * (levels - 1));
    default:
      return how satisfies never;
  }
}
