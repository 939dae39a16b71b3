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
  /** How it is made, in words. */
  readonly how: string;
  readonly figure: Likelihood;
}

export function rowsOf({ badge, images, dimensions, mean }: Ledger): readonly LedgerRow[] {
  const bits = mean * dimensions;
  const all = { count: images * dimensions, of: 'sub-pixels', badge };
  return [
    {
      id: 'bits/dim',
      how: 'bits ÷ (N · D)',
      figure: { value: mean, unit: 'bits/dim', ...all },
    },
    {
      id: 'bits/image',
      how: 'bits ÷ N',
      figure: { value: bits, unit: 'bits/image', count: images, of: 'images', badge },
    },
    {
      id: 'nats/image',
      how: 'nats ÷ N',
      figure: { value: bits * NATS_PER_BIT, unit: 'nats/image', count: images, of: 'images', badge },
    },
    { id: 'bits', how: 'nats ÷ ln 2', figure: { value: bits * images, unit: 'bits', ...all } },
    {
      id: 'nats',
      how: '−Σ ln p',
      figure: { value: bits * NATS_PER_BIT * images, unit: 'nats', ...all },
    },
  ];
}

export interface BitsBin {
  readonly from: number;
  readonly to: number;
  readonly images: number;
  /** The image that is looked at is one of them. */
  readonly marked: boolean;
}

const BINS = 10;

/** Of bits/dim over the images that are scored. @param image the one that is looked at; −1 for none */
export function bitsHistogram(gallery: Gallery, image = -1): readonly BitsBin[] {
  const bits = gallery.bits.subarray(0, gallery.scored);
  let [least, most] = [Infinity, -Infinity];
  for (const one of bits) [least, most] = [Math.min(least, one), Math.max(most, one)];
  if (!(most >= least)) return [];
  const wide = Math.max(1e-6, (most - least) / BINS);
  const counts = new Array<number>(BINS).fill(0);
  const binOf = (one: number) => Math.min(BINS - 1, Math.floor((one - least) / wide));
  for (const one of bits) counts[binOf(one)] = (counts[binOf(one)] ?? 0) + 1;
  const marked = image >= 0 && image < bits.length ? binOf(bits[image] ?? NaN) : -1;
  return counts.map((images, bin) => ({
    from: least + bin * wide,
    to: least + (bin + 1) * wide,
    images,
    marked: bin === marked,
  }));
}
