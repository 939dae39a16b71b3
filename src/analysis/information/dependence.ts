// How the dependence between tokens of one text fades with their distance: estimates at log-spaced distances, the same
// of the shuffled text, and two fits of what stands out from it. Pure; judges no fit.
import { shuffleSteps } from '../../math/shuffle';
import { fitDecay, type DecayFit } from './decayFits';
import { mutualInformationSteps, type MutualInformation } from './mutualInformation';

/** A quarter of the text is the farthest: beyond it, too few pairs are left to tell anything from chance. */
const FARTHEST_SHARE = 1 / 4;
const FARTHEST = 4096;
/** A fit has two numbers of its own: with two points it would say nothing. */
const FEWEST_POINTS = 3;

export interface Dependence {
  readonly points: readonly MutualInformation[];
  /** The shuffled text at the same distances: what chance alone gives. */
  readonly control: readonly MutualInformation[];
  /** Bits: the largest of the control's estimates, above or below zero. */
  readonly chance: number;
  /** The fits are of the first so many points: up to the first that is not above `chance`. */
  readonly used: number;
  /** Exponential and power law over the same points; none where fewer than three stand out. */
  readonly fits: readonly DecayFit[];
}

/** 1, 2, 3, 4, 5, 6, 8, 10, 13, …: each about a quarter farther than the one before. */
export function logDistances(most: number): number[] {
  const distances: number[] = [];
  for (let at = 1; at <= most; at = Math.max(at + 1, Math.round(at * 1.26))) distances.push(at);
  return distances;
}

/** @param seed of the shuffle. Yields the share that is done. */
export function* dependenceSteps(ids: Int32Array, seed: number): Generator<number, Dependence> {
  const distances = logDistances(Math.min(FARTHEST, Math.floor(ids.length * FARTHEST_SHARE)));
  const points = yield* between(0, 0.45, mutualInformationSteps(ids, distances));
  const mixed = yield* between(0.45, 0.55, shuffleSteps(ids, seed));
  const control = yield* between(0.55, 1, mutualInformationSteps(mixed, distances));
  const chance = control.reduce((most, { bits }) => Math.max(most, Math.abs(bits)), 0);
  const drowned = points.findIndex(({ bits }) => !(bits > chance));
  const used = drowned < 0 ? points.length : drowned;
  const standing = points.slice(0, used).map(({ distance, bits }) => ({ distance, value: bits }));
  const fits = (['exponential', 'power'] as const).flatMap((kind) => {
    const fit = standing.length < FEWEST_POINTS ? null : fitDecay(kind, standing);
    return fit === null ? [] : [fit];
  });
  return { points, control, chance, used, fits };
}

function* between<T>(from: number, to: number, steps: Generator<number, T>): Generator<number, T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    yield from + (to - from) * step.value;
  }
}
