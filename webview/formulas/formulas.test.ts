// The table's arithmetic against worked values, numbers as LaTeX, and LaTeX that KaTeX takes whatever the numbers are.
import katex from 'katex';
import { describe, expect, it } from 'vitest';
import type { FormulaId, FormulaValues } from './formula';
import { FORMULAS } from './formulaTable';
import { decimalOfLog, latexNumber, latexOfLog, latexTerms } from './latexNumber';

const SENTENCE = Float64Array.of(0.01, 0.7, 0.3, 0.8, 0.6).map(Math.log);

describe('the sentence p = .01 · .7 · .3 · .8 · .6', () => {
  const nats = FORMULAS.negativeLogLikelihood.evaluate({ logProb: SENTENCE });
  const bits = FORMULAS.bits.evaluate({ nats });
  it('multiplies to .001008', () => {
    expect(Math.exp(FORMULAS.chainRule.evaluate({ logProb: SENTENCE }))).toBeCloseTo(0.001008, 12);
    expect(FORMULAS.chainRule.numbers({ logProb: SENTENCE })).toBe(
      '0.01 \\cdot 0.7 \\cdot 0.3 \\cdot 0.8 \\cdot 0.6',
    );
  });
  it('has 6.899787 nats, 9.954289 bits and a PPL of 3.974732', () => {
    expect(nats).toBeCloseTo(6.899787, 6);
    expect(bits).toBeCloseTo(9.954289, 6);
    expect(FORMULAS.bitsPerToken.evaluate({ bits, tokens: 5 })).toBeCloseTo(9.954289 / 5, 6);
    expect(FORMULAS.perplexity.evaluate({ nats, tokens: 5 })).toBeCloseTo(3.974732, 6);
  });
});

describe('other worked values', () => {
  it.each([
    [1, [0.643914, 0.236883, 0.087144, 0.032059]],
    [0.5, [0.864955, 0.117059, 0.015842, 0.002144]],
    [2, [0.455054, 0.276004, 0.167405, 0.101536]],
  ])('softmax(2, 1, 0, −1) at T = %f', (temperature, expected) => {
    const logits = [2, 1, 0, -1];
    const logSum = Math.log(logits.reduce((sum, z) => sum + Math.exp(z / temperature), 0));
    expected.forEach((p, row) =>
      expect(FORMULAS.softmax.evaluate({ logits, row, temperature, logSum })).toBeCloseTo(p, 6),
    );
    expected.forEach((p, column) => {
      const scores = logits.map((z) => z / temperature);
      expect(FORMULAS.attention.evaluate({ scores, column })).toBeCloseTo(p, 6);
    });
  });
  it('entropy of those at T = 1', () => {
    const weights = [0.643914, 0.236883, 0.087144, 0.032059];
    expect(FORMULAS.entropy.evaluate({ weights })).toBeCloseTo(0.947537 / Math.LN2, 5);
  });
  it('tokens ½, ¼, ½: 4 bits, PPL 2.519842', () => {
    const nats = FORMULAS.negativeLogLikelihood.evaluate({ logProb: [0.5, 0.25, 0.5].map(Math.log) });
    expect(FORMULAS.bits.evaluate({ nats })).toBeCloseTo(4, 12);
    expect(FORMULAS.perplexity.evaluate({ nats, tokens: 3 })).toBeCloseTo(2.519842, 6);
  });
  it('bits per byte, surprisal, and the largest logit at temperature 0', () => {
    expect(FORMULAS.bitsPerByte.evaluate({ bits: 12, bytes: 8 })).toBe(1.5);
    expect(FORMULAS.surprisal.evaluate({ logProb: Math.log(1 / 256) })).toBeCloseTo(8, 12);
    const logits = [2, 5, 1];
    expect([0, 1, 2].map((row) => FORMULAS.greedy.evaluate({ logits, row }))).toEqual([0, 1, 0]);
  });
  it('a token without context is no factor and no term', () => {
    const logProb = Float32Array.of(NaN, -1, -2);
    expect(FORMULAS.chainRule.evaluate({ logProb })).toBe(-3);
    expect(FORMULAS.negativeLogLikelihood.numbers({ logProb })).toBe('1 + 2');
  });
});

describe('numbers', () => {
  it.each([
    [0.001008, '0.001008'],
    [0.0009, '9 \\times 10^{-4}'],
    [0.001, '0.001'],
    [1e-9, '10^{-9}'],
    [9.954289, '9.95429'],
    [1_234_567, '1.23457 \\times 10^{6}'],
    [-2.5, '-2.5'],
    [0, '0'],
    [NaN, '\\text{not a number}'],
    [-Infinity, '-\\infty'],
  ])('%d', (value, latex) => expect(latexNumber(value)).toBe(latex));

  it('smaller than any double', () => {
    expect(latexOfLog(-838_860)).toMatch(/^\d\.\d+ \\times 10\^\{-364313\}$/);
    expect(latexOfLog(Math.log(0.25))).toBe('0.25');
    expect(latexOfLog(-Infinity)).toBe('0');
    expect(decimalOfLog(Math.log(9.9999999), 4)).toEqual({ mantissa: 1, exponent: 1 });
    const { mantissa, exponent } = decimalOfLog(-1e9 * Math.LN10, 6);
    expect({ mantissa, exponent }).toEqual({ mantissa: 1, exponent: -1e9 });
  });

  it('a long sum is its first terms, dots and its last', () => {
    expect(latexTerms(3, '+', String, 2)).toBe('0 + 1 + 2');
    expect(latexTerms(1000, '+', String, 2)).toBe('0 + 1 + \\cdots + 999');
    expect(latexTerms(1, '+', String, 2)).toBe('0');
  });
});

/** Values at the edges of what a view may have. */
const ODD: { readonly [Id in FormulaId]: ReadonlyArray<FormulaValues[Id]> } = {
  chainRule: [
    { logProb: [-745] },
    { logProb: Float32Array.from({ length: 5000 }, () => -3) },
    { logProb: [NaN, -1] },
  ],
  negativeLogLikelihood: [{ logProb: [0] }, { logProb: [-Infinity, -1] }],
  bits: [{ nats: 0 }, { nats: 1e9 }],
  bitsPerToken: [{ bits: 0.0001, tokens: 1 }],
  bitsPerByte: [{ bits: 1e-9, bytes: 1_000_000 }],
  perplexity: [{ nats: 800, tokens: 1 }],
  surprisal: [{ logProb: -Infinity }, { logProb: 0 }],
  entropy: [
    { weights: [1] },
    { weights: [1, 0] },
    { weights: Float32Array.from({ length: 2048 }, () => 1 / 2048) },
  ],
  softmax: [
    { logits: [3], row: 0, temperature: 1, logSum: 3 },
    { logits: [300, 200], row: 1, temperature: 0.05, logSum: 6000 },
    { logits: [-1e-9, 0], row: 0, temperature: 2, logSum: 0.7 },
  ],
  greedy: [{ logits: [-3, -4], row: 1 }],
  attention: [
    { scores: [0], column: 0 },
    { scores: Float32Array.from({ length: 2048 }, (_, j) => -j), column: 2047 },
  ],
};

describe.each(Object.keys(FORMULAS) as FormulaId[])('%s', (id) => {
  const { left, right, symbols, title, unit, numbers } = FORMULAS[id];
  const takes = (latex: string) =>
    expect(() => katex.renderToString(latex, { throwOnError: true, strict: 'error' }), latex).not.toThrow();

  it('says what it is, and what its letters mean', () => {
    expect(title).not.toBe('');
    expect(unit).not.toBe('');
    expect(symbols.length).toBeGreaterThan(0);
    for (const { latex, meaning } of symbols) {
      expect(meaning).not.toBe('');
      takes(latex);
    }
  });

  it('is LaTeX, also with odd numbers', () => {
    takes(`\\begin{aligned} ${left} &= ${right} \\end{aligned}`);
    // One formula's values are its own: the table's type holds the two together, an index over it cannot.
    const write = numbers as (values: FormulaValues[FormulaId]) => string;
    for (const values of ODD[id]) takes(`\\begin{aligned} &= ${write(values)} \\end{aligned}`);
  });
});
