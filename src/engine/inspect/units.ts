// Whether a model's figures are in the units they claim: one text, scored, and each figure computed again another way.
import { tensor2d } from '@tensorflow/tfjs-core';
import { Rng } from '../../math/rng';
import { sum } from '../../math/statistics';
import type { TokenScores } from '../../protocol/engine';
import { SnapshotStore } from '../scoring/reuse';
import { scoreText } from '../scoring/scoreText';
import type { Subject } from './subject';

export interface UnitsReport {
  /** The largest relative difference of two ways to the same figure. */
  readonly worst: number;
  /** Which figure that was. */
  readonly figure: string;
  readonly tokens: number;
  readonly bytes: number;
}

/** Letters of one to four bytes, so that bytes, characters and tokens are three different counts. */
const TEXT = 'Bits, nats and bytes: naïve café, 東京, 😀.\nA second line ends it.\n';

export async function unitsReport(subject: Subject, signal: AbortSignal): Promise<UnitsReport> {
  const { family, facts, model, tokenizer, device } = subject;
  const chunks: TokenScores[] = [];
  const summary = await scoreText(
    {
      // A folder's name and description play no part in scoring.
      loaded: { family, facts, model, tokenizer, folder: 'the model' },
      version: '',
      device,
      snapshots: new SnapshotStore(),
    },
    { model: '', text: TEXT },
    { signal, progress: ({ scores }) => Promise.resolve(void chunks.push(scores)) },
  );
  const logProbs = chunks
    .flatMap(({ logProb }) => Array.from(logProb))
    .filter((value) => !Number.isNaN(value));
  const nll = -sum(logProbs);
  const bytes = new TextEncoder().encode(TEXT).length;
  const bits = nll / Math.LN2;
  const { loss, mean } = await lossBothWays(subject);
  const figures: ReadonlyArray<readonly [figure: string, given: number, expected: number]> = [
    ['nll in nats', summary.nll, nll],
    ['bits/byte', summary.bitsPerByte, bits / bytes],
    ['perplexity', summary.perplexity, 2 ** (bits / logProbs.length)],
    ['bytes', summary.bytes, bytes],
    ['scored tokens', summary.scored, logProbs.length],
    ['loss in nats per token', loss, mean],
  ];
  let [worst, figure] = [0, 'none'];
  for (const [name, given, expected] of figures) {
    const difference = Math.abs(given - expected) / Math.max(Math.abs(expected), 1e-6);
    if (difference <= worst) continue;
    [worst, figure] = [Number.isNaN(difference) ? Infinity : difference, name];
  }
  return { worst, figure, tokens: summary.tokens, bytes };
}

/** The loss that training minimises, and the mean of the log-probabilities of the same targets. */
async function lossBothWays({ model }: Subject): Promise<{ loss: number; mean: number }> {
  const [B, T] = [2, Math.min(8, model.contextLength)];
  const rng = new Rng(11);
  const random = () => Int32Array.from({ length: B * T }, () => rng.integer(model.vocabulary));
  const inputs = tensor2d(random(), [B, T], 'int32');
  const targets = tensor2d(random(), [B, T], 'int32');
  const loss = model.loss({ inputs, targets });
  try {
    const logProb = (await model.logProb?.({ inputs, targets })) ?? new Float32Array(0);
    return { loss: (await loss.data())[0] ?? NaN, mean: -sum(logProb) / logProb.length };
  } finally {
    [inputs, targets, loss].forEach((tensor) => tensor.dispose());
  }
}
