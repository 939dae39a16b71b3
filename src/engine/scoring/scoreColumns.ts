// The scores of a text's tokens as growing columns, with a flag for each token that has been computed.
// Knows no model and no window: columns, copying and cutting only.
import type { Encoded } from '../../data/tokenizer';
import type { TokenScores } from '../../protocol/engine';

export interface ScoreColumns {
  readonly top: number;
  readonly logProb: Float32Array;
  readonly entropy: Float32Array;
  readonly rank: Int32Array;
  readonly topId: Int32Array;
  readonly topLogProb: Float32Array;
  /** 1 where the columns hold this token's scores. */
  readonly known: Uint8Array;
}

export function emptyColumns(tokens: number, top: number): ScoreColumns {
  return {
    top,
    logProb: new Float32Array(tokens).fill(NaN),
    entropy: new Float32Array(tokens).fill(NaN),
    rank: new Int32Array(tokens),
    topId: new Int32Array(tokens * top),
    topLogProb: new Float32Array(tokens * top).fill(NaN),
    known: new Uint8Array(tokens),
  };
}

/** Copies `count` tokens' scores that are known in `source`. */
export function copyColumns(
  source: ScoreColumns,
  sourceAt: number,
  target: ScoreColumns,
  targetAt: number,
  count: number,
): void {
  const sourceEnd = sourceAt + count;
  target.logProb.set(source.logProb.subarray(sourceAt, sourceEnd), targetAt);
  target.entropy.set(source.entropy.subarray(sourceAt, sourceEnd), targetAt);
  target.rank.set(source.rank.subarray(sourceAt, sourceEnd), targetAt);
  target.known.set(source.known.subarray(sourceAt, sourceEnd), targetAt);
  const top = source.top;
  target.topId.set(source.topId.subarray(sourceAt * top, sourceEnd * top), targetAt * top);
  target.topLogProb.set(source.topLogProb.subarray(sourceAt * top, sourceEnd * top), targetAt * top);
}

/** What travels: copies of the rows [from, to), because the columns live on in the cache. */
export function cutColumns(columns: ScoreColumns, encoded: Encoded, from: number, to: number): TokenScores {
  const top = columns.top;
  return {
    from,
    id: encoded.ids.slice(from, to),
    start: encoded.start.slice(from, to),
    end: encoded.end.slice(from, to),
    byteStart: encoded.byteStart.slice(from, to),
    byteEnd: encoded.byteEnd.slice(from, to),
    logProb: columns.logProb.slice(from, to),
    entropy: columns.entropy.slice(from, to),
    rank: columns.rank.slice(from, to),
    top,
    topId: columns.topId.slice(from * top, to * top),
    topLogProb: columns.topLogProb.slice(from * top, to * top),
  };
}

export function columnBytes(columns: ScoreColumns): number {
  return columns.known.length * (13 + 8 * columns.top);
}
