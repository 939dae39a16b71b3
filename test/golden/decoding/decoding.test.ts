// Decoding against values from an implementation of its own in plain Python: golden.py names the rules and tolerances.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beamSearch } from '../../../src/decoding/beam';
import { drawnFrom } from '../../../src/decoding/drawnFrom';
import { gumbelDraw } from '../../../src/decoding/gumbel';

interface Golden {
  readonly penalty: ReadonlyArray<{
    readonly logits: readonly number[];
    readonly context: readonly number[];
    readonly theta: number;
    readonly probability: readonly number[];
  }>;
  readonly gumbel: ReadonlyArray<{
    readonly seed: number;
    readonly draw: number;
    readonly probability: readonly number[];
    readonly noise: readonly number[];
    readonly winner: number;
  }>;
  readonly search: ReadonlyArray<{
    readonly length: number;
    readonly rule: 'gnmt' | 'power';
    readonly alpha: number;
    readonly ids: readonly number[];
    readonly total: number;
    readonly score: number;
  }>;
  /** Log-probabilities after each sequence of at most five. */
  readonly table: Readonly<Record<string, readonly number[]>>;
}
const golden = JSON.parse(
  readFileSync(new URL('../values/decoding/golden.json', import.meta.url), 'utf8'),
) as Golden;

const expectClose = (found: ArrayLike<number>, wanted: readonly number[]): void => {
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((value, at) =>
    expect(Math.abs((found[at] ?? NaN) - value), `entry ${at}`).toBeLessThan(1e-12),
  );
};

describe('Python gives the same', () => {
  it.each(golden.penalty)('repetition penalty $theta', ({ logits, context, theta, probability }) => {
    expectClose(drawnFrom(logits, context, { repetitionPenalty: theta }).probability, probability);
  });

  it.each(golden.gumbel)('draw $draw of seed $seed', ({ seed, draw, probability, noise, winner }) => {
    const found = gumbelDraw(probability, seed, draw);
    expectClose(found.noise, noise);
    expect(found.winner).toBe(winner);
  });

  it.each(golden.search)('search, $rule $alpha', async ({ length, rule, alpha, ids, total, score }) => {
    const PROMPT = 7;
    const { hypotheses } = await beamSearch(
      (sequences) => Promise.resolve(sequences.map((each) => golden.table[each.slice(1).join()] ?? [])),
      {
        prompt: [PROMPT],
        length,
        width: 3 ** (length - 1),
        normalization: { kind: rule, alpha },
        stop: (found) => found.at(-1) === 0,
      },
    );
    expect(hypotheses[0]?.ids).toEqual(ids);
    expectClose([hypotheses[0]?.total ?? NaN, hypotheses[0]?.score ?? NaN], [total, score]);
  });
});
