// A seeded random order of numbers (Fisher and Yates), which keeps their counts and loses every dependence.
import { Rng } from './rng';
import { finish } from './steps';

const SLICE = 2 ** 18;

export function shuffled(values: ArrayLike<number>, seed: number): Int32Array {
  return finish(shuffleSteps(values, seed));
}

/** The same in pieces of a few milliseconds. Yields the share that is done. */
export function* shuffleSteps(values: ArrayLike<number>, seed: number): Generator<number, Int32Array> {
  const out = Int32Array.from(values);
  const random = new Rng(seed);
  for (let last = out.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const kept = out[last] ?? 0;
    out[last] = out[other] ?? 0;
    out[other] = kept;
    if (last % SLICE === 0) yield 1 - last / out.length;
  }
  return out;
}
