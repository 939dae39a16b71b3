// The distribution at a token as rows: the most likely, the one that occurred wherever it ranks, and the rest as one.
// Pure; every probability here is e to the log-probability that `score` gives.
import type { TokenInspection } from '../../../src/protocol/inspect';

export interface DistributionRow {
  readonly id: number;
  readonly text: string;
  readonly logProb: number;
  readonly probability: number;
  /** The token that stands in the text. */
  readonly occurred: boolean;
}

export interface Distribution {
  readonly rows: readonly DistributionRow[];
  /** Every token that has no row. */
  readonly rest: { readonly count: number; readonly mass: number };
  /** The largest probability of all rows and the rest: the length of a full bar. */
  readonly scale: number;
}

export function distribution({ at, scored }: TokenInspection): Distribution {
  if (scored === null) return { rows: [], rest: { count: 0, mass: 0 }, scale: 1 };
  const rows = scored.top.map(({ id, text, logProb }) => ({
    id,
    text,
    logProb,
    probability: Math.exp(logProb),
    occurred: id === at.id,
  }));
  let { count, mass } = scored.rest;
  if (!rows.some(({ occurred }) => occurred)) {
    const probability = Math.exp(scored.logProb);
    rows.push({ id: at.id, text: at.text, logProb: scored.logProb, probability, occurred: true });
    count -= 1;
    mass = Math.max(0, mass - probability);
  }
  const scale = Math.max(mass, ...rows.map(({ probability }) => probability), Number.MIN_VALUE);
  return { rows, rest: { count, mass }, scale };
}

/** Three decimals as long as they say something; below, a power of ten. */
export function formatProbability(p: number): string {
  if (p >= 0.0005) return p.toFixed(3);
  return p > 0 ? p.toExponential(0).replace('-', '−') : '0';
}
