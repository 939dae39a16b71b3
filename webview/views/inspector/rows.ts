// The distribution at a token or a sub-pixel as rows: the most likely, the one that occurred wherever it ranks, and the
// rest as one. Pure; every probability here is e to the log-probability that `score` gives.
import type { PixelDistribution } from '../../../src/protocol/imageSets';
import type { TokenInspection } from '../../../src/protocol/inspect';
import { pixelColour } from '../../ui/pixelWords';

export interface DistributionRow {
  readonly id: number;
  readonly text: string;
  readonly logProb: number;
  readonly probability: number;
  /** The token that stands in the text, the level that is in the image. */
  readonly occurred: boolean;
  /** Of a level: how the pixel would show. */
  readonly colour?: string;
}

export interface Distribution {
  readonly rows: readonly DistributionRow[];
  /** Every token or level that has no row. */
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
  const { logProb } = scored;
  const probability = Math.exp(logProb);
  return withOccurred(rows, scored.rest, { id: at.id, text: at.text, logProb, probability, occurred: true });
}

/** Levels that have a row because they are likely. */
const TOP = 20;

/** @param channel of the pixel, from 0 */
export function levelDistribution(
  { levels, logProb, level }: PixelDistribution,
  channel: number,
): Distribution {
  const rowOf = (id: number): DistributionRow => {
    const own = logProb[channel * levels + id] ?? -Infinity;
    return {
      id,
      text: String(id),
      logProb: own,
      probability: Math.exp(own),
      occurred: id === level[channel],
      colour: pixelColour(level.with(channel, id), levels),
    };
  };
  const all = Array.from({ length: levels }, (_, id) => rowOf(id));
  const order = [...all].sort((a, b) => b.logProb - a.logProb || a.id - b.id);
  const [top, others] = [order.slice(0, TOP), order.slice(TOP)];
  const mass = Math.max(0, 1 - top.reduce((sum, { probability }) => sum + probability, 0));
  return withOccurred(
    top,
    { count: others.length, mass: others.length === 0 ? 0 : mass },
    rowOf(level[channel] ?? 0),
  );
}

/** Takes what occurred out of the rest, where it is there. */
function withOccurred(
  rows: readonly DistributionRow[],
  rest: Distribution['rest'],
  occurred: DistributionRow,
): Distribution {
  const listed = rows.some((row) => row.occurred);
  const all = listed ? rows : [...rows, occurred];
  const mass = listed ? rest.mass : Math.max(0, rest.mass - occurred.probability);
  const scale = Math.max(mass, ...all.map(({ probability }) => probability), Number.MIN_VALUE);
  return { rows: all, rest: { count: rest.count - (listed ? 0 : 1), mass }, scale };
}

/** Three decimals as long as they say something; below, a power of ten. */
export function formatProbability(p: number): string {
  if (p >= 0.0005) return p.toFixed(3);
  return p > 0 ? p.toExponential(0).replace('-', '−') : '0';
}
