// Which shortened contexts a context ablation looks at, and what a context gains against a marginal. Pure.

/** 0, 1, 2, 4, 8, …, and `most` itself. */
export function contextLengths(most: number): number[] {
  const lengths = [0];
  for (let length = 1; length < most; length *= 2) lengths.push(length);
  return most > 0 ? [...lengths, most] : lengths;
}

/** One distribution seen from one token: what it expects (its entropy), and what it gives the token that came. Nats. */
export interface Seen {
  readonly entropy: number;
  readonly logProb: number;
}

/**
 * The pointwise gain H(X) − H(X | C = c) and the token's own, log p(x | c) − log p(x). Nats; either may be negative: a
 * context can make a model less sure, and it can mislead it about this token. Only the average over contexts cannot.
 */
export function pointwiseGain(marginal: Seen, context: Seen): { entropy: number; token: number } {
  return {
    entropy: marginal.entropy - context.entropy,
    token: context.logProb - marginal.logProb,
  };
}
