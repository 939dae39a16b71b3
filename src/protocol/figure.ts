// A number as a person meets it: never without its unit, its denominator and its badge.
// Everything that is shown or printed as a likelihood passes through here.

/** exact: the likelihood itself; bound: an upper bound on the true NLL; none: no likelihood exists. */
export type Badge = 'exact' | 'bound' | 'none';

export type Unit =
  | 'nats'
  | 'bits'
  | 'nats/token'
  | 'bits/token'
  | 'bits/character'
  | 'bits/byte'
  | 'perplexity'
  | 'tokens/s'
  | 'bytes/s';

export interface Figure {
  readonly value: number;
  readonly unit: Unit;
  /** What the value was averaged or summed over: the denominator. */
  readonly count: number;
  /** What `count` counts, in the plural: 'tokens', 'bytes', 'characters'. */
  readonly of: string;
  readonly badge: Badge;
}

export const NATS_PER_BIT = Math.LN2;
