// Random numbers by position: a pure function of (seed, stream, index), so order and threads do not matter.
// The kernels compute the same function in C; this file must stay bit for bit equal to it.

/** A bijection of 32-bit words that spreads every input bit over the output. */
export function mix(word: number): number {
  let x = word | 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

/** @returns 32 random bits, in [0, 2³²). Arguments are taken modulo 2³². */
export function hash(seed: number, stream: number, index: number): number {
  return mix(index ^ mix(stream ^ mix(seed)));
}

/** @returns a multiple of 2⁻²⁴ in [0, 1): exact in float32. */
export function uniformAt(seed: number, stream: number, index: number): number {
  return (hash(seed, stream, index) >>> 8) * 2 ** -24;
}

/** Fills `out[i]` with `uniformAt(seed, stream, first + i)`; returns `out`. */
export function fillUniform(out: Float32Array, seed: number, stream: number, first = 0): Float32Array {
  const key = mix(stream ^ mix(seed));
  for (let i = 0; i < out.length; i++) out[i] = (mix((first + i) ^ key) >>> 8) * 2 ** -24;
  return out;
}

/** @returns an integer in [0, bound) from 53 random bits: its bias is below bound · 2⁻⁵³. */
export function integerAt(seed: number, stream: number, index: number, bound: number): number {
  if (!Number.isSafeInteger(bound) || bound < 1) {
    throw new RangeError(`integerAt: expected a positive integer bound, got ${bound}`);
  }
  const high = hash(seed, stream, 2 * index) >>> 5; // 27 bits
  const low = hash(seed, stream, 2 * index + 1) >>> 6; // 26 bits
  return Math.floor(((high * 0x400_0000 + low) / 2 ** 53) * bound);
}
