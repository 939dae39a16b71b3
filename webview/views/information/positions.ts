// The tokens' entropies and surprisals as columns, and what of them a chart can show. Pure; knows no DOM.
import type { ScoredPart } from '../../../src/protocol/logProbs';
import { TokenColumns } from '../../ui/tokenColumns';

export class Positions extends TokenColumns {
  /** Bits: each token's per-context entropy; NaN where it was not scored. */
  readonly entropy: Float32Array;

  constructor(
    readonly scoring: number,
    tokens: number,
  ) {
    super(tokens);
    this.entropy = new Float32Array(tokens);
  }

  override add(part: ScoredPart): void {
    super.add(part);
    part.entropy.forEach((nats, row) => (this.entropy[part.from + row] = nats / Math.LN2));
  }
}

/** The tokens [low, high) to show: all, or `width` of them around `focus`. */
export function windowAround(
  focus: number,
  width: number | undefined,
  tokens: number,
): { readonly low: number; readonly high: number } {
  if (width === undefined || width >= tokens) return { low: 0, high: tokens };
  const low = Math.max(0, Math.min(tokens - width, focus - Math.floor(width / 2)));
  return { low, high: low + width };
}

export interface ThinLine {
  /** Places on the token axis. */
  readonly x: number[];
  readonly y: Array<number | null>;
}

/**
 * At most two points a pixel column: the lowest and the highest of its tokens in the order they occur, so that no peak
 * is lost; every token where there is room for it. The same places for every line of one chart.
 */
export function thinTokens(values: Float32Array, low: number, high: number, columns: number): ThinLine {
  const count = high - low;
  const shown = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
  if (count <= 2 * columns) {
    const x = Array.from({ length: count }, (_, i) => low + i);
    return { x, y: x.map((token) => shown(values[token])) };
  }
  const line: ThinLine = { x: [], y: [] };
  for (let column = 0; column < columns; column++) {
    const from = low + Math.floor((column * count) / columns);
    const to = low + Math.floor(((column + 1) * count) / columns);
    let [lowest, highest] = [from, from];
    for (let token = from; token < to; token++) {
      const value = values[token] ?? NaN;
      if (!(value >= (values[lowest] ?? NaN))) lowest = token;
      if (!(value <= (values[highest] ?? NaN))) highest = token;
    }
    line.x.push(from, from + (to - from) / 2);
    line.y.push(shown(values[Math.min(lowest, highest)]), shown(values[Math.max(lowest, highest)]));
  }
  return line;
}
