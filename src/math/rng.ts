// A seeded generator for choices made in order (initial weights, shuffling): xoshiro128** over splitmix32 seeding.
// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", arXiv 1805.01407.
// Knows no clock and no global state; where a choice must not depend on order, use counterRng.
import { mix } from './counterRng';

const TWO_POW_32 = 0x1_0000_0000;
const TWO_POW_53 = 2 ** 53;

/** Everything needed to continue a sequence exactly: survives JSON. */
export interface RngState {
  readonly words: readonly [number, number, number, number];
  /** The second normal of a pair that has been drawn and not yet given out. */
  readonly spare: number | null;
}

export class Rng {
  private readonly words = new Int32Array(4);
  private spare: number | null = null;

  /** @param seed an integer of at most 53 bits, negative allowed; all of its bits count. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`Rng: expected an integer seed, got ${seed}`);
    let state = (seed | 0) ^ mix(Math.floor(seed / TWO_POW_32));
    for (let word = 0; word < 4; word++) {
      state = (state + 0x9e3779b9) | 0;
      let mixed = state ^ (state >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      this.words[word] = mixed ^ (mixed >>> 15);
    }
  }

  static restore(state: RngState): Rng {
    if (state.words.length !== 4 || state.words.every((word) => word === 0)) {
      throw new RangeError('Rng.restore: expected four words that are not all zero');
    }
    const rng = new Rng(0);
    rng.words.set(state.words);
    rng.spare = state.spare;
    return rng;
  }

  save(): RngState {
    const [a, b, c, d] = this.words as unknown as [number, number, number, number];
    return { words: [a, b, c, d], spare: this.spare };
  }

  /** @returns an integer in [0, 2³²). */
  next(): number {
    const s = this.words as unknown as [number, number, number, number];
    const scrambled = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotateLeft(s[3], 11);
    return scrambled;
  }

  /** @returns a multiple of 2⁻⁵³ in [0, 1). */
  uniform(): number {
    const high = this.next() >>> 5; // 27 bits
    const low = this.next() >>> 6; // 26 bits
    return (high * 0x400_0000 + low) / TWO_POW_53;
  }

  /** @returns an integer in [0, bound), each equally likely: draws that would favour small values are thrown away. */
  integer(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > TWO_POW_32) {
      throw new RangeError(`Rng.integer: expected a bound from 1 to 2^32, got ${bound}`);
    }
    const usable = TWO_POW_32 - (TWO_POW_32 % bound);
    let drawn = this.next();
    while (drawn >= usable) drawn = this.next();
    return drawn % bound;
  }

  /** @returns a standard normal value (polar method of Marsaglia). */
  normal(): number {
    if (this.spare !== null) {
      const value = this.spare;
      this.spare = null;
      return value;
    }
    let u: number, v: number, square: number;
    do {
      u = 2 * this.uniform() - 1;
      v = 2 * this.uniform() - 1;
      square = u * u + v * v;
    } while (square >= 1 || square === 0);
    const scale = Math.sqrt((-2 * Math.log(square)) / square);
    this.spare = v * scale;
    return u * scale;
  }
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
