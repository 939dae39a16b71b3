// Worked values of likelihood, bits and perplexity, through the very path that scores a text:
// a planted model gives the next token a probability that was written down beforehand.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { characterTokenizer } from '../../data/tokenizer';
import type { Family, Model } from '../../families/family';
import { familyById } from '../../families/registry';
import type { ScoreSummary } from '../../protocol/engine';
import { describeModel } from '../models/modelFolder';
import { SnapshotStore } from './reuse';
import { scoreText } from './scoreText';

const tokenizer = characterTokenizer('ab');
const V = tokenizer.vocabulary;

beforeAll(() => tf.setBackend('cpu'));

/** A model that gives 'a' at place i the probability `chances[i]` and shares the rest among the other tokens. */
function planted(chances: readonly number[]): Model {
  const rowOf = (t: number): number[] => {
    const chance = chances[t] ?? 0.5;
    return Array.from({ length: V }, (_, id) => Math.log(id === 0 ? chance : (1 - chance) / (V - 1)));
  };
  return {
    config: {},
    contextLength: 32,
    vocabulary: V,
    variables: [],
    loss: () => tf.scalar(0),
    logits: (inputs) => {
      const [B, T] = inputs.shape;
      return tf.tensor3d(Array.from({ length: B }, () => Array.from({ length: T }, (_, t) => rowOf(t))));
    },
    dispose: () => undefined,
  };
}

function scoreOf(chances: readonly number[]): Promise<ScoreSummary> {
  const family = familyById('transformer') as Family;
  const model = planted(chances);
  const info = describeModel('', family, model, tokenizer);
  const loaded = { folder: '', family, facts: { vocabulary: V }, model, tokenizer, info };
  return scoreText(
    { loaded, version: '', device: 'cpu', snapshots: new SnapshotStore() },
    { model: '', text: 'a'.repeat(chances.length) },
    { progress: () => Promise.resolve(), signal: new AbortController().signal },
  );
}

describe('a text whose probabilities are known', () => {
  it.each([
    {
      name: 'a sentence of p = .001008',
      chances: [0.01, 0.7, 0.3, 0.8, 0.6],
      nll: 6.899787,
      bits: 9.954289,
      perplexity: 3.974732,
    },
    {
      name: 'p = ½, ¼, ½: four thirds of a bit each',
      chances: [0.5, 0.25, 0.5],
      nll: 3 * 0.924196,
      bits: 4,
      perplexity: 2.519842,
    },
    {
      name: 'one surprise among four',
      chances: [0.6, 0.7, 0.8, 0.05],
      nll: 4.086376,
      bits: 4.086376 / Math.LN2,
      perplexity: 2.777619,
    },
    {
      name: 'uniform over 256: eight bits each',
      chances: [1 / 256, 1 / 256],
      nll: 16 * Math.LN2,
      bits: 16,
      perplexity: 256,
    },
  ])('$name', async ({ chances, nll, bits, perplexity }) => {
    const summary = await scoreOf(chances);
    expect(summary).toMatchObject({ tokens: chances.length, scored: chances.length, bytes: chances.length });
    expect(Math.abs(summary.nll - nll)).toBeLessThan(5e-6);
    expect(Math.abs(summary.bitsPerByte * chances.length - bits)).toBeLessThan(5e-6);
    expect(Math.abs(summary.perplexity / perplexity - 1)).toBeLessThan(1e-6);
    // PPL = 2^(bits/token): three ways to say one number.
    expect(summary.perplexity).toBeCloseTo(2 ** (summary.nll / Math.LN2 / summary.scored), 9);
  });

  it('is refused in words when the model answers with no number', async () => {
    await expect(scoreOf([0.5, NaN])).rejects.toMatchObject({
      message: expect.stringContaining('got NaN') as string,
    });
  });
});
