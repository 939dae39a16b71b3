// Two ways in which a dependence may fade with distance, each fitted with its residuals; neither is called the truth.
// Pure: ordinary least squares of ln y, over the points above zero, each counting the same.
import { mean, sum } from '../../math/statistics';

export interface Point {
  readonly distance: number;
  /** Of any unit; points that are not above 0 have no logarithm and are left out. */
  readonly value: number;
}

export interface DecayFit {
  /** exponential: amplitude · e^(−rate · d); power: amplitude · d^(−rate). */
  readonly kind: 'exponential' | 'power';
  readonly amplitude: number;
  readonly rate: number;
  /** Points used, of those given. */
  readonly used: number;
  readonly of: number;
  /** ln(value) − ln(fit), of the points used, in their order. */
  readonly residuals: Float64Array;
  /** Root mean square of the residuals over `used` − 2 degrees of freedom; NaN with two points. */
  readonly residualError: number;
  readonly at: (distance: number) => number;
}

/** @returns null with fewer than two usable points at different distances. */
export function fitDecay(kind: DecayFit['kind'], points: readonly Point[]): DecayFit | null {
  const usable = points.filter(({ distance, value }) => distance > 0 && value > 0 && Number.isFinite(value));
  const x = usable.map(({ distance }) => (kind === 'power' ? Math.log(distance) : distance));
  const y = usable.map(({ value }) => Math.log(value));
  const [centreX, centreY] = [mean(x), mean(y)];
  const spread = sum(x.map((value) => (value - centreX) ** 2));
  if (usable.length < 2 || spread === 0) return null;
  const slope = sum(x.map((value, i) => (value - centreX) * ((y[i] ?? 0) - centreY))) / spread;
  const intercept = centreY - slope * centreX;
  const residuals = Float64Array.from(y, (value, i) => value - intercept - slope * (x[i] ?? 0));
  const squares = sum(residuals.map((value) => value ** 2));
  return {
    kind,
    amplitude: Math.exp(intercept),
    rate: -slope,
    used: usable.length,
    of: points.length,
    residuals,
    residualError: usable.length > 2 ? Math.sqrt(squares / (usable.length - 2)) : NaN,
    at: (distance) => Math.exp(intercept + slope * (kind === 'power' ? Math.log(distance) : distance)),
  };
}
