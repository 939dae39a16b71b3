// What the view works out by itself: columns in bits, windows of tokens, thinned lines, sentences and tables as data.
import { describe, expect, it } from 'vitest';
import type { AblationReport, AblationRow, MutualInformationTable } from '../../../src/protocol/information';
import { contextName, rowsOf } from './contextRows';
import { contextTable } from './exportData';
import { Positions, thinTokens, windowAround } from './positions';
import { fitLaw, formatInformation, tokenSentence } from './words';

function positions(text: string, nats: readonly number[]): Positions {
  const made = new Positions(1, text.length);
  const places = Uint32Array.from({ length: text.length }, (_, i) => i);
  const ends = places.map((place) => place + 1);
  made.add({
    scoring: 1,
    from: 0,
    tokens: text.length,
    start: places,
    end: ends,
    byteStart: places,
    byteEnd: ends,
    logProb: Float32Array.from(nats, (value) => -value),
    entropy: Float32Array.from(nats, (value) => value / 2),
  });
  return made;
}

describe('positions', () => {
  it('are in bits, and say what was not scored', () => {
    const found = positions('a b', [NaN, Math.LN2, 2 * Math.LN2]);
    expect(found.complete).toBe(true);
    expect([...found.bits]).toEqual([NaN, 1, 2]);
    expect([...found.entropy]).toEqual([NaN, 0.5, 1]);
    expect(tokenSentence(found, 'a b', 0)).toBe('token 1 of 3, a, not scored: nothing stands before it');
    expect(tokenSentence(found, 'a b', 1)).toBe(
      'token 2 of 3, ·, per-context entropy 0.500 bits, surprisal 1.000 bits',
    );
  });

  it('are shown in a window around the selected one that stays inside the text', () => {
    expect(windowAround(50, undefined, 100)).toEqual({ low: 0, high: 100 });
    expect(windowAround(50, 20, 100)).toEqual({ low: 40, high: 60 });
    expect(windowAround(3, 20, 100)).toEqual({ low: 0, high: 20 });
    expect(windowAround(99, 20, 100)).toEqual({ low: 80, high: 100 });
    expect(windowAround(1, 20, 5)).toEqual({ low: 0, high: 5 });
  });

  it('are drawn one by one where there is room, and lose no peak where there is none', () => {
    const values = Float32Array.from({ length: 10_000 }, (_, i) => (i === 4321 ? 9 : i === 777 ? -9 : i % 3));
    values[0] = NaN;
    expect(thinTokens(values, 2, 6, 100)).toEqual({ x: [2, 3, 4, 5], y: [2, 0, 1, 2] });
    const thin = thinTokens(values, 0, 10_000, 50);
    expect(thin.x).toHaveLength(100);
    expect([...thin.x].sort((a, b) => a - b)).toEqual(thin.x);
    const shown = thin.y.filter((value) => value !== null);
    expect([Math.max(...shown), Math.min(...shown)]).toEqual([9, -9]);
    expect(thinTokens(values, 0, 1, 50)).toEqual({ x: [0], y: [null] });
  });
});

const row = (tokens: number, start: boolean): AblationRow => ({
  tokens,
  start,
  logProb: -tokens,
  entropy: 1,
  gain: { unigram: { entropyBits: -1, tokenBits: tokens }, model: null },
});

describe('contexts', () => {
  const withStart = [row(0, true), row(1, true), row(2, true)];
  const alone = [row(1, false), row(2, false)];
  const report = {
    bos: true,
    withStart,
    alone,
    full: row(2, true),
    likelihood: 'exact',
  } as unknown as AblationReport;

  it('end with what score says, and never show it twice', () => {
    expect(rowsOf(report, 'start').map(contextName)).toEqual(['start + 0', 'start + 1', 'start + 2']);
    expect(rowsOf(report, 'nothing').map(contextName)).toEqual([
      'start + 0',
      'last 1',
      'last 2',
      'start + 2',
    ]);
    const later = { ...report, full: row(2, false) };
    expect(rowsOf(later, 'start').map(contextName)).toEqual([
      'start + 0',
      'start + 1',
      'start + 2',
      'last 2',
    ]);
    const bare = { ...later, bos: false, withStart: [] };
    expect(rowsOf(bare, 'start').map(contextName)).toEqual(['last 1', 'last 2']);
  });

  it('are copied with their gains, and with nothing where a marginal does not exist', () => {
    const columns = Object.fromEntries(
      contextTable(report).map(({ name, values }) => [name, Array.from(values)]),
    );
    expect(columns['context (tokens)']).toEqual([2, 0, 1, 2, 1, 2]);
    expect(columns['which']?.[0]).toBe('as scored');
    expect(columns['gain for the token over the file’s unigram (bits)']).toEqual([2, 0, 1, 2, 1, 2]);
    expect(columns['gain in entropy over the start token alone (bits)']).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

it('writes laws and small numbers so that they can be told apart', () => {
  const fit = { amplitude: 0.5, rate: 0.25, residualError: 0 } as MutualInformationTable['fits'][number];
  expect(fitLaw({ ...fit, kind: 'exponential' })).toBe('0.500 · e^(−0.250 d)');
  expect(fitLaw({ ...fit, kind: 'power' })).toBe('0.500 · d^(−0.250)');
  expect(fitLaw({ ...fit, kind: 'power', rate: -0.1 })).toBe('0.500 · d^(0.100)');
  expect([0, 0.531, 0.0031, -2e-5].map(formatInformation)).toEqual(['0', '0.531', '3.10e-3', '-2.00e-5']);
});
