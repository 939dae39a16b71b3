// Scoring a text: the sum against the model's own loss, edits against scoring from scratch, and what is refused.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byteTokenizer, characterTokenizer, type Tokenizer } from '../../data/tokenizer';
import { familyById } from '../../families/registry';
import type { Family } from '../../families/family';
import { Rng } from '../../math/rng';
import type { ScoreParams, ScoreProgress, ScoreSummary } from '../../protocol/engine';
import { describeModel, type LoadedModel } from '../models/modelFolder';
import { SnapshotStore } from './reuse';
import { LONGEST_TEXT, scoreText, type ScoreSetting } from './scoreText';

const transformer = familyById('transformer') as Family;
const config = { layers: 1, heads: 2, width: 8, contextLength: 8, dropout: 0 };
const alphabet = 'abcd ';

function loadedModel(tokenizer: Tokenizer, family = transformer): LoadedModel {
  const facts = {
    vocabulary: tokenizer.vocabulary,
    ...(tokenizer.bos === undefined ? {} : { bos: tokenizer.bos }),
  };
  const model = transformer.build(config, facts, 5);
  // Larger weights than the initial ones: distributions should differ visibly.
  for (const { variable } of model.variables) tf.tidy(() => variable.assign(tf.mul(variable, 8)));
  const info = describeModel('/model', family, model, tokenizer);
  return { folder: '/model', family, facts, model, tokenizer, info };
}

let loaded: LoadedModel;
let setting: ScoreSetting;
beforeAll(async () => {
  await tf.setBackend('cpu');
  loaded = loadedModel(characterTokenizer(alphabet));
  setting = { loaded, version: '1', device: 'cpu', snapshots: new SnapshotStore() };
});
afterAll(() => loaded.model.dispose());

interface Scored {
  readonly summary: ScoreSummary;
  readonly logProb: number[];
  readonly topId: number[];
  readonly rank: number[];
  readonly chunks: readonly ScoreProgress[];
}

async function score(
  params: Omit<ScoreParams, 'model'>,
  signal?: AbortSignal,
  use = setting,
): Promise<Scored> {
  const chunks: ScoreProgress[] = [];
  const context = {
    progress: (chunk: ScoreProgress) => Promise.resolve(void chunks.push(chunk)),
    signal: signal ?? new AbortController().signal,
  };
  const summary = await scoreText(use, { model: '/model', ...params }, context);
  const sorted = [...chunks].sort((a, b) => a.scores.from - b.scores.from);
  return {
    summary,
    logProb: sorted.flatMap(({ scores }) => [...scores.logProb]),
    rank: sorted.flatMap(({ scores }) => [...scores.rank]),
    topId: sorted.flatMap(({ scores }) => [...scores.topId]),
    chunks,
  };
}

describe('a model without a BOS', () => {
  const tokenizer: Tokenizer = { ...characterTokenizer(alphabet), bos: undefined };

  it('scores all but the first token of a text, in one window and in many', async () => {
    const bare = loadedModel(tokenizer);
    const use = { loaded: bare, version: '1', device: 'cpu', snapshots: new SnapshotStore() };
    try {
      for (const text of ['ab', 'abcdabcdabcd dcba dcba']) {
        const { summary, logProb, rank } = await score({ text }, undefined, use);
        expect(logProb[0]).toBeNaN();
        expect(rank).toHaveLength(text.length);
        expect(logProb.slice(1).every((value) => value < 0)).toBe(true);
        expect(summary).toMatchObject({ tokens: text.length, scored: text.length - 1 });
        const nll = -logProb.slice(1).reduce((sum, value) => sum + value, 0);
        expect(summary.nll).toBeCloseTo(nll, 5);
        expect(summary.perplexity).toBeCloseTo(Math.exp(nll / (text.length - 1)), 5);
      }
    } finally {
      bare.model.dispose();
    }
  });

  it('gives the first token of the text no window of its own after an edit', async () => {
    const bare = loadedModel(tokenizer);
    const use = { loaded: bare, version: '1', device: 'cpu', snapshots: new SnapshotStore() };
    try {
      await score({ text: 'abcdabcdabcd', document: 'd' }, undefined, use);
      const edited = await score({ text: 'bbcdabcdabcd', document: 'd' }, undefined, use);
      const fresh = await score({ text: 'bbcdabcdabcd' }, undefined, use);
      expect(edited.summary.nll).toBe(fresh.summary.nll);
      expect(edited.summary.scored).toBe(11);
    } finally {
      bare.model.dispose();
    }
  });

  it('has nothing to say of a single token', async () => {
    const bare = loadedModel(tokenizer);
    const use = { loaded: bare, version: '1', device: 'cpu', snapshots: new SnapshotStore() };
    const scoring = score({ text: 'a' }, undefined, use);
    await expect(scoring).rejects.toThrow('at least two tokens for a model without a BOS token');
    bare.model.dispose();
  });
});

describe('scoreText', () => {
  it('agrees with the model’s own loss on a text of one window', async () => {
    const text = 'abcdab ';
    const { summary } = await score({ text });
    const { tokenizer, model } = loaded;
    const ids = [tokenizer.bos as number, ...tokenizer.encode(text).ids];
    const loss = tf.tidy(() => {
      const inputs = tf.tensor2d([ids.slice(0, -1)], undefined, 'int32');
      const targets = tf.tensor2d([ids.slice(1)], undefined, 'int32');
      return model.loss({ inputs, targets }).dataSync()[0] as number;
    });
    expect(summary.scored).toBe(text.length);
    expect(summary.nll / summary.scored).toBeCloseTo(loss, 5);
    expect(summary.bitsPerByte).toBeCloseTo(summary.nll / Math.LN2 / text.length, 12);
    expect(summary.perplexity).toBeCloseTo(Math.exp(summary.nll / summary.scored), 10);
  });

  it('scores every token once, the first behind the BOS, whatever is shown first', async () => {
    const text = 'abcd '.repeat(20);
    const whole = await score({ text, top: 3 });
    const part = await score({ text, top: 3, first: { start: 60, end: 80 } });
    expect(whole.logProb).toHaveLength(text.length);
    expect(whole.logProb.every(Number.isFinite)).toBe(true);
    expect(part.logProb).toEqual(whole.logProb);
    const first = part.chunks[0]?.scores;
    expect((first?.start[0] ?? 0) <= 60 && (first?.end.at(-1) ?? 0) > 60).toBe(true);
    expect(part.chunks.at(-1)?.done).toBe(text.length);
  });

  it('sends each id’s text before or with its first use', async () => {
    const { chunks } = await score({ text: 'abcd dcba '.repeat(8), top: 2 });
    const known = new Set<number>();
    for (const { scores, texts } of chunks) {
      for (const [id, text] of texts) {
        expect(known.has(id)).toBe(false);
        expect(text).toBe(loaded.tokenizer.tokenText(id));
        known.add(id);
      }
      for (const id of [...scores.id, ...scores.topId]) expect(known.has(id)).toBe(true);
    }
  });

  it('equals scoring from scratch after any edit, and computes less', async () => {
    const rng = new Rng(11);
    let text = 'abcd dcba abba cada '.repeat(4);
    const history = [text];
    let saved = 0;
    for (const stride of [4, 3, 7]) {
      for (let edit = 0; edit < 25; edit++) {
        const at = rng.integer(text.length);
        const insert = Array.from({ length: 1 + rng.integer(5) }, () => alphabet[rng.integer(5)]).join('');
        const next = [
          () => text.slice(0, at) + insert + text.slice(at),
          () => text.slice(0, at) + text.slice(at + 3),
          () => text.slice(0, at) + insert + text.slice(at + insert.length),
          () => text + insert,
          () => insert + text,
          () => history.at(-2) ?? text,
          () => text,
        ][rng.integer(7)] as () => string;
        text = next() || 'a';
        history.push(text);
        const quick = await score({ text, stride, top: 2, document: 'd' });
        const scratch = await score({ text, stride, top: 2 });
        expect(quick.logProb).toEqual(scratch.logProb);
        expect(quick.rank).toEqual(scratch.rank);
        expect(quick.topId).toEqual(scratch.topId);
        expect({ ...quick.summary, rescored: 0 }).toEqual({ ...scratch.summary, rescored: 0 });
        expect(scratch.summary.rescored).toBe(scratch.summary.scored);
        saved += scratch.summary.rescored - quick.summary.rescored;
      }
    }
    expect(saved).toBeGreaterThan(0);
  });

  it('computes only what an edit can change', async () => {
    const text = 'abcd '.repeat(40);
    const rescored = async (next: string) => (await score({ text: next, document: 'e' })).summary.rescored;
    expect(await rescored(text)).toBe(200);
    expect(await rescored(text)).toBe(0);
    expect(await rescored(`${text}a`)).toBe(1);
    expect(await rescored(text)).toBe(0); // undone
    // A replaced token: itself, and the later tokens of the windows that hold it.
    const replaced = await rescored(`${text.slice(0, 100)}d${text.slice(101)}`);
    expect(replaced).toBeGreaterThan(0);
    expect(replaced).toBeLessThanOrEqual(8);
    await rescored(text);
    // Four tokens in front, and a stride of four: every window but the first ones has moved whole.
    expect(await rescored(`abcd${text}`)).toBeLessThanOrEqual(12);
  });

  it('keeps what was computed before a cancel', async () => {
    const text = 'dcba '.repeat(60);
    const controller = new AbortController();
    const context = {
      progress: () => Promise.resolve(controller.abort()),
      signal: controller.signal,
    };
    const cancelled = scoreText(setting, { model: '/model', text, document: 'f' }, context);
    await expect(cancelled).rejects.toMatchObject({ reason: 'cancelled' });
    const { summary } = await score({ text, document: 'f' });
    expect(summary.rescored).toBeGreaterThan(0);
    expect(summary.rescored).toBeLessThan(300);
  });

  it('counts unknown characters', async () => {
    const { summary } = await score({ text: 'aéb€' });
    expect(summary).toMatchObject({ unknown: 2, tokens: 4, bytes: 7 });
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await score({ text: 'abcd '.repeat(10), top: 3 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('scores a part as the whole has it, whole tokens and in order, and sums over it alone', async () => {
    const text = 'abcd dcba abba cada é '.repeat(6);
    const whole = await score({ text, top: 2 });
    for (const [start, end] of [
      [0, 1],
      [0, text.length],
      [40, 57],
      [text.length - 1, text.length],
    ] as const) {
      const part = await score({ text, top: 2, only: { start, end } });
      expect(part.logProb).toEqual(whole.logProb.slice(start, end));
      expect(part.rank).toEqual(whole.rank.slice(start, end));
      expect(part.chunks.map(({ scores }) => scores.from)).toEqual(
        [...part.chunks].map(({ scores }) => scores.from).sort((a, b) => a - b),
      );
      expect(part.chunks[0]?.scores.from).toBe(start);
      expect(part.chunks.at(-1)).toMatchObject({ done: end - start, tokens: end - start });
      const nll = -whole.logProb.slice(start, end).reduce((sum, value) => sum + value, 0);
      const bytes = new TextEncoder().encode(text.slice(start, end)).length;
      expect(part.summary).toMatchObject({ tokens: end - start, scored: end - start, bytes });
      expect(Math.abs(part.summary.nll - nll)).toBeLessThan(1e-9);
      expect(part.summary.perplexity).toBeCloseTo(Math.exp(nll / (end - start)), 9);
      expect(part.summary.unknown).toBe(text.slice(start, end).split('é').length - 1);
      expect(part.summary.rescored).toBeLessThanOrEqual(end - start);
    }
  });

  it('takes a part from the whole that is kept, and leaves the whole where it was', async () => {
    const text = 'abcd '.repeat(40);
    await score({ text, document: 'g' });
    const only = { start: 50, end: 90 };
    expect((await score({ text, document: 'g', only })).summary.rescored).toBe(0);
    expect((await score({ text, document: 'g' })).summary.rescored).toBe(0);
  });

  it('widens a part that cuts a token to whole tokens', async () => {
    const bytes = loadedModel(byteTokenizer());
    const use = { ...setting, loaded: bytes, snapshots: new SnapshotStore() };
    // The second unit of a surrogate pair: its character's four bytes are four tokens.
    const { summary, chunks } = await score({ text: 'a😀b', only: { start: 2, end: 3 } }, undefined, use);
    expect(summary).toMatchObject({ tokens: 4, bytes: 4 });
    expect(chunks[0]?.scores.start[0]).toBe(1);
    bytes.model.dispose();
  });

  it.each([
    [{ text: 'abc', only: { start: 2, end: 2 } }, 'only: expected a range of at least one UTF-16 unit'],
    [{ text: 'abc', only: { start: 3, end: 9 } }, 'only: expected a range inside the text'],
    [{ text: '' }, 'empty'],
    [{ text: 'a', stride: 8 }, 'stride: expected a whole number from 1 to 7'],
    [{ text: 'a', stride: 0 }, 'stride: expected'],
    [{ text: 'a', stride: 1.5 }, 'got 1.5'],
    [{ text: 'a', top: 51 }, 'top: expected a whole number from 0 to 50'],
    [{ text: 'a'.repeat(LONGEST_TEXT + 1) }, '16 MiB'],
    [{ text: 'é'.repeat(LONGEST_TEXT / 2 + 1) }, '16 MiB'],
  ])('refuses %#', async (params, sentence) => {
    await expect(score(params)).rejects.toMatchObject({
      reason: 'badInput',
      message: expect.stringContaining(sentence) as string,
    });
  });

  it('scores one byte', async () => {
    const bytes = loadedModel(byteTokenizer());
    const { summary } = await score({ text: '\0' }, undefined, {
      ...setting,
      loaded: bytes,
      snapshots: new SnapshotStore(),
    });
    expect(summary).toMatchObject({ tokens: 1, scored: 1, bytes: 1 });
    expect(Number.isFinite(summary.nll)).toBe(true);
    bytes.model.dispose();
  });

  it('never gives a number for a family without a likelihood', async () => {
    const planted = loadedModel(characterTokenizer(alphabet), { ...transformer, likelihood: 'none' });
    await expect(score({ text: 'abc' }, undefined, { ...setting, loaded: planted })).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringContaining('has no likelihood') as string,
    });
    planted.model.dispose();
  });
});
