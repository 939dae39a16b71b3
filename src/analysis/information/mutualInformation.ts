// How much an element says about the one d places later: I(x_t; x_{t+d}) of a sequence of ids, and of its shuffled self.
// Pure; knows no model. Entropies are corrected for the finite count as Miller and Madow did: + (occupied cells − 1)/(2N)
// (Miller 1955, "Note on the bias of information estimates").
import { natsToBits } from '../../math/information';
import { finish } from '../../math/steps';
import { CompensatedSum } from '../../math/statistics';
import { PairTable } from './pairTable';

export const BIAS_CORRECTION = 'Miller–Madow';

/** Pairs counted before the caller may do something else. */
const SLICE = 2 ** 18;

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
  const [found] = mutualInformation(ids, [distance]);
  if (found === undefined) throw new Error('mutualInformationAt: expected one estimate, got none');
  return found;
}

export function mutualInformation(ids: ArrayLike<number>, distances: readonly number[]): MutualInformation[] {
  return finish(mutualInformationSteps(ids, distances));
}

/** The same in pieces of a few milliseconds. Yields the share that is done. */
export function* mutualInformationSteps(
  ids: ArrayLike<number>,
  distances: readonly number[],
): Generator<number, MutualInformation[]> {
  const side = greatest(ids) + 1;
  const [first, second] = [new Uint32Array(side), new Uint32Array(side)];
  const both = new PairTable(side);
  const found: MutualInformation[] = [];
  for (const distance of distances) {
    const pairs = ids.length - distance;
    if (!Number.isInteger(distance) || distance < 1 || pairs < 1) {
      throw new RangeError(
        `mutualInformationAt: expected a distance from 1 to ${ids.length - 1}, got ${distance}`,
      );
    }
    first.fill(0);
    second.fill(0);
    both.clear();
    for (let at = 0; at < pairs; at++) {
      const [x, y] = [ids[at] ?? 0, ids[at + distance] ?? 0];
      first[x] = (first[x] ?? 0) + 1;
      second[y] = (second[y] ?? 0) + 1;
      both.add(x, y);
      if ((at + 1) % SLICE === 0) yield (found.length + at / pairs) / distances.length;
    }
    found.push(estimate(distance, pairs, first, second, both));
    yield found.length / distances.length;
  }
  return found;
}

function estimate(
  distance: number,
  pairs: number,
  first: Uint32Array,
  second: Uint32Array,
  both: PairTable,
): MutualInformation {
  const [x, y, xy] = [first, second, both.counts()].map((counts) => entropyOf(counts, pairs)) as [
    Entropy,
    Entropy,
    Entropy,
  ];
  const plugIn = x.nats + y.nats - xy.nats;
  const correction = (x.occupied + y.occupied - xy.occupied - 1) / (2 * pairs);
  return {
    distance,
    pairs,
    bits: natsToBits(plugIn + correction),
    plugInBits: natsToBits(plugIn),
  };
}

interface Entropy {
  /** Uncorrected. */
  readonly nats: number;
  readonly occupied: number;
}

function entropyOf(counts: Iterable<number>, total: number): Entropy {
  const sum = new CompensatedSum();
  let occupied = 0;
  for (const each of counts) {
    if (each === 0) continue;
    occupied++;
    sum.add((each / total) * Math.log(total / each));
  }
  return { nats: sum.value, occupied };
}

function greatest(ids: ArrayLike<number>): number {
  let most = 0;
  for (let at = 0; at < ids.length; at++) most = Math.max(most, ids[at] ?? 0);
  return most;
}
