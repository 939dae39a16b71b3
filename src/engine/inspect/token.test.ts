// Inspecting a token: the same numbers as `score`, probabilities that add up, attention rows that do, words for the rest.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byteTokenizer, characterTokenizer, type Tokenizer } from '../../data/tokenizer';
import { familyById } from '../../families/registry';
import type { Family, Model } from '../../families/family';
import type { ScoreProgress } from '../../protocol/engine';
import type { InspectedAttention, InspectParams, TokenInspection } from '../../protocol/inspect';
import { describeModel, type LoadedModel } from '../models/modelFolder';
import { SnapshotStore } from '../scoring/reuse';
import { scoreText } from '../scoring/scoreText';
import { InspectedTexts, inspectToken } from './token';

const alphabet = 'abcdefghijklmnopqrstuvwxyz .';
const text = 'the quick brown fox jumps over the lazy dog.';
const signal = new AbortController().signal;

function loadedModel(id: string, tokenizer: Tokenizer, config: object): LoadedModel {
  const family = familyById(id) as Family;
  const facts = {
    vocabulary: tokenizer.vocabulary,
    ...(tokenizer.bos === undefined ? {} : { bos: tokenizer.bos }),
  };
  const model: Model = family.build(config as never, facts, 5);
  model.fit?.(tokenizer.encode(text).ids);
  if (model.fit === undefined) {
    // Larger weights than the initial ones: distributions should differ visibly.
    for (const { variable } of model.variables) tf.tidy(() => variable.assign(tf.mul(variable, 8)));
  }
  return {
    folder: '/model',
    family,
    facts,
    model,
    tokenizer,
    info: describeModel('/model', family, model, tokenizer),
  };
}

let loaded: LoadedModel;
let markov: LoadedModel;
const inspected = new InspectedTexts();
beforeAll(async () => {
  await tf.setBackend('cpu');
  const config = { layers: 2, heads: 2, width: 8, contextLength: 12, dropout: 0 };
  loaded = loadedModel('transformer', characterTokenizer(alphabet), config);
  markov = loadedModel('markov', byteTokenizer(), { order: 2 });
});
afterAll(() => {
  loaded.model.dispose();
  markov.model.dispose();
});

const inspect = (params: Omit<InspectParams, 'model'>, use = loaded): Promise<TokenInspection> =>
  inspectToken({ loaded: use, device: 'cpu', inspected }, { model: '/model', ...params }, { signal });

async function scores(use: LoadedModel, stride?: number) {
  const rows: Array<{
    logProb: number;
    entropy: number;
    rank: number;
    topId: number[];
    topLogProb: number[];
  }> = [];
  const progress = ({ scores: columns }: ScoreProgress) => {
    const { top } = columns;
    for (let row = 0; row < columns.id.length; row++) {
      rows[columns.from + row] = {
        logProb: columns.logProb[row] ?? NaN,
        entropy: columns.entropy[row] ?? NaN,
        rank: columns.rank[row] ?? NaN,
        topId: [...columns.topId.slice(row * top, (row + 1) * top)],
        topLogProb: [...columns.topLogProb.slice(row * top, (row + 1) * top)],
      };
    }
    return Promise.resolve();
  };
  await scoreText(
    { loaded: use, version: '1', device: 'cpu', snapshots: new SnapshotStore() },
    { model: '/model', text, top: 20, ...(stride === undefined ? {} : { stride }) },
    { progress, signal },
  );
  return rows;
}

describe('a token', () => {
  it.each([undefined, 1, 5, 11])('has exactly the numbers of score, at stride %s', async (stride) => {
    const expected = await scores(loaded, stride);
    for (let token = 0; token < text.length; token++) {
      const found = await inspect({ text, token, ...(stride === undefined ? {} : { stride }) });
      const { logProb, entropy, rank, top } = found.scored ?? {
        logProb: NaN,
        entropy: NaN,
        rank: NaN,
        top: [],
      };
      const got = {
        logProb,
        entropy,
        rank,
        topId: top.map(({ id }) => id),
        topLogProb: top.map((one) => one.logProb),
      };
      expect(got).toEqual(expected[token]);
      expect(found.at).toMatchObject({ token, text: text[token], start: token, end: token + 1 });
    }
  });

  it('has the numbers of score under a family without attention, which says so', async () => {
    const expected = await scores(markov);
    const found = await inspect({ text, token: 9 }, markov);
    expect(found.scored?.logProb).toBe(expected[9]?.logProb);
    expect(found.attention).toEqual({ none: expect.stringContaining('no attention') as string });
  });

  it('shares all of the probability between the most likely and the rest', async () => {
    for (const top of [0, 3, 20, 50]) {
      const { scored, vocabulary } = await inspect({ text, token: 30, top });
      const mass = (scored?.top ?? []).reduce((sum, { logProb }) => sum + Math.exp(logProb), 0);
      expect(Math.abs(mass + (scored?.rest.mass ?? NaN) - 1)).toBeLessThan(1e-6);
      expect((scored?.top.length ?? NaN) + (scored?.rest.count ?? NaN)).toBe(vocabulary);
    }
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await inspect({ text, token: 30 });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('where it looked', () => {
  const attention = async (token: number, attended = 5) =>
    (await inspect({ text, token, attended })).attention as InspectedAttention;

  it('is a row that sums to 1 in every head, over the window that score used', async () => {
    for (const token of [0, 5, 12, 43]) {
      const { total, layers, heads, positions } = await attention(token);
      const { before, context } = await inspect({ text, token });
      expect(total).toHaveLength(layers * heads);
      for (const sum of total) expect(Math.abs(sum - 1)).toBeLessThan(1e-6);
      expect(positions).toBe(before);
      expect(before).toBeLessThan(context);
    }
  });

  it('is the last row of the model’s own trace, strongest first, with the tokens’ places in the text', async () => {
    const token = 30;
    const found = await attention(token, 50);
    const { before } = await inspect({ text, token });
    const ids = loaded.tokenizer.encode(text).ids.slice(token - before, token);
    const inputs = tf.tensor2d(ids, [1, before], 'int32');
    const [trace] = (await loaded.model.trace?.(inputs, ['attention'])) ?? [];
    inputs.dispose();
    const values = trace?.values ?? new Float32Array();
    for (let head = 0; head < 4; head++) {
      const row = values.slice((head * before + before - 1) * before, (head * before + before) * before);
      const cells = [...row].map((weight, place) => ({ weight, token: token - before + place }));
      cells.sort((a, b) => b.weight - a.weight || a.token - b.token);
      const got = cells.map((_, k) => ({
        weight: found.weight[head * found.attended + k],
        token: found.seen[found.place[head * found.attended + k] ?? -1]?.token,
      }));
      expect(got).toEqual(cells);
    }
    for (const { token: place, text: shown, start } of found.seen)
      expect([shown, start]).toEqual([text[place], place]);
  });

  it('is for a layer the mean over its heads', async () => {
    const { layers, heads, attended, place, weight, meanPlace, meanWeight } = await attention(9, 50);
    for (let layer = 0; layer < layers; layer++) {
      const mean = new Map<number, number>();
      for (let at = layer * heads * attended; at < (layer + 1) * heads * attended; at++) {
        const token = place[at] ?? -1;
        mean.set(token, (mean.get(token) ?? 0) + (weight[at] ?? 0) / heads);
      }
      for (let at = layer * attended; at < (layer + 1) * attended; at++) {
        expect(meanWeight[at]).toBeCloseTo(mean.get(meanPlace[at] ?? -1) ?? NaN, 6);
      }
    }
  });

  it('starts with BOS where the window does', async () => {
    const { seen } = await attention(2);
    expect(seen[0]).toMatchObject({ token: -1, start: 0, end: 0 });
  });
});

describe('asking', () => {
  it('needs the text only once for each version of a document', async () => {
    const named = { document: 'd', version: 1 };
    const first = await inspect({ text, token: 30, ...named });
    expect(await inspect({ token: 30, ...named })).toEqual(first);
    await expect(inspect({ token: 30, document: 'd', version: 2 })).rejects.toMatchObject({
      reason: 'notFound',
    });
    inspected.forget('d');
    await expect(inspect({ token: 30, ...named })).rejects.toMatchObject({ reason: 'notFound' });
  });

  it('refuses what is not there in one sentence', async () => {
    await expect(inspect({ text, token: text.length })).rejects.toThrow(
      `token: expected a whole number from 0 to ${text.length - 1}, got ${text.length}.`,
    );
    await expect(inspect({ text, token: 1, attended: 51 })).rejects.toThrow('attended: expected');
    await expect(inspect({ text: '', token: 0 })).rejects.toThrow('The text is empty');
  });

  it('stops between its two parts when nobody waits any more', async () => {
    const abort = new AbortController();
    abort.abort();
    const asked = inspectToken({ loaded, device: 'cpu', inspected }, { model: '', text, token: 3 }, abort);
    await expect(asked).rejects.toMatchObject({ reason: 'cancelled' });
  });
});
