// Entropies, likelihoods and their units. Pure, in double precision. Nats unless the name says otherwise.
import { sum } from './statistics';

export function natsToBits(nats: number): number {
  return nats / Math.LN2;
}

export function bitsToNats(bits: number): number {
  return bits * Math.LN2;
}

/** @param nll total nats. @param bytes UTF-8 bytes of the scored text. @returns bits/byte. */
export function bitsPerByte(nll: number, bytes: number): number {
  return nll / (Math.LN2 * bytes);
}

/** @param nll total nats. @param dimensions H · W · C sub-pixels. @returns bits/dim. */
export function bitsPerDimension(nll: number, dimensions: number): number {
  return nll / (Math.LN2 * dimensions);
}

/** @param nll total nats. @param tokens how many predictions it is the sum of. */
export function perplexity(nll: number, tokens: number): number {
  return Math.exp(nll / tokens);
}

/** Bits of surprise of an event with this log-probability in nats. */
export function surprisalBits(logProb: number): number {
  return -natsToBits(logProb);
}

/** H(p) in nats; 0 · ln 0 is 0. `probability` sums to 1. */
export function entropy(probability: ArrayLike<number>): number {
  return sum(Array.from(probability, (p) => (p > 0 ? -p * Math.log(p) : 0)));
}

/** −Σ p ln q in nats: infinite where p > 0 and q = 0. */
export function crossEntropy(p: ArrayLike<number>, q: ArrayLike<number>): number {
  if (p.length !== q.length) {
    throw new RangeError(`crossEntropy: expected ${p.length} probabilities, got ${q.length}`);
  }
  return sum(Array.from(p, (weight, i) => (weight > 0 ? -weight * Math.log(q[i] ?? 0) : 0)));
}

/** ln Σ exp(x) over `count` values from `from` on: −∞ when there is nothing to sum. */
export function logSumExp(values: ArrayLike<number>, from = 0, count = values.length - from): number {
  const end = from + count;
  let greatest = -Infinity;
  for (let i = from; i < end; i++) greatest = Math.max(greatest, values[i] ?? 0);
  if (!Number.isFinite(greatest)) return greatest;
  let total = 0;
  for (let i = from; i < end; i++) total += Math.exp((values[i] ?? 0) - greatest);
  return greatest + Math.log(total);
}

/** exp(x / T) normalised; T > 0. At least one value is finite. */
export function softmax(logits: ArrayLike<number>, temperature = 1): Float64Array {
  const scaled = Float64Array.from(logits, (value) => value / temperature);
  const logSum = logSumExp(scaled);
  return scaled.map((value) => Math.exp(value - logSum));
}

/** Entropy rate in nats per symbol of a symmetric two-state chain that stays with probability `stay`. */
export function twoStateEntropyRate(stay: number): number {
  return entropy([stay, 1 - stay]);
}
