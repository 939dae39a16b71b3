// What scoring needs of a row of logits: the target's log-probability and rank, the entropy, the top alternatives.
// Ends in host memory, because only numbers leave an engine.
import { tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type { ScoreRowsAttributes, ScoreRowsInputs } from '../kernels/fusedKernels';
import { isFused, runFused } from './fused';

export interface RowScores {
  /** Nats [M]. */
  readonly logProb: Float32Array;
  /** Nats [M]: the entropy of each row's distribution. */
  readonly entropy: Float32Array;
  /** [M]; 1 = the most likely; ties count the strictly greater. */
  readonly rank: Int32Array;
  readonly top: number;
  /** [M, top], most likely first, equal ones by lower id. */
  readonly topId: Int32Array;
  readonly topLogProb: Float32Array;
}

/**
 * @param logits [M, V]
 * @param targets int32 [M]
 * @param top how many alternatives, 0 to V
 */
export async function scoreRows(logits: Tensor2D, targets: Tensor1D, top: number): Promise<RowScores> {
  if (!isFused(FusedKernel.scoreRows)) {
    return scoreRowsPlain(
      (await logits.data()) as Float32Array,
      (await targets.data()) as Int32Array,
      logits.shape[1],
      top,
    );
  }
  const inputs: ScoreRowsInputs = { logits, targets };
  const attributes: ScoreRowsAttributes = { top };
  const outputs = tidy(() => runFused(FusedKernel.scoreRows, inputs, attributes));
  const data = await Promise.all(outputs.map((tensor: Tensor) => tensor.data()));
  outputs.forEach((tensor) => tensor.dispose());
  const [logProb, entropy, rank, topId, topLogProb] = data as [
    Float32Array,
    Float32Array,
    Int32Array,
    Int32Array,
    Float32Array,
  ];
  return { logProb, entropy, rank, top, topId, topLogProb };
}

/** The definition, in double precision over host memory. A row with NaN has NaN for every float, rank 0 and ids 0. */
export function scoreRowsPlain(
  logits: Float32Array,
  targets: Int32Array,
  vocabulary: number,
  top: number,
): RowScores {
  const M = targets.length;
  const scores: RowScores = {
    logProb: new Float32Array(M),
    entropy: new Float32Array(M),
    rank: new Int32Array(M),
    top,
    topId: new Int32Array(M * top),
    topLogProb: new Float32Array(M * top),
  };
  for (let m = 0; m < M; m++) {
    scoreRow(logits.subarray(m * vocabulary, (m + 1) * vocabulary), targets[m] as number, m, scores);
  }
  return scores;
}

/** One after another; all with the same number of alternatives. */
export function joinRows(parts: readonly RowScores[]): RowScores {
  const floats = (key: 'logProb' | 'entropy' | 'topLogProb') =>
    Float32Array.from(parts.flatMap((part) => [...part[key]]));
  const integers = (key: 'rank' | 'topId') => Int32Array.from(parts.flatMap((part) => [...part[key]]));
  return {
    logProb: floats('logProb'),
    entropy: floats('entropy'),
    rank: integers('rank'),
    top: parts[0]?.top ?? 0,
    topId: integers('topId'),
    topLogProb: floats('topLogProb'),
  };
}

function scoreRow(row: Float32Array, target: number, m: number, scores: RowScores): void {
  if (target < 0 || target >= row.length) {
    throw new Error(`scoreRows: expected a target in [0, ${row.length}), got ${target}`);
  }
  const { top } = scores;
  if (row.some(Number.isNaN)) {
    scores.logProb[m] = scores.entropy[m] = NaN;
    scores.topLogProb.fill(NaN, m * top, (m + 1) * top);
    return;
  }
  const peak = row.reduce((a, b) => Math.max(a, b), -Infinity);
  let total = 0;
  for (const value of row) total += Math.exp(value - peak);
  const logTotal = peak + Math.log(total);
  let entropy = 0;
  let greater = 0;
  const chosen = row[target] as number;
  for (const value of row) {
    const logProb = value - logTotal;
    if (logProb > -Infinity) entropy -= Math.exp(logProb) * logProb;
    if (value > chosen) greater++;
  }
  scores.logProb[m] = chosen - logTotal;
  scores.entropy[m] = entropy;
  scores.rank[m] = greater + 1;
  const order = Array.from(row.keys()).sort((a, b) => (row[b] as number) - (row[a] as number) || a - b);
  for (let k = 0; k < top; k++) {
    const id = order[k] as number;
    scores.topId[m * top + k] = id;
    scores.topLogProb[m * top + k] = (row[id] as number) - logTotal;
  }
}
