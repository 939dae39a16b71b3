// `sample` with a beam on a real model: greedy as its narrowest case, the model's own log-probabilities, the lattice.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomizeWeights } from '../../analysis/randomWeights';
import { characterTokenizer } from '../../data/tokenizer';
import type { Family, Model } from '../../families/family';
import { familyById } from '../../families/registry';
import type { SampleParams, SampleProgress } from '../../protocol/sample';
import { meanLoss } from '../scoring/sequenceScores';
import { sampleText } from './sampleText';

const family = familyById('transformer') as Family;
const tokenizer = characterTokenizer('abcdefgh ');
let model: Model;

beforeAll(async () => {
  await tf.setBackend('cpu');
  const config = { layers: 2, heads: 2, width: 8, contextLength: 16, dropout: 0 };
  model = family.build(config, { vocabulary: tokenizer.vocabulary, bos: tokenizer.bos as number }, 3);
  randomizeWeights(model, 5);
});
afterAll(() => model.dispose());

function sample(params: Partial<SampleParams>, progress: SampleProgress[] = [], signal?: AbortSignal) {
  return sampleText(
    { family, model, tokenizer },
    { model: '', length: 10, seed: 1, ...params },
    {
      progress: (value) => Promise.resolve(void progress.push(value)),
      signal: signal ?? new AbortController().signal,
    },
  );
}

describe('sampleText with a beam', () => {
  it('of one is the text of temperature 0, far beyond the context', async () => {
    const [one, greedy] = [
      await sample({ beam: 1, length: 40 }),
      await sample({ temperature: 0, length: 40 }),
    ];
    expect(one.texts).toEqual(greedy.texts);
  });

  it('finds texts at least as likely as greedy, whose totals are the model’s own', async () => {
    const [wide, greedy] = [await sample({ beam: 6, count: 3 }), await sample({ temperature: 0 })];
    const sum = (drawn: ReadonlyArray<{ logProb: number }> = []) =>
      drawn.reduce((total, { logProb }) => total + logProb, 0);
    expect(wide.texts).toHaveLength(3);
    expect(wide.beam?.totals[0]).toBeGreaterThanOrEqual(sum(greedy.elements[0]) - 1e-9);
    for (const [index, drawn] of wide.elements.entries()) {
      expect(wide.beam?.totals[index]).toBeCloseTo(sum(drawn), 9);
      const ids = Int32Array.from(drawn, ({ id }) => id);
      const { nats, count } = await meanLoss(model, ids, tokenizer.bos, 8);
      expect(-nats * count).toBeCloseTo(sum(drawn), 4);
    }
    expect([...(wide.beam?.totals ?? [])]).toEqual([...(wide.beam?.totals ?? [])].sort((a, b) => b - a));
  });

  it('returns the lattice in columns, with the text of every id in it', async () => {
    const { beam } = await sample({ beam: 3, length: 4 });
    if (!beam) throw new Error('expected a beam');
    const { step, parent, id, logProb, total, fate, texts } = beam.lattice;
    expect(step.length).toBe(6 * 4);
    const known = new Map(texts);
    for (let node = 0; node < step.length; node++) {
      const before = parent[node] ?? -1;
      expect(step[node]).toBe(before < 0 ? 1 : (step[before] ?? 0) + 1);
      expect(total[node]).toBeCloseTo((before < 0 ? 0 : (total[before] ?? NaN)) + (logProb[node] ?? NaN), 12);
      if (before >= 0) expect(fate[before]).toBe(1);
      expect(known.has(id[node] ?? -1)).toBe(true);
    }
    expect(beam).toMatchObject({ width: 3, normalization: 'none', lengthPenalty: 0 });
    expect(beam.lattice.score).toEqual(total);
  });

  it('streams what it returns', async () => {
    const progress: SampleProgress[] = [];
    const { texts } = await sample({ prompt: 'abc', beam: 4, count: 2 }, progress);
    texts.forEach((text, index) => {
      expect(
        progress
          .filter(({ sample: which }) => which === index)
          .map((part) => part.text)
          .join(''),
      ).toBe(text);
    });
  });

  it('compares hypotheses by the length penalty that is asked for, and says why each ended', async () => {
    const [first] = (await sample({ beam: 4, count: 4 })).texts;
    const stop = [first?.slice(1, 2) ?? ''];
    const result = await sample({ beam: 4, count: 4, stop, lengthPenalty: 0.8, lengthRule: 'power' });
    expect(result.beam).toMatchObject({ normalization: 'power', lengthPenalty: 0.8 });
    result.elements.forEach((drawn, index) => {
      const total = result.beam?.totals[index] ?? NaN;
      expect(result.beam?.scores[index]).toBeCloseTo(total / drawn.length ** 0.8, 12);
      const text = result.texts[index] ?? '';
      const ended = text.includes(stop[0] ?? '?');
      expect(result.stopped[index]?.why).toBe(ended ? 'text' : 'length');
      expect(drawn).toHaveLength(ended ? text.length : 10);
    });
    expect(result.stopped.some(({ why }) => why === 'text')).toBe(true);
  });

  it('leaves no tensor, cancelled or not', async () => {
    const before = tf.memory().numTensors;
    await sample({ beam: 2, length: 3 });
    const controller = new AbortController();
    const running = sample({ beam: 4, length: 4000 }, [], controller.signal);
    setTimeout(() => controller.abort(), 10);
    await expect(running).rejects.toMatchObject({ reason: 'cancelled' });
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ beam: 0 }, 'beam: expected a whole number from 1 to 64, got 0.'],
    [{ beam: 65 }, 'beam: expected a whole number from 1 to 64, got 65.'],
    [{ beam: 2, count: 3 }, "count: expected at most the beam's 2, got 3."],
    [{ beam: 2, length: 5000 }, 'length with a beam: expected a whole number from 1 to 4096, got 5000.'],
    [{ beam: 2, repetitionPenalty: 1.2 }, 'repetitionPenalty: expected none with a beam'],
    [{ beam: 2, topK: 3 }, 'topK: expected none with a beam, which takes the likeliest, got 3.'],
  ])('refuses %j', async (params, message) => {
    await expect(sample(params)).rejects.toThrow(message);
  });
});
