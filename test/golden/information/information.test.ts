// Baselines, classes, means and mutual information against plain Python: golden.json was made by golden.py.
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { baselineSteps, unigramMarginal } from '../../../src/analysis/information/baselines';
import { meanAlong } from '../../../src/analysis/information/meanAlong';
import { mutualInformation } from '../../../src/analysis/information/mutualInformation';
import { classSteps } from '../../../src/analysis/information/tokenClasses';
import { byteTokenizer, characterTokenizer } from '../../../src/data/tokenizer';

/** Both sum in double precision. */
const DIGITS = 9;

interface Row {
  readonly kind: 'byte' | 'character';
  readonly tokens: number;
  readonly mutualInformation: ReadonlyArray<{ pairs: number; bits: number; plugInBits: number }>;
  readonly baselines: Readonly<Record<string, number>>;
  readonly unigramEntropy: number;
  readonly classes: Readonly<Record<string, { tokens: number; parts: number; nats: number }>>;
  readonly mean: number;
  readonly standardError: number | null;
}
const read = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8'));
const cases = (await read('cases.json')) as { texts: string[]; distances: number[]; repeat: number };
const golden = (await read('../values/information/golden.json')) as {
  symbols: Record<Row['kind'], number>;
  rows: Row[];
};

const texts = cases.texts.map((text) => text.repeat(cases.repeat));
const named = golden.rows.map((row, index) => [row.kind, Math.floor(index / 2), row] as const);

function finish<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
const near = (value: number): number => expect.closeTo(value, DIGITS) as number;

it('has a row for each text and tokenizer', () => {
  expect(golden.rows).toHaveLength(2 * texts.length);
});

it.each(named)('%ss of text %i', (kind, place, row) => {
  const text = texts[place] ?? '';
  const { ids, start, end } = (kind === 'byte' ? byteTokenizer() : characterTokenizer(text)).encode(text);
  expect(ids).toHaveLength(row.tokens);
  const logProb = Float32Array.from(ids, (_, token) => -(((token * 37) % 101) + 1) / 16);
  expect(mutualInformation(ids, cases.distances)).toEqual(
    row.mutualInformation.map(({ pairs, bits, plugInBits }, i) => ({
      distance: cases.distances[i],
      pairs,
      bits: near(bits),
      plugInBits: near(plugInBits),
    })),
  );
  const costs = finish(baselineSteps({ ids, symbols: golden.symbols[kind], from: 0 }));
  expect(costs).toEqual(
    Object.fromEntries(Object.entries(row.baselines).map(([id, nats]) => [id, near(nats)])),
  );
  expect(unigramMarginal(ids, ids[0] ?? 0).entropy).toBeCloseTo(row.unigramEntropy, DIGITS);
  for (const { id, tokens, parts, nats } of finish(classSteps({ text, start, end, logProb }))) {
    expect({ id, tokens, parts, nats }).toEqual({
      id,
      ...row.classes[id],
      nats: near(row.classes[id]?.nats ?? NaN),
    });
  }
  const { mean, standardError } = meanAlong(logProb.map((value) => -value));
  expect(mean).toBeCloseTo(row.mean, DIGITS);
  if (row.standardError === null) expect(standardError).toBeNull();
  else expect(standardError).toBeCloseTo(row.standardError, DIGITS);
});
