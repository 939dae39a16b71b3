// The twelve bins of surprisal: one bit each, the last 11 bits and more. Pure; the editor's decorations use the same.
import type { HistogramBin } from '../../plots/histogram';

export const BINS = 12;

/** @param counts tokens per bin @param threshold bits below which the editor draws nothing */
export function surprisalBins(counts: readonly number[], threshold: number): HistogramBin[] {
  return Array.from({ length: BINS }, (_, bin) => {
    const last = bin === BINS - 1;
    return {
      label: last ? `${bin}+` : String(bin),
      range: last ? `${bin} and more` : `${bin} to ${bin + 1}`,
      count: counts[bin] ?? 0,
      colour: `ar-surprisal-${bin + 1}`,
      // A bin is drawn when any of it lies above the threshold; the last one has no end.
      hollow: !last && bin + 1 <= threshold,
    };
  });
}

/** How many tokens lie in bins of which nothing is drawn: all that are hidden, or some where the threshold cuts a bin. */
export function hiddenCount(bins: readonly HistogramBin[]): number {
  return bins.reduce((sum, bin) => sum + (bin.hollow ? bin.count : 0), 0);
}
