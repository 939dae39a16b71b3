// The opened draw as a race: where each candidate starts (log p) and ends (log p + noise) on one axis. Pure.
import type { SamplerStep } from '../../../src/protocol/sampler';

/** The best sums are shown, and as many of the cut as tell what a cut is. */
const MOST_RACERS = 10;
const MOST_CUT = 2;

export interface Racer {
  readonly id: number;
  readonly text: string;
  /** 1 is drawn; 0 was cut. */
  readonly rank: number;
  readonly logProb: number;
  readonly noise: number;
  readonly sum: number;
  /** Shares of the axis; NaN where cut. */
  readonly from: number;
  readonly to: number;
}

export interface Race {
  readonly racers: readonly Racer[];
  /** Share of the axis at which the winner's sum lies. */
  readonly finish: number;
}

export function raceOf({ draw }: Pick<SamplerStep, 'draw'>): Race {
  const all = Array.from(draw.id, (id, at) => ({
    id,
    text: draw.texts[at] ?? '',
    rank: draw.rank[at] ?? 0,
    logProb: draw.logProb[at] ?? -Infinity,
    noise: draw.noise[at] ?? NaN,
    sum: draw.sum[at] ?? -Infinity,
  }));
  const kept = all.filter(({ rank }) => rank > 0).slice(0, MOST_RACERS);
  const cut = all.filter(({ rank }) => rank === 0).slice(0, MOST_CUT);
  const ends = kept.flatMap(({ logProb, sum }) => [logProb, sum]);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const share = (value: number): number => (most > least ? (value - least) / (most - least) : 0.5);
  const placed = [...kept, ...cut].map((racer) => ({
    ...racer,
    from: racer.rank > 0 ? share(racer.logProb) : NaN,
    to: racer.rank > 0 ? share(racer.sum) : NaN,
  }));
  return { racers: placed, finish: share(kept[0]?.sum ?? 0) };
}

/** Two decimals with a real minus; −∞ as such. */
export function signed(value: number): string {
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : '∞';
  return value.toFixed(2).replace('-', '−');
}
