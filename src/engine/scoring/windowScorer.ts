// Runs windows of a sequence through a model and gives log-probability, entropy, rank and alternatives of the tokens
// asked for. The one place where a likelihood is computed: annotations, `score` and validation all come here.
import { gather, reshape, tensor1d, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Family, Model } from '../../families/family';
import { joinRows, scoreRows, type RowScores } from '../../nn/scoreRows';
import { ArLensError } from '../../protocol/errors';
import type { Window } from './windows';

/** A window and those of its positions whose scores are wanted. */
export interface WindowRequest {
  readonly window: Window;
  /** Positions in the sequence, ascending, each in [window.from, window.to). */
  readonly positions: readonly number[];
}

/** @throws ArLensError 'unsupported' where a likelihood does not exist: such a family never yields a number here. */
export function requireLikelihood(family: Family, model: Model): void {
  if (family.likelihood === 'none' || !model.logits) {
    throw new ArLensError(
      'unsupported',
      `The family "${family.id}" has no likelihood, so its models cannot score a text.`,
      'Choose a model of another family.',
    );
  }
  if (model.contextLength < 2) {
    throw new ArLensError(
      'unsupported',
      'The model sees one token at a time: scoring needs a context of at least 2.',
    );
  }
}

/**
 * @returns the scores of all positions asked for, in the order of the requests.
 * Every window is padded to the same length: a causal model's row does not depend on what follows it, so equal
 * windows give equal scores bit for bit, whatever else stands in the batch and wherever the text ends. Only where rows
 * do depend on the window's length, each is as long as its text.
 */
export async function scoreWindows(
  model: Model,
  sequence: Int32Array,
  context: number,
  requests: readonly WindowRequest[],
  top: number,
): Promise<RowScores> {
  if (!model.dependsOnLength) return scoreBatch(model, sequence, context - 1, requests, top);
  const parts: RowScores[] = [];
  for (const request of requests) {
    const { start } = request.window;
    // The last token too: it is part of the window, though nothing after it is scored.
    const length = Math.min(context, sequence.length - start);
    parts.push(await scoreBatch(model, sequence, length, [request], top));
  }
  return joinRows(parts);
}

/** @param T how many positions of each window are inputs */
async function scoreBatch(
  model: Model,
  sequence: Int32Array,
  T: number,
  requests: readonly WindowRequest[],
  top: number,
): Promise<RowScores> {
  const B = requests.length;
  const inputs = new Int32Array(B * T);
  const rows: number[] = [];
  const targets: number[] = [];
  requests.forEach(({ window, positions }, b) => {
    inputs.set(sequence.subarray(window.start, Math.min(window.start + T, sequence.length)), b * T);
    for (const position of positions) {
      rows.push(b * T + position - window.start - 1);
      targets.push(sequence[position] ?? 0);
    }
  });
  const logits = tidy(() => {
    const all = model.logits?.(tensor2d(inputs, [B, T], 'int32')); // [B, T, V]
    if (!all)
      throw new ArLensError('unsupported', 'scoreWindows: expected a model with logits, got one without.');
    const flat = reshape(all, [B * T, model.vocabulary]); // [B T, V]
    return rows.length === B * T ? flat : gather(flat, tensor1d(rows, 'int32')); // [M, V]
  });
  const wanted = tensor1d(targets, 'int32');
  try {
    return await scoreRows(logits as Tensor2D, wanted, top);
  } finally {
    logits.dispose();
    wanted.dispose();
  }
}
