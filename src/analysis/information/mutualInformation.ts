// How much an element says about the one d places later: I(x_t; x_{t+d}) of a sequence of ids, and of its shuffled self.
// Pure; knows no model. Entropies are corrected for the finite count as Miller and Madow did: + (occupied cells − 1)/(2N)
// (Miller 1955, "Note on the bias of information estimates").
import { natsToBits } from '../../math/information';
import { Rng } from '../../math/rng';
import { CompensatedSum } from '../../math/statistics';

export const BIAS_CORRECTION = 'Miller–Madow';

export interface MutualInformation {
  readonly distance: number;
  /** Pairs that the estimate counts: N. */
  readonly pairs: number;
  /** Bits, corrected. It can fall below 0 by chance, and is left there: cutting it would bias it again. */
  readonly bits: number;
  /** Bits, uncorrected: too large by about (cells − ids of each side + 1)/(2N ln 2). */
  readonly plugInBits: number;
}

/** @param ids non-negative whole numbers. @throws RangeError for a distance that leaves no pair. */
export function mutualInformationAt(ids: ArrayLike<number>, distance: number): MutualInformation {
  const pairs = ids.length - distance;
  if (!Number.isInteger(distance) || distance < 1 || pairs < 1) {
    throw new RangeError(
      `mutualInformationAt: expected a distance from 1 to ${ids.length - 1}, got ${distance}`,
    );
  }
  const [first, second, both] = [
    new Map<number, number>(),
    new Map<number, number>(),
    new Map<number, number>(),
  ];
  const side = greatest(ids) + 1;
  for (let at = 0; at < pairs; at++) {
    const [x, y] = [ids[at] ?? 0, ids[at + distance] ?? 0];
    count(first, x);
    count(second, y);
    count(both, x * side + y);
  }
  const plugIn = entropyOf(first, pairs) + entropyOf(second, pairs) - entropyOf(both, pairs);
  const correction = (first.size + second.size - both.size - 1) / (2 * pairs);
  return {
    distance,
    pairs,
    bits: natsToBits(plugIn + correction),
    plugInBits: natsToBits(plugIn),
  };
}

export function mutualInformation(ids: ArrayLike<number>, distances: readonly number[]): MutualInformation[] {
  return distances.map((distance) => mutualInformationAt(ids, distance));
}

/** The control: the same ids in a random order, which keeps their counts and loses every dependence. */
export function shuffled(ids: ArrayLike<number>, seed: number): Int32Array {
  const out = Int32Array.from(ids);
  const random = new Rng(seed);
  for (let last = out.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const kept = out[last] ?? 0;
    out[last] = out[other] ?? 0;
    out[other] = kept;
  }
  return out;
}

function count(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Nats, uncorrected. */
function entropyOf(counts: ReadonlyMap<number, number>, total: number): number {
  const sum = new CompensatedSum();
  for (const each of counts.values()) sum.add((each / total) * Math.log(total / each));
  return sum.value;
}

function greatest(ids: ArrayLike<number>): number {
  let most = 0;
  for (let at = 0; at < ids.length; at++) most = Math.max(most, ids[at] ?? 0);
  return most;
}
