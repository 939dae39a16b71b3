// Cuts a long stretch of scores into short ones over the same memory, so that no later step has a long one to walk.
import type { TokenScores } from '../../protocol/engine';

/** Tokens. */
export const LONGEST_CHUNK = 16_384;

export function splitScores(scores: TokenScores): TokenScores[] {
  const count = scores.start.length;
  if (count <= LONGEST_CHUNK) return [scores];
  const parts: TokenScores[] = [];
  for (let low = 0; low < count; low += LONGEST_CHUNK) {
    parts.push(slice(scores, low, Math.min(count, low + LONGEST_CHUNK)));
  }
  return parts;
}

function slice(scores: TokenScores, low: number, high: number): TokenScores {
  const { top } = scores;
  return {
    from: scores.from + low,
    id: scores.id.subarray(low, high),
    start: scores.start.subarray(low, high),
    end: scores.end.subarray(low, high),
    byteStart: scores.byteStart.subarray(low, high),
    byteEnd: scores.byteEnd.subarray(low, high),
    logProb: scores.logProb.subarray(low, high),
    entropy: scores.entropy.subarray(low, high),
    rank: scores.rank.subarray(low, high),
    top,
    topId: scores.topId.subarray(low * top, high * top),
    topLogProb: scores.topLogProb.subarray(low * top, high * top),
  };
}
