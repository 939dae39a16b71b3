// What the strip paints: units of text with a value each. Surprisal by token, or the difference of two models by
// stretch. Knows bins and their names, not colours or canvases.
import type { Aligned } from './alignment';
import type { TokenColumns } from '../../ui/tokenColumns';

export interface StripSource {
  readonly kind: 'surprisal' | 'difference';
  readonly count: number;
  /** UTF-16 range of each unit. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly byteEnd: Uint32Array;
  /** Bits; NaN where there is none. */
  readonly value: Float32Array;
  /** Sum of the values before each unit; one entry more than units. */
  readonly before: Float64Array;
}

export const surprisalSource = (columns: TokenColumns): StripSource => ({
  kind: 'surprisal',
  count: columns.tokens,
  start: columns.start,
  end: columns.end,
  byteEnd: columns.byteEnd,
  value: columns.bits,
  before: columns.before,
});

export const differenceSource = (aligned: Aligned): StripSource => ({
  kind: 'difference',
  count: aligned.count,
  start: aligned.start,
  end: aligned.end,
  byteEnd: aligned.byteEnd,
  value: aligned.difference,
  before: aligned.before,
});

export const SURPRISAL_BINS = 12;
/** Steps of one bit around zero; the outer two are open. */
export const DIFFERENCE_BINS = 11;

export const binCount = (kind: StripSource['kind']): number =>
  kind === 'surprisal' ? SURPRISAL_BINS : DIFFERENCE_BINS;

/** −1 for a unit without a value. */
export function binOf(kind: StripSource['kind'], bits: number): number {
  if (Number.isNaN(bits)) return -1;
  if (kind === 'surprisal') return Math.min(SURPRISAL_BINS - 1, Math.max(0, Math.floor(bits)));
  return Math.min(DIFFERENCE_BINS - 1, Math.max(0, Math.round(bits) + 5));
}

/** The colour token of a bin. */
export const colorOf = (kind: StripSource['kind'], bin: number): string => {
  if (bin < 0) return 'ar-future';
  return kind === 'surprisal' ? `ar-surprisal-${bin + 1}` : `ar-div-${bin}`;
};

/** What a bin covers, in bits. */
export function rangeOf(kind: StripSource['kind'], bin: number): string {
  if (kind === 'surprisal') return bin === SURPRISAL_BINS - 1 ? `${bin} and more` : `${bin} to ${bin + 1}`;
  const middle = bin - 5;
  const write = (value: number) => `${value < 0 ? '−' : value > 0 ? '+' : ''}${Math.abs(value).toFixed(1)}`;
  if (bin === 0) return `${write(middle + 0.5)} and less`;
  if (bin === DIFFERENCE_BINS - 1) return `${write(middle - 0.5)} and more`;
  return `${write(middle - 0.5)} to ${write(middle + 0.5)}`;
}

export function histogramOf(source: StripSource): number[] {
  const counts = new Array<number>(binCount(source.kind)).fill(0);
  for (const value of source.value) {
    const bin = binOf(source.kind, value);
    if (bin >= 0) counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
