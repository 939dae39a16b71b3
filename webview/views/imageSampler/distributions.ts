// What temperature and cuts make of the distribution of a sub-pixel: its two names, and what is left of it. Pure.
import type { ImageSamplerSettings } from '../../../src/protocol/imageSampler';

/** What is drawn from is the distribution before it. */
export function isPlain({ temperature, topK, topP }: ImageSamplerSettings): boolean {
  return temperature === 1 && topK === undefined && topP === undefined;
}

/** Which distribution stands before temperature and cuts. */
export function ownWords({ guidance = 1 }: ImageSamplerSettings): string {
  return guidance === 0 || guidance === 1 ? 'the model’s own' : 'the guided one';
}

/** Levels that may still be drawn, the share of the mass before that was theirs, and both entropies in bits. */
export function cutOf(before: ArrayLike<number>, after: ArrayLike<number>) {
  let [kept, mass] = [0, 0];
  for (let level = 0; level < after.length; level++) {
    if ((after[level] ?? 0) === 0) continue;
    kept++;
    mass += before[level] ?? 0;
  }
  return { kept, mass, entropies: [bitsOf(before), bitsOf(after)] as const };
}

function bitsOf(probability: ArrayLike<number>): number {
  return Array.from(probability).reduce((sum, p) => (p > 0 ? sum - p * Math.log2(p) : sum), 0);
}
