import { describe, expect, it } from 'vitest';
import type { ScoreSummary } from '../../protocol/engine';
import type { Metric } from './metric';
import { figures, likelihoodContent } from './likelihoodContent';
import { lensTexts, statusText } from './summaryText';

const summary: ScoreSummary = {
  family: 'transformer',
  model: '/m',
  device: 'simd (avx2)',
  unit: 'token',
  likelihood: 'exact',
  tokens: 151,
  scored: 150,
  bytes: 160,
  unknown: 0,
  nll: 339.26,
  bitsPerByte: 339.26 / Math.LN2 / 160,
  perplexity: Math.exp(339.26 / 150),
  context: 64,
  stride: 32,
  vocabulary: 257,
  rescored: 150,
};

describe('lensTexts', () => {
  it('says the figures with unit, count, stride and badge', () => {
    const titles = lensTexts({ summary, model: 'water', stale: false }).map((lens) => lens.title);
    expect(titles).toEqual([
      '3.06 bits/byte',
      'PPL 9.60 over 150 tokens, stride 32',
      'water, exact',
      'simd (avx2)',
      'Log-probs',
      'Next surprising token',
    ]);
    expect(statusText(summary)).toBe('3.06 bits/byte · PPL 9.60, 150 tokens, stride 32 · exact');
  });

  it('says that a figure does not compare when the model met unknown tokens', () => {
    const lens = lensTexts({ summary: { ...summary, unknown: 3 }, model: 'water', stale: false });
    expect(lens.map((each) => each.title)).toContain('not comparable: 3 of 151 tokens unknown to the model');
  });

  it('marks figures of an earlier text', () => {
    expect(lensTexts({ summary, model: 'water', stale: true })[0]?.title).toBe('… 3.06 bits/byte');
  });
});

describe('likelihoodContent', () => {
  it('gives each figure its unit, denominator and badge', () => {
    for (const figure of figures(summary)) {
      expect(figure.count).toBeGreaterThan(0);
      expect(figure.badge).toBe('exact');
      expect(figure.of).toMatch(/^(bytes|tokens)$/);
    }
    expect(figures(summary).map((figure) => [figure.unit, figure.count])).toEqual([
      ['bits/byte', 160],
      ['perplexity', 150],
      ['bits/token', 150],
    ]);
  });

  it('notes what makes the numbers other than they look', () => {
    const content = (over: Partial<ScoreSummary>, stale: boolean, metric: Metric = 'surprisal') =>
      likelihoodContent({
        file: 'water.md',
        model: 'water',
        device: 'simd',
        summary: { ...summary, ...over },
        stale,
        metric,
        threshold: 3,
        histogram: [],
        worst: [],
      });
    expect(content({}, false).note).toBeUndefined();
    expect(content({ unknown: 2 }, false).note).toContain('2 of 151 tokens were never seen');
    expect(content({}, false, 'rank').note).toContain('this view is of surprisal');
    expect(content({}, true).note).toContain('before the last edit');
    expect(content({}, false).window).toEqual({ context: 64, stride: 32 });
  });
});
