// Sampling: the same seed the same text, the cache against recomputing, sliding, and the model's own log-probabilities.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byteTokenizer, characterTokenizer, type Tokenizer } from '../../data/tokenizer';
import { gumbelNoise } from '../../decoding/gumbel';
import type { Family, Model } from '../../families/family';
import { familyById } from '../../families/registry';
import { Rng } from '../../math/rng';
import type { SampleParams, SampleProgress } from '../../protocol/sample';
import { meanLoss } from '../scoring/sequenceScores';
import { sampleText } from './sampleText';
import { TextStream } from './textStream';

const family = familyById('transformer') as Family;
const tokenizer = characterTokenizer('abcdefgh ');
let model: Model;

beforeAll(async () => {
  await tf.setBackend('cpu');
  model = build(tokenizer);
});
afterAll(() => model.dispose());

function build(tokens: Tokenizer): Model {
  const config = { layers: 2, heads: 2, width: 8, contextLength: 16, dropout: 0 };
  const built = family.build(config, { vocabulary: tokens.vocabulary, bos: tokens.bos as number }, 3);
  for (const { variable } of built.variables) tf.tidy(() => variable.assign(tf.mul(variable, 10)));
  return built;
}

function sample(
  params: Partial<SampleParams>,
  progress: SampleProgress[] = [],
  signal = new AbortController().signal,
) {
  return sampleText(
    { family, model, tokenizer },
    { model: '', length: 12, seed: 1, ...params },
    { progress: (value) => Promise.resolve(void progress.push(value)), signal },
  );
}

describe('sampleText', () => {
  it('draws the same text from the same seed and another from another', async () => {
    const [one, two, other] = [await sample({}), await sample({}), await sample({ seed: 2 })];
    expect(two).toEqual({ ...one, elementsPerSecond: two.elementsPerSecond });
    expect(other.texts).not.toEqual(one.texts);
    expect(one.elements[0]).toHaveLength(12);
  });

  it('gives the same with and without the cache, far beyond the context', async () => {
    const [cached, recomputed] = [await sample({ length: 60 }), await sample({ length: 60, cache: false })];
    expect(recomputed.texts).toEqual(cached.texts);
    cached.elements[0]?.forEach(({ logProb }, index) => {
      expect(Math.abs(logProb - (recomputed.elements[0]?.[index]?.logProb ?? NaN))).toBeLessThan(1e-5);
    });
  });

  it('reports log-probabilities under the model itself, whatever was done to the distribution', async () => {
    const { elements } = await sample({ length: 15, temperature: 0.3, topK: 3 });
    const drawn = elements[0] ?? [];
    const { nats, count } = await meanLoss(
      model,
      Int32Array.from(drawn, ({ id }) => id),
      tokenizer.bos,
      8,
    );
    expect(count).toBe(15);
    expect(nats).toBeCloseTo(-drawn.reduce((sum, { logProb }) => sum + logProb, 0) / 15, 5);
  });

  it('takes the most likely at temperature 0, whatever the seed', async () => {
    const [one, two] = [await sample({ temperature: 0 }), await sample({ temperature: 0, seed: 9 })];
    expect(two.texts).toEqual(one.texts);
  });

  it('continues a prompt without repeating it, and streams what it returns', async () => {
    const progress: SampleProgress[] = [];
    const { texts } = await sample({ prompt: 'abcabc', count: 3 }, progress);
    expect(texts).toHaveLength(3);
    for (const [index, text] of texts.entries()) {
      const parts = progress.filter(({ sample: which }) => which === index);
      expect(parts.map((part) => part.text).join('')).toBe(text);
    }
  });

  it('gives each of several samples draws of its own, the first those of a single one', async () => {
    const [one, many] = [await sample({}), await sample({ count: 3 })];
    expect(many.texts[0]).toBe(one.texts[0]);
    expect(new Set(many.texts).size).toBe(3);
    expect(many.stopped).toEqual([{ why: 'length' }, { why: 'length' }, { why: 'length' }]);
  });

  it('opens its draws: the largest sum is the element, the noise that of its number', async () => {
    const { elements } = await sample({ temperature: 0.7, topK: 4, draws: 3 });
    elements[0]?.forEach(({ id, draw = [] }, at) => {
      expect(draw).toHaveLength(3);
      expect(draw[0]?.id).toBe(id);
      for (const candidate of draw) {
        expect(candidate.noise).toBe(gumbelNoise(1, at, candidate.id));
        expect(candidate.sum).toBe(candidate.logProb + candidate.noise);
        expect(candidate.text).toBe(tokenizer.tokenText(candidate.id));
      }
      expect(draw.map(({ sum }) => sum)).toEqual(draw.map(({ sum }) => sum).sort((a, b) => b - a));
    });
  });

  it('ends at a stop text, which stays, and says where it begins', async () => {
    const [whole = ''] = (await sample({ length: 40 })).texts;
    const stop = whole.slice(5, 8);
    const progress: SampleProgress[] = [];
    const { texts, elements, stopped } = await sample({ length: 40, stop: ['nowhere', stop] }, progress);
    const at = whole.indexOf(stop);
    expect(texts).toEqual([whole.slice(0, at + 3)]);
    expect(elements[0]).toHaveLength(at + 3);
    expect(stopped).toEqual([{ why: 'text', text: stop, at }]);
    expect(progress.map(({ text }) => text).join('')).toBe(texts[0]);
  });

  it('a repetition penalty spreads what greedy repeats', async () => {
    const distinct = async (repetitionPenalty: number) =>
      new Set((await sample({ temperature: 0, length: 30, repetitionPenalty })).texts[0]).size;
    expect(await distinct(1e6)).toBeGreaterThan(await distinct(1));
  });

  it('stops when cancelled and leaves no tensor', async () => {
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const running = sample({ length: 10_000 }, [], controller.signal);
    setTimeout(() => controller.abort(), 10);
    await expect(running).rejects.toMatchObject({ reason: 'cancelled' });
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ length: 0 }, 'length: expected'],
    [{ count: 0 }, 'count: expected'],
    [{ seed: -1 }, 'seed: expected'],
    [{ temperature: -1 }, 'temperature: expected'],
    [{ topP: 0 }, 'top-p: expected'],
    [{ repetitionPenalty: 0.9 }, 'repetition penalty: expected'],
    [{ stop: [''] }, 'stop: expected'],
    [{ draws: 0 }, 'draws: expected'],
  ])('refuses %j', async (params, sentence) => {
    await expect(sample(params)).rejects.toMatchObject({
      message: expect.stringContaining(sentence) as string,
    });
  });
});

describe('TextStream', () => {
  it('holds back the bytes of a character until it is whole, and never swallows broken ones', () => {
    const bytes = byteTokenizer();
    for (const text of ['aé€😀b', '\0\r\n']) {
      const ids = [...bytes.encode(text).ids];
      const stream = new TextStream(bytes);
      const parts = ids.map((id, index) => stream.push(id, index === ids.length - 1));
      expect(parts.join('')).toBe(text);
      expect(parts.every((part) => !part.includes('\ufffd'))).toBe(true);
    }
    const broken = [0xe2, 0x41, 0xff, 0xf0, 0x9f];
    const stream = new TextStream(bytes);
    expect(broken.map((id, index) => stream.push(id, index === 4)).join('')).toBe(bytes.decode(broken));
  });

  it('finds the next character behind a broken one', () => {
    const bytes = byteTokenizer();
    const random = new Rng(12);
    const alphabet = [0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xff, 0xe0];
    for (let round = 0; round < 500; round++) {
      const ids = Array.from({ length: 12 }, () => alphabet[random.integer(alphabet.length)] ?? 0);
      const stream = new TextStream(bytes);
      expect(ids.map((id, index) => stream.push(id, index === 11)).join('')).toBe(bytes.decode(ids));
    }
  });
});
