// Histogram and most surprising tokens of a whole document, kept per chunk so that new chunks cost only themselves.
// Works in slices: a caller that must stay responsive pauses between `step`s.
import { BIN_COUNT, binOf } from './bins';
import { rowBits } from './glyphs';
import type { Metric } from './metric';
import type { TokenChunk } from './tokenChunk';
import type { TokenIndex } from './tokenIndex';

/** Tokens per slice: well under a millisecond of work on a slow machine. */
const SLICE = 16_384;
/** How many of the most surprising tokens are kept. */
export const WORST_KEPT = 64;

export interface WorstToken {
  readonly token: number;
  readonly bits: number;
}

export interface Statistics {
  /** Tokens per one-bit bin, twelve entries. */
  readonly histogram: readonly number[];
  /** Highest first. */
  readonly worst: readonly WorstToken[];
}

export class StatisticsKeeper {
  /** By the columns themselves, which never change: a chunk that only moved is not counted again. */
  private readonly parts = new WeakMap<object, Map<string, Statistics>>();

  /** Does the next slice of work; true when every chunk is counted. */
  step(index: TokenIndex, metric: Metric): boolean {
    let budget = SLICE;
    for (const chunk of index.chunks) {
      if (this.partOf(chunk, metric) !== undefined) continue;
      if (budget <= 0) return false;
      this.keep(chunk, metric, count(chunk, metric));
      budget -= chunk.high - chunk.low;
    }
    return true;
  }

  /** The sum of what is counted so far. */
  total(index: TokenIndex, metric: Metric): Statistics {
    const histogram = new Array<number>(BIN_COUNT).fill(0);
    const worst: WorstToken[] = [];
    for (const chunk of index.chunks) {
      const part = this.partOf(chunk, metric);
      if (part === undefined) continue;
      part.histogram.forEach((n, bin) => (histogram[bin] = (histogram[bin] ?? 0) + n));
      worst.push(...part.worst);
    }
    worst.sort((a, b) => b.bits - a.bits || a.token - b.token);
    return { histogram, worst: worst.slice(0, WORST_KEPT) };
  }

  private partOf(chunk: TokenChunk, metric: Metric): Statistics | undefined {
    return this.parts.get(chunk.scores)?.get(keyOf(chunk, metric));
  }

  private keep(chunk: TokenChunk, metric: Metric, part: Statistics): void {
    const parts = this.parts.get(chunk.scores) ?? new Map<string, Statistics>();
    this.parts.set(chunk.scores, parts.set(keyOf(chunk, metric), part));
  }
}

const keyOf = (chunk: TokenChunk, metric: Metric): string => `${metric} ${chunk.low} ${chunk.high}`;

function count(chunk: TokenChunk, metric: Metric): Statistics {
  const histogram = new Array<number>(BIN_COUNT).fill(0);
  const worst: WorstToken[] = [];
  let least = -Infinity;
  for (let row = chunk.low; row < chunk.high; row++) {
    const bits = rowBits(chunk, row, metric);
    const bin = binOf(bits);
    if (bin === 0) continue;
    histogram[bin - 1] = (histogram[bin - 1] ?? 0) + 1;
    if (bits <= least) continue;
    worst.push({ token: chunk.scores.from + row, bits });
    if (worst.length < 2 * WORST_KEPT) continue;
    worst.sort((a, b) => b.bits - a.bits);
    worst.length = WORST_KEPT;
    least = worst[WORST_KEPT - 1]?.bits ?? -Infinity;
  }
  worst.sort((a, b) => b.bits - a.bits);
  worst.length = Math.min(worst.length, WORST_KEPT);
  return { histogram, worst };
}
