// Filters against worked values, the sampler against its own distribution, generation against a stub decoder.
import { describe, expect, it } from 'vitest';
import type { Decoder } from '../families/family';
import { softmax } from '../math/information';
import { Rng } from '../math/rng';
import { ArLensError } from '../protocol/errors';
import { logSoftmax } from './distribution';
import { filter, type FilterOptions } from './filter';
import { gumbelDraw } from './gumbel';
import { generate, keepLatestHalf, type GeneratedElement, type GenerateOptions } from './generate';

const near = (value: number | undefined, expected: number) =>
  expect(Math.abs((value ?? NaN) - expected)).toBeLessThan(5e-7 + 1e-12);
const logs = (probability: readonly number[]) => probability.map(Math.log);

// Values from the project's truth table (computed independently, 6 digits): "softmax(2,1,0,−1)".
describe('filter on softmax(2, 1, 0, −1)', () => {
  const logits = Float32Array.of(2, 1, 0, -1);
  it.each<[string, FilterOptions, number[]]>([
    ['nothing', {}, [0.643914, 0.236883, 0.087144, 0.032059]],
    ['temperature .5', { temperature: 0.5 }, [0.864955, 0.117059, 0.015842, 0.002144]],
    ['temperature 2', { temperature: 2 }, [0.455054, 0.276004, 0.167405, 0.101536]],
    ['top-2', { topK: 2 }, [0.731059, 0.268941, 0, 0]],
    ['top-p .9', { topP: 0.9 }, [0.665241, 0.244728, 0.090031, 0]],
    ['temperature 0', { temperature: 0 }, [1, 0, 0, 0]],
  ])('%s', (_, options, expected) => {
    const { probability, logProb, kept } = filter(logits, options);
    probability.forEach((value, id) => near(value, expected[id] ?? NaN));
    expect(kept).toBe(expected.filter((value) => value > 0).length);
    near(Math.exp(logProb[0] ?? NaN), 0.643914); // the model's own distribution, whatever is drawn from
  });
});

describe('filter', () => {
  it('keeps one for top-p .5 of (.5, .25, .25), and two just above', () => {
    expect(filter(logs([0.5, 0.25, 0.25]), { topP: 0.5 }).kept).toBe(1);
    expect(filter(logs([0.5, 0.25, 0.25]), { topP: 0.51 }).kept).toBe(2);
    expect(filter(logs([0.5, 0.25, 0.25]), { topP: 1e-9 }).kept).toBe(1);
    expect(filter(logs([0.1, 0.2, 0.7]), { topP: 1 }).kept).toBe(3);
  });

  it('reaches a sum on paper that rounding misses', () => {
    // .1 · 3 in doubles is not .3; eight eighths of rounding must not keep a tenth element.
    const ten = logs(new Array<number>(10).fill(0.1));
    for (let count = 1; count <= 10; count++) expect(filter(ten, { topP: count / 10 }).kept).toBe(count);
  });

  it('breaks ties by the lower id', () => {
    expect(Array.from(filter([0, 1, 1, 1], { topK: 2 }).probability)).toEqual([0, 0.5, 0.5, 0]);
    expect(Array.from(filter([1, 1], { temperature: 0 }).probability)).toEqual([1, 0]);
    expect(Array.from(filter([0, 0, 0], { topP: 0.5 }).probability)).toEqual([0.5, 0.5, 0]);
  });

  it('keeps by min-p what is at least the share of the most likely', () => {
    expect(filter(logs([0.5, 0.25, 0.2, 0.05]), { minP: 0.45 }).kept).toBe(2);
    expect(filter(logs([0.5, 0.25, 0.2, 0.05]), { minP: 0 }).kept).toBe(4);
    expect(filter([0, 0, -1], { minP: 1 }).kept).toBe(2);
  });

  it('cuts in the order top-k, top-p, min-p, each over what is left, and says what it cut', () => {
    const { probability, cuts } = filter(logs([0.4, 0.3, 0.2, 0.1]), { minP: 0.8, topP: 0.55, topK: 3 });
    expect(cuts.map(({ by, count }) => [by, count])).toEqual([
      ['topK', 1],
      ['topP', 1],
      ['minP', 1],
    ]);
    near(cuts[0]?.mass, 0.1);
    near(cuts[1]?.mass, 0.2 / 0.9);
    near(cuts[2]?.mass, 0.3 / 0.7);
    expect(Array.from(probability)).toEqual([1, 0, 0, 0]);
  });

  it('applies the temperature before the cuts', () => {
    // At T = 1 the first covers .5; at T = 4 it covers less and top-p needs a second.
    expect(filter(logs([0.5, 0.25, 0.25]), { topP: 0.45 }).kept).toBe(1);
    expect(filter(logs([0.5, 0.25, 0.25]), { topP: 0.45, temperature: 4 }).kept).toBe(2);
  });

  it('takes −∞ as impossible, and any size of logit', () => {
    const { probability, kept, logProb } = filter([-Infinity, 3e38, 3e38, -Infinity], { topK: 4 });
    expect([Array.from(probability), kept, logProb[0]]).toEqual([[0, 0.5, 0.5, 0], 2, -Infinity]);
    expect(Array.from(filter([0, -1], { temperature: 1e-300 }).probability)).toEqual([1, 0]);
    const flat = filter([5, -5], { temperature: 1e9 }).probability;
    expect(flat[0]).toBeCloseTo(0.5, 6);
  });

  it.each<[string, number[]]>([
    ['expected a number below infinity for id 1, got NaN', [0, NaN]],
    ['expected a number below infinity for id 0, got Infinity', [Infinity, 0]],
    ['expected at least one possible element of 2, got none', [-Infinity, -Infinity]],
    ['expected at least one possible element of 0, got none', []],
  ])('refuses logits: %s', (sentence, logits) => {
    expect(() => filter(logits)).toThrow(ArLensError);
    expect(() => filter(logits)).toThrow(sentence);
  });

  it.each<[FilterOptions, string]>([
    [{ temperature: -1 }, 'temperature: expected a number of at least 0, got -1.'],
    [{ temperature: NaN }, 'temperature: expected a number of at least 0, got NaN.'],
    [{ topK: 0 }, 'top-k: expected a whole number of at least 1, got 0.'],
    [{ topK: 1.5 }, 'top-k: expected a whole number of at least 1, got 1.5.'],
    [{ topP: 0 }, 'top-p: expected a number above 0 and at most 1, got 0.'],
    [{ topP: 1.1 }, 'top-p: expected a number above 0 and at most 1, got 1.1.'],
    [{ minP: -0.1 }, 'min-p: expected a number from 0 to 1, got -0.1.'],
  ])('refuses the options %j', (options, sentence) => {
    expect(() => filter([0, 0], options)).toThrow(sentence);
  });

  it('agrees with a plain softmax in double precision', () => {
    const rng = new Rng(1);
    for (let round = 0; round < 50; round++) {
      const logits = Float64Array.from({ length: 1 + rng.integer(40) }, () => 20 * rng.normal());
      const expected = softmax(logits, 0.7);
      filter(logits, { temperature: 0.7 }).probability.forEach((value, id) => {
        expect(Math.abs(value - (expected[id] ?? NaN))).toBeLessThan(1e-14);
      });
    }
  });
});

/** A decoder over two-step tables: what follows depends on the last element; counts its calls. */
class TableDecoder implements Decoder {
  room: number;
  readonly fed: number[][] = [];
  constructor(
    private readonly context: number,
    private readonly next: (last: number, length: number) => readonly number[],
  ) {
    this.room = context;
  }
  prefill(elements: readonly number[]): Promise<Float32Array> {
    if (elements.length > this.room) throw new RangeError('stub: no room');
    this.room -= elements.length;
    this.fed.push([...elements]);
    return Promise.resolve(Float32Array.from(this.next(elements.at(-1) ?? -1, this.context - this.room)));
  }
  step(element: number): Promise<Float32Array> {
    return this.prefill([element]);
  }
  reset(): void {
    this.room = this.context;
    this.fed.length = 0;
  }
  dispose(): void {}
}

async function all(decoder: Decoder, options: Partial<GenerateOptions>): Promise<GeneratedElement[]> {
  const elements = [];
  const defaults = { prompt: [0], length: 4, seed: 1, slide: keepLatestHalf(8) };
  for await (const element of generate(decoder, { ...defaults, ...options })) elements.push(element);
  return elements;
}

describe('generate', () => {
  // Elements: 0 start, 1 = A, 2 = B, 3–6 what follows. p(A) = .6, p(B) = .4; A → (.3, .25, .25, .2), B → (.9, .1).
  const tree = (last: number) =>
    last === 0
      ? logs([0, 0.6, 0.4, 0, 0, 0, 0])
      : last === 1
        ? logs([0, 0, 0, 0.3, 0.25, 0.25, 0.2])
        : logs([0, 0, 0, 0.9, 0.1, 0, 0]);

  it('is greedy at temperature 0: the path of log-probability −1.714798', async () => {
    const elements = await all(new TableDecoder(8, tree), { temperature: 0, length: 2 });
    expect(elements.map(({ id }) => id)).toEqual([1, 3]);
    expect(Math.abs(elements.reduce((total, { logProb }) => total + logProb, 0) - -1.714798)).toBeLessThan(
      1e-6,
    );
  });

  it('tells the log-probability under the model, not under what it drew from', async () => {
    const [first] = await all(new TableDecoder(8, tree), { length: 1, topK: 1, temperature: 0.1 });
    expect(first?.id).toBe(1);
    expect(first?.logProb).toBeCloseTo(Math.log(0.6), 6);
    expect(first?.filtered.probability[1]).toBe(1);
  });

  it('gives the same sample for the same seed and another for another', async () => {
    const draw = async (seed: number) =>
      (await all(new TableDecoder(100, () => [0, 0, 0, 0]), { length: 50, seed })).map(({ id }) => id);
    expect(await draw(1)).toEqual(await draw(1));
    expect(await draw(1)).not.toEqual(await draw(2));
  });

  it('slides when the context is full and goes on with the latest elements', async () => {
    const counting = new TableDecoder(4, (last) =>
      Array.from({ length: 20 }, (_, id) => (id === last + 1 ? 0 : -Infinity)),
    );
    const elements = await all(counting, { length: 12, slide: keepLatestHalf(4) });
    expect(elements.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(counting.fed[0]).toHaveLength(2);
  });

  it('takes a prompt longer than the context by sliding before it starts', async () => {
    const decoder = new TableDecoder(4, () => [0, 0]);
    await all(decoder, { prompt: [9, 8, 7, 6, 5, 4], length: 1, slide: keepLatestHalf(4) });
    expect(decoder.fed).toEqual([[5, 4]]);
  });

  it('ends at a stop element, after giving it out as the last', async () => {
    const told: number[] = [];
    const elements = await all(new TableDecoder(8, tree), {
      temperature: 0,
      length: 4,
      stop: (id) => (told.push(id), id === 3),
    });
    expect(elements.map(({ id, last }) => [id, last])).toEqual([
      [1, false],
      [3, true],
    ]);
    expect(told).toEqual([1, 3]);
    const whole = await all(new TableDecoder(8, () => [0]), { length: 3 });
    expect(whole.map(({ last }) => last)).toEqual([false, false, true]);
  });

  it('draws what the opened draw says: 100,000 elements follow the softmax (χ², p = .001)', async () => {
    const logits = [2, 1, 0, -1, -Infinity];
    const draws = 100_000;
    const counts = [0, 0, 0, 0, 0];
    const decoder = new TableDecoder(8, () => logits);
    for (let at = 0; at < draws; at += 1000) {
      for (const { id, draw, filtered } of await all(decoder, { length: 1000, seed: 2024, firstDraw: at })) {
        counts[id] = (counts[id] ?? 0) + 1;
        if (at === 0)
          expect(draw).toEqual(
            gumbelDraw(filtered.probability, 2024, at + counts.reduce((a, b) => a + b) - 1),
          );
      }
    }
    const expected = softmax([2, 1, 0, -1]);
    const chi = [...expected].reduce(
      (total, p, id) => total + ((counts[id] ?? 0) - draws * p) ** 2 / (draws * p),
      0,
    );
    expect(chi).toBeLessThan(16.27); // 3 degrees of freedom
    expect(counts[4]).toBe(0);
  });

  it('penalises what stands in the prompt and what it wrote itself, and still tells the model’s log-probability', async () => {
    const options = { prompt: [1], length: 3, temperature: 0, repetitionPenalty: 2 };
    const elements = await all(new TableDecoder(8, () => [2.9, 3, 2, 1]), options);
    // 3 → 1.5 because of the prompt; then 2.9 → 1.45, then 2 → 1.
    expect(elements.map(({ id }) => id)).toEqual([0, 2, 1]);
    const own = logSoftmax([2.9, 3, 2, 1]);
    for (const { id, logProb } of elements) expect(logProb).toBeCloseTo(own[id] ?? NaN, 6);
    await expect(all(new TableDecoder(8, () => [0]), { repetitionPenalty: 0.5 })).rejects.toThrow(
      'repetition penalty: expected a number of at least 1, got 0.5.',
    );
  });

  it('is cancelled between elements with a typed error', async () => {
    const cancel = new AbortController();
    const seen: number[] = [];
    const run = async () => {
      const options = {
        prompt: [0],
        length: 1000,
        seed: 1,
        slide: keepLatestHalf(8),
        signal: cancel.signal,
      };
      for await (const { id } of generate(new TableDecoder(8, () => [0, 0]), options)) {
        seen.push(id);
        if (seen.length === 3) cancel.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ reason: 'cancelled' });
    expect(seen).toHaveLength(3);
  });

  it('steps the decoder no further than asked', async () => {
    const decoder = new TableDecoder(8, () => [0]);
    expect(await all(decoder, { length: 0 })).toEqual([]);
    expect(decoder.fed).toEqual([]);
    await all(decoder, { length: 3 });
    expect(decoder.fed).toHaveLength(3);
  });

  it('refuses an empty prompt and a length that is none', async () => {
    const decoder = new TableDecoder(8, () => [0]);
    await expect(all(decoder, { prompt: [] })).rejects.toThrow('at least one element');
    await expect(all(decoder, { length: -1 })).rejects.toThrow(
      'length: expected a whole number of at least 0, got -1.',
    );
    await expect(all(decoder, { topP: 2 })).rejects.toThrow('top-p');
  });
});

it('logSoftmax is exact where a naive sum overflows', () => {
  expect(Array.from(logSoftmax([1000, 1000]))).toEqual([-Math.LN2, -Math.LN2]);
  expect(Array.from(logSoftmax([-1e30]))).toEqual([0]);
});
