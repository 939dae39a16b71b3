// The generators against their references and their own promises; the formulas against values worked out elsewhere.
import { describe, expect, it } from 'vitest';
import { fillUniform, hash, integerAt, mix, uniformAt } from './counterRng';
import {
  bitsPerByte,
  bitsPerDimension,
  bitsToNats,
  crossEntropy,
  entropy,
  logSumExp,
  natsToBits,
  perplexity,
  softmax,
  surprisalBits,
  twoStateEntropyRate,
} from './information';
import { Rng } from './rng';
import { blockStandardError, mean, standardError, sum, variance } from './statistics';

/** χ² of counts against equal shares. */
function chiSquare(counts: ArrayLike<number>, total: number): number {
  const expected = total / counts.length;
  return sum(Array.from(counts, (count) => (count - expected) ** 2 / expected));
}

describe('Rng', () => {
  it('is xoshiro128**: the first values from state 1, 2, 3, 4 are the reference implementation’s', () => {
    // The sequence that other implementations of the published algorithm test themselves with.
    const rng = Rng.restore({ words: [1, 2, 3, 4], spare: null });
    expect([rng.next(), rng.next(), rng.next(), rng.next()]).toEqual([11520, 0, 5927040, 70819200]);
  });

  it('continues exactly from a state that went through JSON, a normal half-way included', () => {
    const rng = new Rng(42);
    rng.normal();
    const copy = Rng.restore(JSON.parse(JSON.stringify(rng.save())) as ReturnType<Rng['save']>);
    const draw = (from: Rng) => [from.normal(), from.uniform(), from.integer(7), from.normal(), from.next()];
    expect(draw(copy)).toEqual(draw(rng));
  });

  it('starts elsewhere for every seed, large and negative ones too', () => {
    const seeds = [0, 1, 2, -1, 2 ** 32, 2 ** 32 + 1, 2 ** 52, -(2 ** 52)];
    expect(new Set(seeds.map((seed) => new Rng(seed).next())).size).toBe(seeds.length);
    expect(() => new Rng(0.5)).toThrow('expected an integer seed, got 0.5');
    expect(() => Rng.restore({ words: [0, 0, 0, 0], spare: null })).toThrow('not all zero');
  });

  it('draws integers without favour, where the remainder alone would show one', () => {
    const rng = new Rng(3);
    const bound = 3 * 2 ** 30; // the remainder of 2³² would make the first third twice as likely
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) {
      const third = Math.floor(rng.integer(bound) / 2 ** 30);
      counts[third] = (counts[third] ?? 0) + 1;
    }
    expect(chiSquare(counts, 30_000)).toBeLessThan(13.8); // p = .001 with 2 degrees of freedom
    expect(rng.integer(1)).toBe(0);
    expect(() => rng.integer(0)).toThrow(RangeError);
  });

  it('draws uniforms in [0, 1) and normals of mean 0 and variance 1', () => {
    const rng = new Rng(5);
    const uniforms = Float64Array.from({ length: 20_000 }, () => rng.uniform());
    expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniforms)).toBeLessThan(1);
    expect(Math.abs(mean(uniforms) - 0.5)).toBeLessThan(4 * standardError(uniforms));
    expect(variance(uniforms)).toBeCloseTo(1 / 12, 2);
    const normals = Float64Array.from({ length: 20_000 }, () => rng.normal());
    expect(Math.abs(mean(normals))).toBeLessThan(4 * standardError(normals));
    expect(variance(normals)).toBeCloseTo(1, 1);
    expect(mean(normals.map((value) => value ** 4))).toBeCloseTo(3, 0);
  });
});

describe('counterRng', () => {
  it('mixes as defined, in 32-bit arithmetic', () => {
    const reference = (word: number) => {
      let x = BigInt(word >>> 0);
      const multiply = (by: bigint) => (x = (x * by) & 0xffffffffn);
      x ^= x >> 16n;
      multiply(0x7feb352dn);
      x ^= x >> 15n;
      multiply(0x846ca68bn);
      x ^= x >> 16n;
      return Number(x);
    };
    for (const word of [0, 1, -1, 0x7fffffff, 0x80000000, 123456789, 2 ** 32 + 5]) {
      expect(mix(word)).toBe(reference(word));
    }
    expect(hash(1, 2, 3)).toBe(reference(3 ^ reference(2 ^ reference(1))));
  });

  it('fills as it answers one by one, from any place', () => {
    const filled = fillUniform(new Float32Array(1000), 9, 4, 70);
    filled.forEach((value, i) => expect(value).toBe(uniformAt(9, 4, 70 + i)));
    expect(fillUniform(new Float32Array(10), 9, 4, 75)).toEqual(filled.slice(5, 15));
  });

  it('is uniform along each argument', () => {
    const along = [
      (i: number) => uniformAt(i, 0, 0),
      (i: number) => uniformAt(0, i, 0),
      (i: number) => uniformAt(0, 0, i),
    ];
    for (const at of along) {
      const counts = new Float64Array(16);
      for (let i = 0; i < 16_000; i++) {
        const bin = Math.floor(at(i) * 16);
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
      expect(chiSquare(counts, 16_000)).toBeLessThan(37.7); // p = .001 with 15 degrees of freedom
    }
  });

  it('draws integers over the whole bound', () => {
    const drawn = Array.from({ length: 2000 }, (_, i) => integerAt(1, 2, i, 5));
    expect([...new Set(drawn)].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(integerAt(1, 2, 3, 2 ** 40)).toBeGreaterThan(2 ** 32);
  });
});

describe('statistics', () => {
  it('sums without losing small terms', () => {
    expect(sum([1, 1e100, 1, -1e100])).toBe(2);
    expect(sum(new Float64Array(10).fill(0.1))).toBe(1);
    expect(sum([1, Infinity])).toBe(Infinity);
    expect(sum([])).toBe(0);
  });

  it('gives mean, unbiased variance and standard error', () => {
    expect([mean([2, 4, 4, 4, 5, 5, 7, 9]), variance([2, 4, 4, 4, 5, 5, 7, 9])]).toEqual([5, 32 / 7]);
    expect(standardError([1, 3])).toBe(1);
    expect(variance([1])).toBeNaN();
    expect(mean([])).toBeNaN();
  });

  it('sees the dependence of neighbours in blocks', () => {
    const rng = new Rng(11);
    const repeated = Array.from({ length: 3000 }, () => rng.normal()).flatMap(
      (value) => new Array(10).fill(value) as number[],
    );
    const ratio = blockStandardError(repeated) / standardError(repeated);
    expect(ratio).toBeGreaterThan(2.2); // √10 in expectation
    expect(ratio).toBeLessThan(4.3);
  });
});

// Values from the project's truth table (computed independently, 6 digits): "Values", text and units.
describe('information', () => {
  const near = (value: number, expected: number) =>
    expect(Math.abs(value - expected)).toBeLessThan(5e-7 + 1e-12);

  it('agrees on sentences and tokens', () => {
    const sentence = -sum([0.01, 0.7, 0.3, 0.8, 0.6].map(Math.log));
    near(sentence, 6.899787);
    near(natsToBits(sentence), 9.954289);
    near(perplexity(sentence, 5), 3.974732);
    const three = -sum([0.5, 0.25, 0.5].map(Math.log)) / 3;
    near(three, 0.924196);
    expect(natsToBits(three)).toBeCloseTo(4 / 3, 14);
    near(perplexity(3 * three, 3), 2.519842);
    const four = -sum([0.6, 0.7, 0.8, 0.05].map(Math.log));
    near(four, 4.086376);
    near(perplexity(four, 4), 2.777619);
  });

  it('agrees on units', () => {
    expect(bitsPerDimension(Math.log(256) * 3072, 3072)).toBeCloseTo(8, 12); // uniform 256
    near(bitsToNats(2.92 * 32 * 32 * 3), 6217.696565);
    expect(Math.round(bitsToNats(0.808 * 784))).toBe(439); // 8-bit MNIST
    expect(bitsPerDimension(81.45, 784)).toBeCloseTo(0.15, 3); // binarized
    expect(bitsPerByte(Math.LN2 * 8, 4)).toBe(2);
    expect(surprisalBits(Math.log(0.25))).toBe(2);
    near(natsToBits(twoStateEntropyRate(0.9)), 0.468996);
  });

  it.each([
    [1, [0.643914, 0.236883, 0.087144, 0.032059], 0.947537],
    [0.5, [0.864955, 0.117059, 0.015842, 0.002144], 0.455429],
    [2, [0.455054, 0.276004, 0.167405, 0.101536], 1.24505],
  ])('agrees on softmax(2, 1, 0, −1) at temperature %s', (temperature, expected, nats) => {
    const probability = softmax([2, 1, 0, -1], temperature);
    probability.forEach((value, i) => near(value, expected[i] ?? NaN));
    near(entropy(probability), nats);
  });

  it('agrees on the order table: the entropy is the same in every order, its terms are not', () => {
    const table = [0.1, 0.05, 0.05, 0.1, 0.2, 0.1, 0.15, 0.25]; // P[x1][x2][x3]
    near(natsToBits(entropy(table)), 2.803702);
    const marginal = (keep: readonly number[]) => {
      const groups = new Map<string, number>();
      table.forEach((p, cell) => {
        const key = keep.map((axis) => (cell >> (2 - axis)) & 1).join();
        groups.set(key, (groups.get(key) ?? 0) + p);
      });
      return natsToBits(entropy([...groups.values()]));
    };
    const terms = (order: readonly number[]) =>
      order.map((_, i) => marginal(order.slice(0, i + 1)) - (i === 0 ? 0 : marginal(order.slice(0, i))));
    terms([0, 1, 2]).forEach((term, i) => near(term, [0.881291, 0.98966, 0.932751][i] ?? NaN));
    for (const order of [
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      near(sum(terms(order)), 2.803702);
      expect(terms(order)[0]).not.toBeCloseTo(order[0] === 0 ? NaN : 0.881291, 6);
    }
    near(marginal([0]) + marginal([1]) + marginal([2]) - natsToBits(entropy(table)), 0.070364); // total correlation
  });

  it('agrees that masking renormalises', () => {
    const masked = softmax([Math.log(0.2), Math.log(0.5), -Infinity]);
    [0.285714, 0.714286, 0].forEach((value, i) => near(masked[i] ?? NaN, value));
  });

  it('holds at the edges', () => {
    expect(logSumExp([])).toBe(-Infinity);
    expect(logSumExp([-Infinity, -Infinity])).toBe(-Infinity);
    expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 12);
    expect(entropy([1, 0])).toBe(0);
    expect(crossEntropy([1, 0], [0, 1])).toBe(Infinity);
    expect(crossEntropy([0.5, 0.5], [0.5, 0.5])).toBeCloseTo(Math.LN2, 15);
    expect(() => crossEntropy([1], [0.5, 0.5])).toThrow('expected 1 probabilities, got 2');
  });
});
