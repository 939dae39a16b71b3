// Baselines, classes, means and shortened contexts: against values worked out by hand, and what must always hold.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/rng';
import { standardError } from '../../math/statistics';
import { baselineSteps, unigramMarginal, type BaselineCosts } from './baselines';
import { contextLengths, pointwiseGain } from './contextLengths';
import { dependenceSteps, logDistances } from './dependence';
import { meanAlong } from './meanAlong';
import { classSteps, tokenClass, type ClassCost } from './tokenClasses';

function finish<T>(steps: Generator<number, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    expect(step.value).toBeGreaterThanOrEqual(0);
    expect(step.value).toBeLessThanOrEqual(1);
  }
}
const costs = (ids: readonly number[], symbols: number, from: 0 | 1 = 0): BaselineCosts =>
  finish(baselineSteps({ ids: Int32Array.from(ids), symbols, from }));
const product = (...p: number[]) => -p.reduce((sum, each) => sum + Math.log(each), 0);

/** A chain of two states that stays with probability .9. */
function chain(length: number, seed: number): Int32Array {
  const random = new Rng(seed);
  const states = new Int32Array(length);
  for (let at = 1; at < length; at++) {
    states[at] = random.uniform() < 0.9 ? (states[at - 1] ?? 0) : 1 - (states[at - 1] ?? 0);
  }
  return states;
}

describe('baselines', () => {
  it('of “aabb” by hand', () => {
    const found = costs([0, 0, 1, 1], 2);
    expect(found.unigramPlugIn).toBeCloseTo(product(1 / 2, 1 / 2, 1 / 2, 1 / 2), 12);
    // a is followed twice, by a and by b; b once, by b. The first token stands alone.
    expect(found.bigramPlugIn).toBeCloseTo(product(1 / 2, 1 / 2, 1 / 2, 1), 12);
    const one = [0.5 / 1, 1.5 / 2, 0.5 / 3, 1.5 / 4];
    expect(found.unigramAdaptive).toBeCloseTo(product(...one), 12);
    expect(found.bigramAdaptive).toBeCloseTo(
      product(one[0] ?? 0, one[1] ?? 0, (0 + (one[2] ?? 0)) / 2, one[3] ?? 0),
      12,
    );
  });

  it('leave out the first token where the model does, and still count it', () => {
    const [whole, rest] = [costs([0, 1, 1, 0, 1], 3), costs([0, 1, 1, 0, 1], 3, 1)];
    expect(whole.unigramPlugIn - rest.unigramPlugIn).toBeCloseTo(product(2 / 5), 12);
    expect(whole.bigramPlugIn - rest.bigramPlugIn).toBeCloseTo(product(2 / 5), 12);
    expect(whole.unigramAdaptive - rest.unigramAdaptive).toBeCloseTo(product(1 / 3), 12);
    expect(whole.bigramAdaptive - rest.bigramAdaptive).toBeCloseTo(product(1 / 3), 12);
  });

  it('adaptive ones are codes: over all texts of a length their probabilities add up to one', () => {
    const total = { unigramAdaptive: 0, bigramAdaptive: 0, unigramPlugIn: 0, bigramPlugIn: 0 };
    const [symbols, length] = [3, 6];
    for (let text = 0; text < symbols ** length; text++) {
      const ids = Array.from({ length }, (_, at) => Math.floor(text / symbols ** at) % symbols);
      const found = costs(ids, symbols);
      for (const id of Object.keys(total) as Array<keyof typeof total>) total[id] += Math.exp(-found[id]);
    }
    expect(total.unigramAdaptive).toBeCloseTo(1, 10);
    expect(total.bigramAdaptive).toBeCloseTo(1, 10);
    // The plug-in ones promise more than there is: that is what makes them optimistic.
    expect(total.unigramPlugIn).toBeGreaterThan(1.5);
    expect(total.bigramPlugIn).toBeGreaterThan(1.5);
  });

  it('of any text: the plug-in is never above the adaptive, nor a bigram above its unigram', () => {
    const random = new Rng(3);
    for (let trial = 0; trial < 50; trial++) {
      const symbols = 2 + random.integer(6);
      const ids = Array.from({ length: 1 + random.integer(200) }, () => random.integer(symbols));
      const found = costs(ids, symbols);
      expect(found.unigramPlugIn).toBeLessThanOrEqual(found.unigramAdaptive + 1e-9);
      expect(found.bigramPlugIn).toBeLessThanOrEqual(found.bigramAdaptive + 1e-9);
      expect(found.bigramPlugIn).toBeLessThanOrEqual(found.unigramPlugIn + 1e-9);
    }
  });

  it('of the two-state chain come near its entropy rate, and the plug-in from below what the code needs', () => {
    const ids = chain(100_000, 5);
    const found = finish(baselineSteps({ ids, symbols: 2, from: 0 }));
    const bits = (nats: number) => nats / Math.LN2 / ids.length;
    expect(Math.abs(bits(found.unigramPlugIn) - 1)).toBeLessThan(0.002);
    // Three standard errors of a mean over 100,000 steps.
    expect(Math.abs(bits(found.bigramAdaptive) - 0.468996)).toBeLessThan(0.01);
    expect(found.bigramAdaptive - found.bigramPlugIn).toBeGreaterThan(0);
    expect(found.bigramAdaptive - found.bigramPlugIn).toBeLessThan(30);
  });

  it('marginal: entropy and probability of the counts', () => {
    const found = unigramMarginal(Int32Array.of(0, 0, 1, 7), 7);
    expect(found.entropy).toBeCloseTo(1.5 * Math.LN2, 12);
    expect(found.logProb).toBeCloseTo(Math.log(1 / 4), 12);
  });
});

describe('classes of tokens', () => {
  it.each([
    [' ', 'whitespace'],
    ['\r\n', 'whitespace'],
    ['\u00a0\u3000', 'whitespace'],
    ['e', 'words'],
    [' The', 'words'],
    ['n’t', 'words'],
    ['世', 'words'],
    ['\u0301', 'words'],
    ['x2', 'words'],
    ['7', 'digits'],
    [' 1,000', 'digits'],
    ['٣', 'digits'],
    ['½', 'digits'],
    [',', 'punctuation'],
    [' “', 'punctuation'],
    ['—', 'punctuation'],
    ['+', 'other'],
    ['😀', 'other'],
    ['\0', 'other'],
    ['\ud800', 'other'],
    ['', 'other'],
  ])('%j is %s', (text, expected) => {
    expect(tokenClass(text)).toBe(expected);
  });

  /** Tokens of one code point each, or of its UTF-8 bytes. */
  function columns(text: string, bytes: boolean) {
    const [start, end]: [number[], number[]] = [[], []];
    let at = 0;
    for (const character of text) {
      const parts = bytes ? new TextEncoder().encode(character).length : 1;
      for (let part = 0; part < parts; part++) {
        start.push(at);
        end.push(at + character.length);
      }
      at += character.length;
    }
    return { text, start: Uint32Array.from(start), end: Uint32Array.from(end) };
  }
  const byId = (found: readonly ClassCost[]) => Object.fromEntries(found.map((each) => [each.id, each]));

  it('counts the parts of a character where the character belongs', () => {
    const about = columns('é, 😀 7', true);
    const logProb = new Float32Array(about.start.length).fill(-1);
    logProb[0] = NaN;
    const found = byId(finish(classSteps({ ...about, logProb })));
    expect(found['words']).toEqual({ id: 'words', tokens: 2, scored: 1, parts: 2, nats: 1 });
    expect(found['punctuation']).toEqual({ id: 'punctuation', tokens: 1, scored: 1, parts: 0, nats: 1 });
    expect(found['whitespace']).toEqual({ id: 'whitespace', tokens: 2, scored: 2, parts: 0, nats: 2 });
    expect(found['other']).toEqual({ id: 'other', tokens: 4, scored: 4, parts: 4, nats: 4 });
    expect(found['digits']).toEqual({ id: 'digits', tokens: 1, scored: 1, parts: 0, nats: 1 });
  });

  it('shares out every bit and every token, and loses none', () => {
    const random = new Rng(9);
    const text = Array.from({ length: 70_000 }, () => ' aé世,7+😀\n'.at(random.integer(8)) ?? '').join('');
    const about = columns(text, true);
    const logProb = Float32Array.from(about.start, () => -12 * random.uniform());
    const found = finish(classSteps({ ...about, logProb }));
    expect(found.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(logProb.length);
    const nats = logProb.reduce((sum, value) => sum - value, 0);
    expect(found.reduce((sum, each) => sum + each.nats, 0)).toBeCloseTo(nats, 5);
  });
});

describe('a mean along a text', () => {
  it('has an error from the means of blocks: right for values that stay, where the usual formula is three times too small', () => {
    // Each value is 0 or 1; the correlation at distance d is .8^d, so the variance of a mean is 9 times σ²/n.
    const errors: number[] = [];
    const means: number[] = [];
    for (let seed = 0; seed < 40; seed++) {
      const values = chain(30_000, seed + 100);
      const found = meanAlong(values);
      errors.push(found.standardError ?? NaN);
      means.push(found.mean);
      expect(found).toMatchObject({ count: 30_000, blocks: 30, blockLength: 1000 });
    }
    const expected = Math.sqrt((0.25 * 9) / 30_000);
    const mean = errors.reduce((sum, each) => sum + each, 0) / errors.length;
    expect(mean / expected).toBeGreaterThan(0.9);
    expect(mean / expected).toBeLessThan(1.1);
    // And it is what the means of other texts really differ by.
    const spread = Math.sqrt(means.length) * standardError(means);
    expect(mean / spread).toBeGreaterThan(0.7);
    expect(mean / spread).toBeLessThan(1.4);
    expect(standardError(chain(30_000, 100)) / expected).toBeLessThan(0.36);
  });

  it('has none where the text is too short for blocks of two', () => {
    expect(meanAlong([1, 2, 3])).toEqual({
      mean: 2,
      count: 3,
      standardError: null,
      blocks: 0,
      blockLength: 0,
    });
    expect(meanAlong(new Array<number>(59).fill(1)).standardError).toBeNull();
    expect(meanAlong(new Array<number>(61).fill(1))).toMatchObject({ standardError: 0, blockLength: 2 });
  });
});

describe('dependence by distance', () => {
  it('of the chain: its values, a control of nothing, fits of what stands out alone', () => {
    const found = finish(dependenceSteps(chain(300_000, 8), 1));
    const at = (distance: number) => found.points.find((each) => each.distance === distance)?.bits ?? NaN;
    expect(at(1)).toBeCloseTo(0.531, 2);
    expect(at(2)).toBeCloseTo(0.32, 2);
    expect(at(5)).toBeCloseTo(0.079, 2);
    expect(found.chance).toBeLessThan(1e-4);
    expect(found.control.map(({ distance }) => distance)).toEqual(
      found.points.map(({ distance }) => distance),
    );
    for (const { bits } of found.points.slice(0, found.used)) expect(bits).toBeGreaterThan(found.chance);
    expect(found.points[found.used]?.bits ?? 0).toBeLessThanOrEqual(found.chance);
    const [exponential, power] = found.fits;
    expect([exponential?.kind, power?.kind]).toEqual(['exponential', 'power']);
    expect([exponential?.used, power?.used]).toEqual([found.used, found.used]);
    expect(Math.abs((exponential?.rate ?? NaN) - 2 * Math.log(1 / 0.8))).toBeLessThan(0.06);
  });

  it('of independent tokens and of a few tokens: no fit at all', () => {
    const random = new Rng(2);
    expect(
      finish(
        dependenceSteps(
          Int32Array.from({ length: 5000 }, () => random.integer(9)),
          1,
        ),
      ).fits,
    ).toEqual([]);
    expect(finish(dependenceSteps(Int32Array.of(1, 2, 3), 1))).toEqual({
      points: [],
      control: [],
      chance: 0,
      used: 0,
      fits: [],
    });
  });

  it('takes for chance what lies below zero, too', () => {
    const below: number[] = [];
    for (let seed = 1; seed <= 8; seed++) {
      const random = new Rng(seed);
      const ids = Int32Array.from({ length: 2000 }, () => random.integer(9));
      const { chance, control } = finish(dependenceSteps(ids, seed));
      const values = control.map(({ bits }) => bits);
      expect(chance).toBe(Math.max(...values.map(Math.abs)));
      if (chance > Math.max(...values)) below.push(seed);
    }
    expect(below.length).toBeGreaterThan(0);
  });

  it('looks at rising distances, near ones one by one', () => {
    expect(logDistances(20)).toEqual([1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20]);
    expect(logDistances(0)).toEqual([]);
    expect(logDistances(4096).length).toBeLessThan(40);
  });
});

describe('shortened contexts', () => {
  it('are powers of two and the whole', () => {
    expect(contextLengths(0)).toEqual([0]);
    expect(contextLengths(1)).toEqual([0, 1]);
    expect(contextLengths(8)).toEqual([0, 1, 2, 4, 8]);
    expect(contextLengths(11)).toEqual([0, 1, 2, 4, 8, 11]);
  });

  it('gain what the marginal had more, with its sign', () => {
    const gain = pointwiseGain({ entropy: 2, logProb: -3 }, { entropy: 2.5, logProb: -1 });
    expect(gain).toEqual({ entropy: -0.5, token: 2 });
    expect(pointwiseGain({ entropy: 2, logProb: -1 }, { entropy: 1, logProb: -3 })).toEqual({
      entropy: 1,
      token: -2,
    });
  });
});
