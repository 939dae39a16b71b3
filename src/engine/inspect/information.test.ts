// The whole `information` and `ablation` calls: the two-state text whose values are known, sums that must be the score's,
// shortened contexts against scores of shortened texts, cancelling, and others who get their turn.
import '@tensorflow/tfjs-backend-cpu';
import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byteTokenizer, characterTokenizer, type Tokenizer } from '../../data/tokenizer';
import { familyById } from '../../families/registry';
import type { Family, Model } from '../../families/family';
import { sum } from '../../math/statistics';
import type { ScoreProgress } from '../../protocol/engine';
import type {
  AblationReport,
  InformationParams,
  InformationProgress,
  InformationReport,
} from '../../protocol/information';
import { describeModel, type LoadedModel } from '../models/modelFolder';
import { SnapshotStore } from '../scoring/reuse';
import { scoreText } from '../scoring/scoreText';
import { ablateContext } from './ablation';
import { informationOf } from './information';
import { InspectedTexts } from './token';

const signal = new AbortController().signal;
const text = 'the quick brown fox, 3 of 7 — “jumps” over the lazy dog.\n';
const alphabet = characterTokenizer(text);

function loadedModel(id: string, tokenizer: Tokenizer, config: object, read = text): LoadedModel {
  const family = familyById(id) as Family;
  const facts = {
    vocabulary: tokenizer.vocabulary,
    ...(tokenizer.bos === undefined ? {} : { bos: tokenizer.bos }),
  };
  const model: Model = family.build(config as never, facts, 5);
  model.fit?.(tokenizer.encode(read).ids);
  if (model.fit === undefined) {
    // Larger weights than the initial ones: distributions should differ visibly.
    for (const { variable } of model.variables) tf.tidy(() => variable.assign(tf.mul(variable, 8)));
  }
  const info = describeModel('/model', family, model, tokenizer);
  return { folder: '/model', family, facts, model, tokenizer, info };
}

const SMALL = { layers: 2, heads: 2, width: 8, contextLength: 12, dropout: 0 };
const models: LoadedModel[] = [];
const load = (...about: Parameters<typeof loadedModel>): LoadedModel => {
  const made = loadedModel(...about);
  models.push(made);
  return made;
};
beforeAll(() => tf.setBackend('cpu').then(() => undefined));
afterAll(() => models.forEach(({ model }) => model.dispose()));

const settingOf = (loaded: LoadedModel) => ({
  loaded,
  version: '1',
  device: 'cpu',
  snapshots: new SnapshotStore(),
});

async function information(
  loaded: LoadedModel,
  params: Omit<InformationParams, 'model'>,
  onProgress: (progress: InformationProgress) => void = () => undefined,
): Promise<InformationReport> {
  const progress = (value: InformationProgress) => Promise.resolve(onProgress(value));
  return informationOf(settingOf(loaded), { model: '/model', ...params }, { progress, signal });
}

interface Scored {
  readonly logProb: number[];
  readonly entropy: number[];
}
async function score(loaded: LoadedModel, of: string, stride?: number): Promise<Scored> {
  const found: Scored = { logProb: [], entropy: [] };
  const progress = ({ scores }: ScoreProgress) => {
    scores.logProb.forEach((value, row) => (found.logProb[scores.from + row] = value));
    scores.entropy.forEach((value, row) => (found.entropy[scores.from + row] = value));
    return Promise.resolve();
  };
  const params = { model: '/model', text: of, ...(stride === undefined ? {} : { stride }) };
  await scoreText(settingOf(loaded), params, { progress, signal });
  return found;
}

describe('the two-state text', () => {
  it('has the values that the chain has', { timeout: 120_000 }, async () => {
    const chain = (
      await readFile(new URL('../../../examples/workspace/two-state.txt', import.meta.url), 'utf8')
    ).trimEnd();
    const table = load('markov', characterTokenizer('ab'), { order: 1 }, chain);
    const report = await information(table, { text: chain });
    const { distance, bits, pairs, shuffledBits, correction, fits } = report.mutualInformation;
    const at = (d: number) => bits[distance.indexOf(d)] ?? NaN;
    expect(correction).toBe('Miller–Madow');
    // Three standard errors of 300,000 pairs that depend on their neighbours.
    for (const [d, value] of [
      [1, 0.531],
      [2, 0.32],
      [5, 0.079],
    ] as const) {
      expect(Math.abs(at(d) - value)).toBeLessThan(0.009);
      expect(pairs[distance.indexOf(d)]).toBe(chain.length - d);
    }
    for (const value of shuffledBits) expect(Math.abs(value)).toBeLessThan(1e-4);
    expect(fits.map(({ kind }) => kind)).toEqual(['exponential', 'power']);
    // The table is the chain but for its counts: its conditional entropy is the entropy rate, and so is its loss.
    const { conditionalEntropy, surprisal, baselines } = report;
    for (const { bits: mean, standardErrorBits, count } of [conditionalEntropy, surprisal]) {
      expect(Math.abs(mean - 0.468996)).toBeLessThan(0.01);
      expect(standardErrorBits).toBeGreaterThan(0);
      expect(standardErrorBits).toBeLessThan(0.005);
      expect(count).toBe(chain.length);
    }
    const byId = Object.fromEntries(baselines.map((each) => [each.id, each.bitsPerToken]));
    expect(byId['unigramPlugIn']).toBeCloseTo(1, 3);
    expect(Math.abs((byId['bigramPlugIn'] ?? NaN) - surprisal.bits)).toBeLessThan(1e-4);
  });
});

describe('the report', () => {
  it.each([undefined, 1, 5])('shares out exactly the bits of the score, at stride %s', async (stride) => {
    const loaded = load('transformer', alphabet, SMALL);
    const params = { text, ...(stride === undefined ? {} : { stride }) };
    const { summary, classes, conditionalEntropy, surprisal, baselines } = await information(loaded, params);
    const expected = await score(loaded, text, stride);
    expect(summary.nll).toBeCloseTo(-sum(expected.logProb), 9);
    expect(sum(classes.map(({ bits }) => bits))).toBeCloseTo(summary.nll / Math.LN2, 9);
    expect(sum(classes.map(({ share }) => share ?? 0))).toBeCloseTo(1, 12);
    expect(classes.map(({ tokens }) => tokens)).toEqual([13, 37, 2, 5, 0]);
    expect(surprisal.bits).toBeCloseTo(summary.nll / Math.LN2 / text.length, 9);
    expect(conditionalEntropy.bits).toBeCloseTo(sum(expected.entropy) / Math.LN2 / text.length, 9);
    // Adaptive ones are codes; nobody could code with counts of the text itself.
    expect(baselines.map(({ id, badge }) => [id, badge])).toEqual([
      ['unigramAdaptive', 'exact'],
      ['unigramPlugIn', 'none'],
      ['bigramAdaptive', 'exact'],
      ['bigramPlugIn', 'none'],
    ]);
    for (const { count, bits, bitsPerToken, bitsPerByte } of baselines) {
      expect(count).toBe(summary.scored);
      expect(bitsPerToken).toBeCloseTo(bits / summary.scored, 12);
      expect(bitsPerByte).toBeCloseTo(bits / new TextEncoder().encode(text).length, 12);
    }
  });

  it('of a model without BOS leaves out the first token everywhere', async () => {
    const loaded = load('transformer', { ...alphabet, bos: undefined }, SMALL);
    const report = await information(loaded, { text });
    expect(report.summary.scored).toBe(text.length - 1);
    expect(report.conditionalEntropy.count).toBe(text.length - 1);
    expect(report.baselines.map(({ count }) => count)).toEqual([1, 1, 1, 1].map(() => text.length - 1));
    expect(sum(report.classes.map(({ scored }) => scored))).toBe(text.length - 1);
    expect(sum(report.classes.map(({ bits }) => bits))).toBeCloseTo(report.summary.nll / Math.LN2, 9);
  });

  it('follows its seed, and only in the control', async () => {
    const loaded = load('markov', alphabet, { order: 2 });
    const [one, same, other] = [
      await information(loaded, { text, seed: 1 }),
      await information(loaded, { text }),
      await information(loaded, { text, seed: 2 }),
    ];
    expect(same).toEqual(one);
    expect(other.mutualInformation.bits).toEqual(one.mutualInformation.bits);
    expect(other.mutualInformation.shuffledBits).not.toEqual(one.mutualInformation.shuffledBits);
    await expect(information(loaded, { text, seed: -1 })).rejects.toThrow(
      'seed: expected a whole number from 0',
    );
  });

  it('of one character says what there is and no more', async () => {
    const loaded = load('transformer', alphabet, SMALL);
    const { conditionalEntropy, mutualInformation, baselines } = await information(loaded, { text: 'q' });
    expect(conditionalEntropy).toMatchObject({ count: 1, standardErrorBits: null });
    expect(mutualInformation).toMatchObject({ used: 0, fits: [] });
    expect(mutualInformation.distance).toHaveLength(0);
    expect(baselines.find(({ id }) => id === 'unigramPlugIn')?.bits).toBe(0);
  });

  it(
    'lets others have their turn, says how far it is, and hears a cancel',
    { timeout: 120_000 },
    async () => {
      const long = text.repeat(4000);
      const loaded = load('markov', alphabet, { order: 1 });
      const abort = new AbortController();
      const seen = { doing: new Set<string>(), longest: 0, turns: 0, shares: [] as number[] };
      let last = performance.now();
      const turns = setInterval(() => {
        seen.longest = Math.max(seen.longest, performance.now() - last);
        last = performance.now();
        seen.turns++;
      }, 1);
      const progress = (value: InformationProgress): Promise<void> => {
        if (value.kind === 'counting') {
          seen.doing.add(value.doing);
          seen.shares.push(value.share);
          if (value.doing === 'Measuring mutual information') abort.abort();
        }
        return Promise.resolve();
      };
      const setting = settingOf(loaded);
      const running = informationOf(
        setting,
        { model: '/model', text: long },
        { progress, signal: abort.signal },
      );
      await expect(running).rejects.toMatchObject({ reason: 'cancelled' });
      clearInterval(turns);
      expect([...seen.doing].at(-1)).toBe('Measuring mutual information');
      expect(seen.shares).toEqual([...seen.shares].sort((a, b) => a - b));
      expect(seen.turns).toBeGreaterThan(10);
      // Slices of 40 ms; the rest is room for a machine that does other things too.
      expect(seen.longest).toBeLessThan(1500);
    },
  );
});

const inspected = new InspectedTexts();
const ablation = (loaded: LoadedModel, token: number, of = text, stride?: number): Promise<AblationReport> =>
  ablateContext(
    { loaded, device: 'cpu', inspected },
    { model: '/model', text: of, token, ...(stride === undefined ? {} : { stride }) },
    { signal },
  );

describe('a shortened context', () => {
  it.each([undefined, 1, 11])('in full is what score says of the token, at stride %s', async (stride) => {
    const loaded = load('transformer', alphabet, SMALL);
    const expected = await score(loaded, text, stride);
    for (let token = 0; token < text.length; token++) {
      const { full, at } = await ablation(loaded, token, text, stride);
      expect([full?.logProb, full?.entropy]).toEqual([expected.logProb[token], expected.entropy[token]]);
      expect(at).toMatchObject({ token, text: text[token], start: token, end: token + 1 });
    }
  });

  it('is the score of the text shortened to it', async () => {
    const loaded = load('transformer', alphabet, SMALL);
    for (const token of [0, 1, 5, 10, 11, 12, 40, text.length - 1]) {
      const { withStart, full, bos, marginals } = await ablation(loaded, token);
      expect(bos).toBe(true);
      expect(withStart[0]?.tokens).toBe(0);
      // Of twelve places BOS takes one and the token itself another.
      const most = Math.min(10, full?.tokens ?? 0);
      const lengths = [0, 1, 2, 4, 8].filter((n) => n < most || n === 0);
      expect(withStart.map(({ tokens }) => tokens)).toEqual([...lengths, ...(most > 0 ? [most] : [])]);
      for (const { tokens, start, logProb, entropy, gain } of withStart) {
        expect(start).toBe(true);
        const shortened = await score(loaded, text.slice(token - tokens, token + 1));
        expect([logProb, entropy]).toEqual([shortened.logProb.at(-1), shortened.entropy.at(-1)]);
        const marginal = marginals.model ?? { entropy: NaN, logProb: NaN };
        expect(gain.model?.entropyBits).toBeCloseTo((marginal.entropy - entropy) / Math.LN2, 9);
        expect(gain.model?.tokenBits).toBeCloseTo((logProb - marginal.logProb) / Math.LN2, 9);
      }
      expect(withStart[0]?.gain.model).toEqual({ entropyBits: 0, tokenBits: 0 });
    }
  });

  it('without BOS in front is the score under the same weights without a BOS', async () => {
    const loaded = load('transformer', alphabet, SMALL);
    const bare: LoadedModel = { ...loaded, tokenizer: { ...alphabet, bos: undefined } };
    for (const token of [1, 7, 12, 40]) {
      const { alone } = await ablation(loaded, token);
      expect(alone.length).toBeGreaterThan(0);
      for (const { tokens, start, logProb, entropy } of alone) {
        expect(start).toBe(false);
        const shortened = await score(bare, text.slice(token - tokens, token + 1));
        expect([logProb, entropy]).toEqual([shortened.logProb.at(-1), shortened.entropy.at(-1)]);
      }
    }
  });

  it('of a model without BOS has no row of none, no marginal of its own, and nothing for the first token', async () => {
    const bare = load('transformer', { ...alphabet, bos: undefined }, SMALL);
    const first = await ablation(bare, 0);
    expect(first).toMatchObject({ bos: false, full: null, withStart: [], alone: [] });
    expect(first.marginals.model).toBeNull();
    const later = await ablation(bare, 9);
    expect(later.withStart).toEqual([]);
    expect(later.alone.map(({ tokens }) => tokens)).toEqual([1, 2, 4, 8, 9]);
    expect(later.full).toEqual(later.alone.at(-1));
    expect(later.full?.gain.model).toBeNull();
    expect(later.full?.gain.unigram.entropyBits).toBeTypeOf('number');
  });

  it('can gain less than nothing, and does not change once a table has all it looks at', async () => {
    const loaded = load('markov', byteTokenizer(), { order: 2 });
    const tokens = byteTokenizer().encode(text).ids.length;
    const gains: number[] = [];
    for (let token = 0; token < tokens; token += 3) {
      const { withStart, full, marginals } = await ablation(loaded, token);
      for (const row of withStart.filter((each) => each.tokens >= 2)) {
        expect([row.logProb, row.entropy]).toEqual([full?.logProb, full?.entropy]);
      }
      for (const { gain } of withStart) gains.push(gain.unigram.tokenBits);
      expect(marginals.unigram.entropy).toBeGreaterThan(2);
    }
    expect(Math.min(...gains)).toBeLessThan(0);
    expect(Math.max(...gains)).toBeGreaterThan(0);
  });

  it('is refused outside the text, stops when cancelled, and leaves no tensor behind', async () => {
    const loaded = load('transformer', alphabet, SMALL);
    await expect(ablation(loaded, text.length)).rejects.toThrow(
      'token: expected a whole number from 0 to 56',
    );
    await expect(ablation(loaded, 0.5)).rejects.toThrow('token: expected a whole number');
    const before = tf.memory().numTensors;
    const gone = ablateContext(
      { loaded, device: 'cpu', inspected },
      { model: '/model', text, token: 30 },
      { signal: AbortSignal.abort() },
    );
    await expect(gone).rejects.toMatchObject({ reason: 'cancelled' });
    await ablation(loaded, 30);
    expect(tf.memory().numTensors).toBe(before);
  });
});
