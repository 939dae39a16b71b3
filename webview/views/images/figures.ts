// The numbers of the ledger: the whole set and one image, each with unit, denominator and badge. Pure.
import type { Badge } from '../../../src/protocol/figure';
import { NATS_PER_BIT } from '../../../src/protocol/figure';
import type { ImagesContent } from '../../../src/protocol/imagesView';
import type { Likelihood } from '../../ui/figure';
import type { Gallery } from './gallery';

export interface Ledger {
  readonly badge: Badge;
  /** Images that are scored, and sub-pixels of one. */
  readonly images: number;
  readonly dimensions: number;
  /** Mean bits/dim, and its standard error over images; null for one image. */
  readonly mean: number;
  readonly standardError: number | null;
}

/** Of what is scored so far; undefined while nothing is. */
export function ledgerOf({ model, set, scoring }: ImagesContent, gallery: Gallery): Ledger | undefined {
  if (model === null || gallery.scored === 0) return undefined;
  const dimensions = set.height * set.width * model.channels;
  const common = { badge: model.likelihood, images: gallery.scored, dimensions };
  if (scoring.kind === 'result') {
    const { bitsPerDim, standardError } = scoring.summary;
    return { ...common, mean: bitsPerDim, standardError };
  }
  const bits = gallery.bits.subarray(0, gallery.scored);
  const mean = bits.reduce((sum, one) => sum + one, 0) / bits.length;
  const squares = bits.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const standardError = bits.length < 2 ? null : Math.sqrt(squares / (bits.length - 1) / bits.length);
  return { ...common, mean, standardError };
}

export interface LedgerRow {
  readonly id: string;
  readonly figure: Likelihood;
}

export function rowsOf({ badge, images, dimensions, mean }: Ledger): readonly LedgerRow[] {
  const bits = mean * dimensions;
  return [
    {
      id: 'bits/dim',
      figure: { value: mean, unit: 'bits/dim', count: images * dimensions, of: 'sub-pixels', badge },
    },
    { id: 'bits/image', figure: { value: bits, unit: 'bits/image', count: images, of: 'images', badge } },
    {
      id: 'nats/image',
      figure: { value: bits * NATS_PER_BIT, unit: 'nats/image', count: images, of: 'images', badge },
    },
    {
      id: 'nats',
      figure: {
        value: bits * NATS_PER_BIT * images,
        unit: 'nats',
        count: images * dimensions,
        of: 'sub-pixels',
        badge,
      },
    },
  ];
}

export interface BitsBin {
  readonly from: number;
  readonly to: number;
  readonly images: number;
}

const BINS = 10;

/** Of bits/dim over the images that are scored. */
export function bitsHistogram(gallery: Gallery): readonly BitsBin[] {
  const bits = gallery.bits.subarray(0, gallery.scored);
  let [least, most] = [Infinity, -Infinity];
  for (const one of bits) [least, most] = [Math.min(least, one), Math.max(most, one)];
  if (!(most >= least)) return [];
  const wide = Math.max(1e-6, (most - least) / BINS);
  const counts = new Array<number>(BINS).fill(0);
  for (const one of bits) {
    const bin = Math.min(BINS - 1, Math.floor((one - least) / wide));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((images, bin) => ({ from: least + bin * wide, to: least + (bin + 1) * wide, images }));
}
