// Where an image's bits go: along the model's order, region by region, and how many pixels cost how much. Worked out once
// for each image, channel and side of a region. Pure.
import type { ImageNats } from '../../../src/protocol/imageSets';
import type { HistogramBin } from '../../plots/histogram';
import { generationOf, type Generation } from './generation';
import { channelsOf } from './heat';
import type { Drawn } from './look';
import { regionsOf, sidesFor, type Region } from './regions';
import type { Settings, SideChoice } from './settings';
import type { Outline } from './stagePainter';

/** Of either kind. */
const REGIONS = 5;
/** At most so many bins stand side by side in the rail. */
const MOST_BINS = 14;
const COLOURS = 16;

export interface ImageAnalysis {
  readonly nats: ImageNats;
  readonly generation: Generation;
  /** Channels that are counted. */
  readonly channels: number;
  readonly fitting: readonly SideChoice[];
  readonly side: SideChoice;
  readonly least: readonly Region[];
  readonly most: readonly Region[];
  readonly bits: Float64Array;
  readonly bins: PixelBins;
}

export function analyse(
  { look, bits, end }: Pick<Drawn, 'look' | 'bits' | 'end'>,
  settings: Pick<Settings, 'channel' | 'side'>,
): ImageAnalysis | undefined {
  const { nats } = look;
  if (nats === null || bits === undefined) return undefined;
  const { fitting, side } = sidesFor(nats, settings.side);
  return {
    nats,
    generation: generationOf(nats, settings.channel),
    channels: channelsOf(nats, settings.channel).length,
    fitting,
    side,
    least: regionsOf(bits, nats, Number(side), REGIONS, 1),
    most: regionsOf(bits, nats, Number(side), REGIONS, -1),
    bits,
    bins: pixelBins(bits, end),
  };
}

/** A region's sub-pixels that are counted: what its bits are over. */
export const subpixelsIn = ({ side }: Region, { channels }: ImageAnalysis): number => side * side * channels;

/** As they are numbered on the image and in the lists. */
export function outlinesOf({ least, most }: ImageAnalysis): Outline[] {
  const numbered = (regions: readonly Region[], dashed: boolean) =>
    regions.map(({ row, column, side }, index) => ({ row, column, side, number: index + 1, dashed }));
  return [...numbered(most, true), ...numbered(least, false)];
}

export interface PixelBins {
  readonly step: number;
  readonly counts: readonly number[];
}

/** Pixels by their bits, in steps of 1, 2 or 5; the last holds all above. @param end of the map's scale, in bits */
export function pixelBins(bits: Float64Array, end: number): PixelBins {
  const power = 10 ** Math.floor(Math.log10(end / MOST_BINS));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => end / one <= MOST_BINS) ?? end;
  const counts = new Array<number>(Math.ceil(end / step - 1e-9)).fill(0);
  for (const one of bits) {
    const bin = binOf({ step, counts }, one);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { step, counts };
}

const binOf = ({ step, counts }: PixelBins, bits: number): number =>
  Math.min(counts.length - 1, Math.max(0, Math.floor(bits / step)));

/** Their bars, in the colours of the map. @param at the pixel at the crosshair */
export function pixelBars({ bins, bits }: Pick<ImageAnalysis, 'bins' | 'bits'>, at: number): HistogramBin[] {
  const { step, counts } = bins;
  const digits = step % 1 === 0 ? 0 : Math.max(0, Math.ceil(-Math.log10(step)));
  const marked = binOf(bins, bits[at] ?? 0);
  return counts.map((count, bin) => {
    const from = (bin * step).toFixed(digits);
    const last = bin === counts.length - 1;
    return {
      label: last ? `${from}+` : from,
      range: last ? `${from} and more` : `${from} to ${((bin + 1) * step).toFixed(digits)}`,
      count,
      colour: `ar-seq-${Math.round(((bin + 0.5) * (COLOURS - 1)) / counts.length)}`,
      hollow: false,
      ...(bin === marked ? { marked: 'the pixel at the crosshair' } : {}),
    };
  });
}
