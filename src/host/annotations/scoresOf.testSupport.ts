// Scores made by hand for the tests of this folder. Not part of the extension.
import type { TokenScores } from '../../protocol/engine';

/** Tokens of the given lengths, one after another, as the engine would send them. */
export function scoresOf(
  lengths: readonly number[],
  from = 0,
  offset = 0,
  bits?: readonly number[],
): TokenScores {
  const count = lengths.length;
  const start = new Uint32Array(count);
  const end = new Uint32Array(count);
  let at = offset;
  lengths.forEach((length, i) => {
    start[i] = at;
    end[i] = at += length;
  });
  return {
    from,
    id: Int32Array.from(lengths, (_, i) => (from + i) % 256),
    start,
    end,
    byteStart: start,
    byteEnd: end,
    logProb: Float32Array.from(lengths, (_, i) => -(bits?.[i] ?? 1) * Math.LN2),
    entropy: new Float32Array(count).fill(1),
    rank: new Int32Array(count).fill(1),
    top: 0,
    topId: new Int32Array(0),
    topLogProb: new Float32Array(0),
  };
}
