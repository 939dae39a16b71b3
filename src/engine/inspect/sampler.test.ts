// Stepping against `sample`, `filter` and `score`; kept decoders against the plain forward; nothing left behind.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { byteTokenizer, characterTokenizer } from '../../data/tokenizer';
import { filter } from '../../decoding/filter';
import { gumbelNoise } from '../../decoding/gumbel';
import { penalise } from '../../decoding/penalty';
import type { Family, Model } from '../../families/family';
import { familyById } from '../../families/registry';
import type { SamplerElement, SamplerSettings, SamplerStepParams } from '../../protocol/sampler';
import { recomputingDecoder } from '../sampling/recomputingDecoder';
import { promptTokens, sampleText } from '../sampling/sampleText';
import { StopWatch } from '../sampling/stops';
import { SnapshotStore } from '../scoring/reuse';
import { scoreText } from '../scoring/scoreText';
import type { TokenScores } from '../../protocol/engine';
import type { LoadedModel } from '../models/modelFolder';
import { samplerRun } from './samplerRun';
import { samplerForce, samplerStep, windowOf, type SamplerParts } from './samplerStep';
import { StepDecoders } from './stepDecoders';

const family = familyById('transformer') as Family;
const tokenizer = characterTokenizer('abcdefgh ');
const CONTEXT = 16;
const PLAIN: SamplerSettings = { temperature: 1, repetitionPenalty: 1, seed: 5 };
const FILTERED: SamplerSettings = {
  temperature: 0.8,
  topK: 6,
  topP: 0.9,
  minP: 0.05,
  repetitionPenalty: 1,
  seed: 7,
};

let model: Model;
let parts: SamplerParts;
let before: number;
beforeAll(async () => {
  await tf.setBackend('cpu');
  const config = { layers: 2, heads: 2, width: 8, contextLength: CONTEXT, dropout: 0 };
  model = family.build(config, { vocabulary: tokenizer.vocabulary, bos: tokenizer.bos as number }, 3);
  for (const { variable } of model.variables) tf.tidy(() => variable.assign(tf.mul(variable, 10)));
});
afterAll(() => model.dispose());
beforeEach(() => {
  before = tf.memory().numTensors;
  parts = { loaded: { family, model, tokenizer }, decoders: new StepDecoders(3) };
});
afterEach(async () => {
  await parts.decoders.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

const params = (path: readonly number[], settings = PLAIN, prompt = 'abc'): SamplerStepParams => ({
  model: '',
  prompt,
  path,
  settings,
});
const context = (elements: SamplerElement[] = [], signal = new AbortController().signal) => ({
  progress: (value: SamplerElement) => Promise.resolve(void elements.push(value)),
  signal,
});

async function walk(length: number, settings: SamplerSettings, prompt = 'abc'): Promise<SamplerElement[]> {
  const drawn: SamplerElement[] = [];
  while (drawn.length < length) {
    drawn.push(
      (
        await samplerStep(
          parts,
          params(
            drawn.map(({ id }) => id),
            settings,
            prompt,
          ),
        )
      ).drawn,
    );
  }
  return drawn;
}

async function logitsOf(ids: readonly number[]): Promise<Float32Array> {
  const decoder = recomputingDecoder(model);
  const logits = await decoder.prefill(ids);
  decoder.dispose();
  return logits;
}

describe('the softmax laid open', () => {
  it.each([PLAIN, { ...PLAIN, temperature: 0.5 }, { ...PLAIN, temperature: 2, repetitionPenalty: 1.3 }])(
    'gives the stage after the temperature, %#',
    async (settings) => {
      const { logits, stages } = await samplerStep(parts, params([1, 2, 0], settings));
      const after = stages.find(({ by }) => by === 'temperature')?.probability ?? [];
      expect(logits.value).toHaveLength(after.length);
      logits.value.forEach((logit, row) =>
        expect(Math.exp(logit / settings.temperature - logits.logSum)).toBeCloseTo(after[row] ?? NaN, 12),
      );
    },
  );

  it('at temperature 0 names the largest logit, and divides by nothing', async () => {
    const { logits, stages } = await samplerStep(parts, params([1], { ...PLAIN, temperature: 0 }));
    const best = logits.value.indexOf(Math.max(...logits.value));
    expect(stages.at(-1)?.probability[best]).toBe(1);
    expect(Number.isFinite(logits.logSum)).toBe(true);
  });
});

describe('samplerStep', () => {
  it.each([PLAIN, FILTERED, { ...FILTERED, temperature: 0 }, { ...FILTERED, repetitionPenalty: 1.4 }])(
    'draws what `sample` draws: %j',
    async (settings) => {
      const { temperature, topK, topP, minP, repetitionPenalty, seed } = settings;
      for (const prompt of ['abc', 'abcdefgh abcdefgh abc', '']) {
        const drawn = await walk(40, settings, prompt);
        const sampled = await sampleText(
          { family, model, tokenizer },
          {
            model: '',
            prompt,
            length: 40,
            seed,
            temperature,
            repetitionPenalty,
            ...(topK === undefined ? {} : { topK }),
            ...(topP === undefined ? {} : { topP }),
            ...(minP === undefined ? {} : { minP }),
          },
          { progress: () => Promise.resolve(), signal: new AbortController().signal },
        );
        expect(drawn.map(({ id }) => id)).toEqual(sampled.elements[0]?.map(({ id }) => id));
        drawn.forEach(({ logProb }, at) =>
          expect(logProb).toBeCloseTo(sampled.elements[0]?.[at]?.logProb ?? NaN, 5),
        );
      }
    },
  );

  it('shows what `filter` does, stage by stage', async () => {
    const settings = { ...FILTERED, repetitionPenalty: 1.3 };
    const path = [2, 2, 5];
    const step = await samplerStep(parts, params(path, settings));
    const seen = [...promptTokens({ tokenizer }, 'abc'), ...path];
    const logits = await logitsOf(seen);
    const expected = filter(penalise(logits, seen, 1.3), {
      temperature: 0.8,
      topK: 6,
      topP: 0.9,
      minP: 0.05,
    });
    const plain = filter(logits).probability;
    expect(step.stages.map(({ by }) => by)).toEqual([
      'model',
      'penalty',
      'temperature',
      'topK',
      'topP',
      'minP',
    ]);
    const last = step.stages.at(-1);
    expect(last?.kept).toBe(expected.kept);
    step.id.forEach((id, row) => {
      expect(step.stages[0]?.probability[row]).toBeCloseTo(plain[id] ?? NaN, 5);
      expect(last?.probability[row]).toBeCloseTo(expected.probability[id] ?? NaN, 5);
    });
    for (const cut of expected.cuts) {
      const stage = step.stages.find(({ by }) => by === cut.by);
      expect(stage?.cutCount).toBe(cut.count);
      expect(stage?.cutMass).toBeCloseTo(cut.mass, 5);
    }
    for (const { probability, tail } of step.stages) {
      expect(probability.reduce((sum, value) => sum + value, tail)).toBeCloseTo(1, 12);
    }
    expect(step.keptMass).toBeCloseTo(
      plain.reduce((sum, value, id) => ((expected.probability[id] ?? 0) > 0 ? sum + value : sum), 0),
      5,
    );
    expect(step.texts).toEqual(Array.from(step.id, (id) => tokenizer.tokenText(id)));
    // Mass that moved: of a cut what it cut, of the penalty what the ids seen before lost, each over what it was given.
    for (const { by, moved, cutMass } of step.stages) {
      if (['topK', 'topP', 'minP'].includes(by)) expect(moved).toBeCloseTo(cutMass, 12);
    }
    const penalised = filter(penalise(logits, seen, 1.3)).probability;
    const unique = [...new Set(seen)];
    const mass = (of: Float64Array) => unique.reduce((sum, id) => sum + (of[id] ?? 0), 0);
    expect(step.stages[0]).toMatchObject({ moved: 0 });
    const { seen: told, moved } = step.stages[1] ?? {};
    expect(told?.count).toBe(unique.length);
    expect(told?.before).toBeCloseTo(mass(plain), 5);
    expect(told?.after).toBeCloseTo(mass(penalised), 5);
    expect(moved).toBeCloseTo(
      plain.reduce((sum, p, id) => sum + Math.abs(p - (penalised[id] ?? 0)), 0) / 2,
      5,
    );
  });

  it('opens the draw that it makes: log p + noise, the largest sum wins, the same noise for the same seed', async () => {
    const step = await samplerStep(parts, params([2, 5], FILTERED));
    const { id, texts, logProb, noise, sum, rank } = step.draw;
    const final = step.stages.at(-1);
    expect(id[0]).toBe(step.drawn.id);
    expect(rank[0]).toBe(1);
    expect(sum[0]).toBe(Math.max(...sum));
    expect([...id].sort()).toEqual([...step.id].sort());
    id.forEach((each, row) => {
      const p = final?.probability[step.id.indexOf(each)] ?? NaN;
      expect(texts[row]).toBe(tokenizer.tokenText(each));
      expect(noise[row]).toBe(gumbelNoise(FILTERED.seed, 2, each));
      expect(logProb[row]).toBe(Math.log(p));
      expect(sum[row]).toBe(p > 0 ? Math.log(p) + (noise[row] ?? NaN) : -Infinity);
      expect(rank[row]).toBe(p > 0 ? 1 + sum.filter((other) => other > (sum[row] ?? NaN)).length : 0);
    });
    const warm = await samplerStep(parts, params([2, 5], { ...PLAIN, seed: FILTERED.seed }));
    warm.draw.id.forEach((each, row) =>
      expect(warm.draw.noise[row]).toBe(gumbelNoise(FILTERED.seed, 2, each)),
    );
    const few = await samplerStep(parts, { ...params([2, 5]), top: 1 });
    expect(few.draw.id[0]).toBe(few.drawn.id); // listed though it may be no candidate
    expect(few.draw.id.length).toBeGreaterThanOrEqual(5);
  });

  it('tells the tail apart from the candidates', async () => {
    const step = await samplerStep(parts, { ...params([1]), top: 3 });
    expect(step.id).toHaveLength(3);
    expect(step.stages[0]?.tail).toBeGreaterThan(0);
    expect(step.vocabulary).toBe(tokenizer.vocabulary);
  });

  it('calls the most likely of temperature 0 a cut of all others', async () => {
    const step = await samplerStep(parts, params([1], { ...PLAIN, temperature: 0 }));
    expect(step.stages.at(-1)).toMatchObject({
      by: 'temperature',
      kept: 1,
      cutCount: tokenizer.vocabulary - 1,
    });
    expect(step.drawn.drawnLogProb).toBe(0);
  });

  it('tells the model’s log-probability from that of a cut element', async () => {
    const step = await samplerStep(parts, params([4], { ...PLAIN, topK: 1 }));
    const [first = 0, second = 0] = step.id;
    const force = (id: number) => samplerForce(parts, { ...params([4], { ...PLAIN, topK: 1 }), id });
    expect((await force(first)).drawnLogProb).toBe(0);
    const cut = await force(second);
    expect(cut.drawnLogProb).toBeNull();
    expect(cut.logProb).toBeCloseTo(Math.log(step.stages[0]?.probability[1] ?? NaN), 10);
  });

  it.each([
    [{ seed: -1 }, 'seed: expected a whole number of at least 0, got -1.'],
    [{ topP: 0 }, 'top-p: expected a number above 0'],
    [{ repetitionPenalty: 0.5 }, 'repetition penalty: expected a number of at least 1, got 0.5.'],
  ])('refuses %j', async (wrong, sentence) => {
    await expect(samplerStep(parts, params([1], { ...PLAIN, ...wrong }))).rejects.toThrow(sentence);
  });

  it('refuses ids that the vocabulary has not', async () => {
    await expect(samplerStep(parts, params([99]))).rejects.toThrow('path: expected ids from 0 to');
  });
});

describe('a path’s log-probability', () => {
  it('is the sum of its steps, and what `score` says of the same tokens', async () => {
    const bytes = byteTokenizer();
    const config = { layers: 1, heads: 2, width: 8, contextLength: 64, dropout: 0 };
    const own = family.build(config, { vocabulary: bytes.vocabulary, bos: bytes.bos as number }, 9);
    const loaded = { family, model: own, tokenizer: bytes };
    const decoders = new StepDecoders();
    const path = [...bytes.encode('mill pond').ids];
    let sum = 0;
    for (const [at, id] of path.entries()) {
      const element = await samplerForce(
        { loaded, decoders },
        { ...params(path.slice(0, at), FILTERED, 'The '), id },
      );
      sum += element.logProb;
    }
    const scores: TokenScores[] = [];
    await scoreText(
      { loaded: loaded as LoadedModel, version: '1', device: 'cpu', snapshots: new SnapshotStore() },
      { model: '', text: 'The mill pond' },
      {
        progress: (value) => Promise.resolve(void scores.push(value.scores)),
        signal: new AbortController().signal,
      },
    );
    const scored = scores.flatMap(({ logProb }) => [...logProb]).slice('The '.length);
    expect(scored).toHaveLength(path.length);
    expect(Math.abs(sum - scored.reduce((total, one) => total + one, 0))).toBeLessThan(1e-4);
    await decoders.dispose();
    own.dispose();
  });
});

describe('samplerRun', () => {
  it('draws what steps draw, and says why it ended', async () => {
    const elements: SamplerElement[] = [];
    const result = await samplerRun(
      parts,
      { ...params([], FILTERED), length: 30, stop: [], stopAtEnd: false },
      context(elements),
    );
    const walked = await walk(30, FILTERED);
    expect(elements.map(({ id }) => id)).toEqual(walked.map(({ id }) => id));
    expect(result.stopped).toEqual({ why: 'length' });
  });

  it('ends once the stop text is written', async () => {
    const elements: SamplerElement[] = [];
    const all: SamplerElement[] = [];
    await samplerRun(parts, { ...params([]), length: 40, stop: [], stopAtEnd: false }, context(all));
    const stop = tokenizer.decode(all.map(({ id }) => id)).slice(4, 6);
    const result = await samplerRun(
      parts,
      { ...params([]), length: 40, stop: [stop, 'zz'], stopAtEnd: false },
      context(elements),
    );
    const text = tokenizer.decode(elements.map(({ id }) => id));
    expect(result.stopped).toEqual({ why: 'text', text: stop, at: text.length - stop.length });
    expect(text.indexOf(stop)).toBe(text.length - stop.length);
  });

  it('finds a stop whose character the path began', () => {
    const bytes = byteTokenizer();
    const [lead = 0, rest = 0] = bytes.encode('é').ids;
    const watch = new StopWatch(bytes, { stop: ['é'] }, [1, 2, lead]);
    expect(watch.push(rest)).toBe(true);
    expect(watch.stopped).toEqual({ why: 'text', text: 'é', at: 0 });
  });

  it('is cancelled between two elements', async () => {
    const cancel = new AbortController();
    const elements: SamplerElement[] = [];
    const { progress, signal } = context(elements, cancel.signal);
    const run = samplerRun(
      parts,
      { ...params([]), length: 1000, stop: [], stopAtEnd: false },
      { signal, progress: (value) => (elements.length === 4 ? cancel.abort() : undefined, progress(value)) },
    );
    await expect(run).rejects.toMatchObject({ reason: 'cancelled' });
    expect(elements).toHaveLength(5);
  });
});

describe('kept decoders', () => {
  it('give the plain forward’s numbers on every branch, in any order', async () => {
    const paths = [[1], [1, 2], [1, 3], [1, 2, 4], [1], [5, 1], [1, 2, 4, 4], [5], [1, 3, 3]];
    for (const path of paths) {
      const step = await samplerStep(parts, params(path));
      const logits = filter(await logitsOf([...promptTokens({ tokenizer }, 'abc'), ...path])).probability;
      step.id.forEach((id, row) =>
        expect(step.stages[0]?.probability[row]).toBeCloseTo(logits[id] ?? NaN, 5),
      );
    }
  });

  it('step where they stand and are fed anew where none does', async () => {
    const decoder = model.decoder?.();
    if (decoder === undefined) throw new Error('expected a decoder');
    const calls: string[] = [];
    const counted = {
      get room() {
        return decoder.room;
      },
      prefill: (ids: readonly number[]) => (calls.push(`prefill ${ids.length}`), decoder.prefill(ids)),
      step: (id: number) => (calls.push('step'), decoder.step(id)),
      reset: () => decoder.reset(),
      dispose: () => decoder.dispose(),
    };
    const decoders = new StepDecoders(1);
    const only: Model = Object.assign(Object.create(model) as Model, { decoder: () => counted });
    for (const window of [
      [1, 2],
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3, 4],
      [1, 2, 5],
    ]) {
      await decoders.logitsAfter(only, window);
    }
    expect(calls).toEqual(['prefill 2', 'step', 'step', 'prefill 3']);
    await decoders.dispose();
  });

  it('slide as `sample` slides', () => {
    const ids = Array.from({ length: 12 }, (_, id) => id);
    expect(windowOf(ids.slice(0, 3), 3, 4)).toEqual([0, 1, 2]);
    expect(windowOf(ids.slice(0, 4), 3, 4)).toEqual([0, 1, 2, 3]);
    expect(windowOf(ids.slice(0, 5), 3, 4)).toEqual([3, 4]);
    expect(windowOf(ids.slice(0, 8), 3, 4)).toEqual([6, 7]);
    expect(windowOf(ids.slice(0, 6), 6, 4)).toEqual([4, 5]);
  });
});
