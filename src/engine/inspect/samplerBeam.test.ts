// The Sampler's beam against `sample` with a beam and against greedy; from a path, with stops; cancelled; no tensor left.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomizeWeights } from '../../analysis/randomWeights';
import { characterTokenizer } from '../../data/tokenizer';
import type { Family, Model } from '../../families/family';
import { familyById } from '../../families/registry';
import type { SampleParams } from '../../protocol/sample';
import type { SamplerBeamParams, SamplerBeamProgress } from '../../protocol/sampler';
import { sampleText } from '../sampling/sampleText';
import { samplerBeam } from './samplerBeam';
import { samplerForce } from './samplerStep';
import { StepDecoders } from './stepDecoders';

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

const PARAMS: SamplerBeamParams = {
  model: '',
  prompt: 'abc',
  path: [],
  width: 4,
  length: 8,
  lengthPenalty: 0,
  lengthRule: 'gnmt',
  stop: [],
  stopAtEnd: false,
};

function beam(
  params: Partial<SamplerBeamParams> = {},
  heard: SamplerBeamProgress[] = [],
  signal?: AbortSignal,
) {
  return samplerBeam(
    { family, model, tokenizer },
    { ...PARAMS, ...params },
    {
      progress: (value) => Promise.resolve(void heard.push(value)),
      signal: signal ?? new AbortController().signal,
    },
  );
}

const sample = (params: Partial<SampleParams>) =>
  sampleText(
    { family, model, tokenizer },
    { model: '', prompt: 'abc', length: 8, seed: 1, ...params },
    { progress: () => Promise.resolve(), signal: new AbortController().signal },
  );

describe('samplerBeam', () => {
  it('is `sample --beam` and its lattice, with greedy beside it', async () => {
    const heard: SamplerBeamProgress[] = [];
    const found = await beam({ lengthPenalty: 0.6 }, heard);
    const sampled = await sample({ beam: 4, count: 4, lengthPenalty: 0.6 });
    expect(found.hypotheses.map(({ text }) => text)).toEqual(sampled.texts);
    expect(found.hypotheses.map(({ total }) => total)).toEqual([...(sampled.beam?.totals ?? [])]);
    expect(found.hypotheses.map(({ score }) => score)).toEqual([...(sampled.beam?.scores ?? [])]);
    expect(found.lattice).toEqual(sampled.beam?.lattice);
    const greedy = await sample({ temperature: 0 });
    expect(found.greedy.text).toBe(greedy.texts[0]);
    expect(found.greedy.total).toBeCloseTo(
      greedy.elements[0]?.reduce((sum, each) => sum + each.logProb, 0) ?? NaN,
      5,
    );
    expect(found.hypotheses[0]?.total).toBeGreaterThanOrEqual(found.greedy.total);
    expect(found.hypotheses[0]?.score).toBeCloseTo((found.hypotheses[0]?.total ?? NaN) / (13 / 6) ** 0.6, 12);
    expect(heard).toEqual(Array.from({ length: 8 }, (_, at) => ({ step: at + 1, length: 8 })));
  });

  it('goes on from a path as from a longer prompt, and its totals are those of its tokens', async () => {
    const path = [...tokenizer.encode('dea').ids];
    const [onPath, onPrompt] = [await beam({ path }), await beam({ prompt: 'abcdea' })];
    expect(onPath.hypotheses).toEqual(onPrompt.hypotheses);
    const decoders = new StepDecoders();
    const settings = { temperature: 1, repetitionPenalty: 1, seed: 1 };
    const [best] = onPath.hypotheses;
    let total = 0;
    for (const [at, id] of (best?.ids ?? []).entries()) {
      const before = {
        model: '',
        prompt: 'abc',
        path: [...path, ...(best?.ids.slice(0, at) ?? [])],
        settings,
      };
      total += (await samplerForce({ loaded: { family, model, tokenizer }, decoders }, { ...before, id }))
        .logProb;
    }
    expect(best?.total).toBeCloseTo(total, 4);
    await decoders.dispose();
  });

  it('ends hypotheses at a stop text, and says so', async () => {
    const stop = [(await beam()).hypotheses[0]?.text.slice(2, 4) ?? ''];
    const { hypotheses, lattice } = await beam({ stop });
    const stopped = hypotheses.filter((each) => each.stopped.why === 'text');
    expect(stopped.length).toBeGreaterThan(0);
    for (const { text, node } of stopped) {
      expect(text.endsWith(stop[0] ?? '?')).toBe(true);
      expect(lattice.fate[node]).toBe(2);
    }
  });

  it('is cancelled within a step and leaves no tensor', async () => {
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const running = beam({ width: 16, length: 64 }, [], controller.signal);
    setTimeout(() => controller.abort(), 20);
    await expect(running).rejects.toMatchObject({ reason: 'cancelled' });
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ width: 17 }, 'beam width: expected a whole number from 1 to 16, got 17.'],
    [{ length: 0 }, 'beam length: expected a whole number from 1 to 64, got 0.'],
    [{ lengthPenalty: -1 }, 'length penalty: expected a number of at least 0, got -1.'],
    [{ path: [99] }, 'path: expected ids from 0 to'],
    [{ stop: [''] }, 'stop: expected a text of 1 to 1000 characters, got an empty one.'],
  ])('refuses %j', async (wrong, sentence) => {
    await expect(beam(wrong)).rejects.toThrow(sentence);
  });
});
