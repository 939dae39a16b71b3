// Beam search against worked values, against trying everything, and against the greedy sampler.
import { describe, expect, it } from 'vitest';
import type { Decoder } from '../families/family';
import { Rng } from '../math/rng';
import { beamSearch, scoreOf, type Continue } from './beam';
import { prefillingContinue, visiblePart } from './beamContexts';
import { logSoftmax } from './distribution';
import { generate, keepLatestHalf } from './generate';

const logs = (...probabilities: number[]) => probabilities.map(Math.log);

/** The project's truth table: p(A) = .6, p(B) = .4; A → (.3, .25, .25, .2), B → (.9, .1). */
const greedyTrap: Continue = (sequences) =>
  Promise.resolve(
    sequences.map((sequence) => {
      if (sequence.length === 1) return logs(0.6, 0.4, 0, 0);
      return sequence[1] === 0 ? logs(0.3, 0.25, 0.25, 0.2) : logs(0.9, 0.1, 0, 0);
    }),
  );

/** A random distribution for every sequence, the same each time. */
function randomTree(vocabulary: number, seed: number): Continue {
  return (sequences) =>
    Promise.resolve(
      sequences.map((sequence) => {
        const key = sequence.reduce((sum, id) => (sum * 31 + id + 7) % 1_000_003, seed);
        const random = new Rng(key);
        return Array.from({ length: vocabulary }, () => 2 * random.normal());
      }),
    );
}

describe('beamSearch', () => {
  it('finds with two what greedy misses', async () => {
    const search = (width: number) => beamSearch(greedyTrap, { prompt: [9], length: 2, width });
    const [greedy, two] = [await search(1), await search(2)];
    expect(greedy.hypotheses[0]?.total).toBeCloseTo(-1.714798, 6);
    expect(greedy.hypotheses[0]?.ids).toEqual([0, 0]);
    expect(two.hypotheses[0]?.total).toBeCloseTo(-1.021651, 6);
    expect(two.hypotheses[0]?.ids).toEqual([1, 0]);
    expect(two.hypotheses[0]?.logProbs.map(Math.exp)).toEqual([
      expect.closeTo(0.4, 12) as number,
      expect.closeTo(0.9, 12) as number,
    ]);
  });

  it('gives the lattice: who extended whom, and what was cut', async () => {
    const { lattice, hypotheses } = await beamSearch(greedyTrap, { prompt: [9], length: 2, width: 2 });
    expect(lattice.map(({ step, parent, id, fate }) => [step, parent, id, fate])).toEqual([
      [1, -1, 0, 'kept'],
      [1, -1, 1, 'kept'],
      [2, 1, 0, 'kept'], // .36
      [2, 0, 0, 'kept'], // .18
      [2, 0, 1, 'cut'], // .15
      [2, 0, 2, 'cut'], // .15
    ]);
    for (const { parent, total, logProb } of lattice) {
      expect(total).toBeCloseTo((lattice[parent]?.total ?? 0) + logProb, 12);
    }
    for (const { node, ids, total } of hypotheses) {
      const walked: number[] = [];
      for (let at = node; at >= 0; at = lattice[at]?.parent ?? -1) walked.unshift(lattice[at]?.id ?? -1);
      expect([walked, lattice[node]?.total]).toEqual([ids, total]);
    }
  });

  it('with a beam as wide as the tree finds the best of everything', async () => {
    const V = 4;
    for (let seed = 1; seed <= 20; seed++) {
      const next = randomTree(V, seed);
      const { hypotheses } = await beamSearch(next, { prompt: [0], length: 3, width: V ** 2 });
      let best = -Infinity;
      for (let code = 0; code < V ** 3; code++) {
        const ids = [Math.floor(code / V ** 2), Math.floor(code / V) % V, code % V];
        let total = 0;
        for (const [at, id] of ids.entries()) {
          const [row] = await next([[0, ...ids.slice(0, at)]]);
          total += logSoftmax(row ?? [])[id] ?? NaN;
        }
        best = Math.max(best, total);
      }
      expect(hypotheses[0]?.total).toBeCloseTo(best, 12);
    }
  });

  it('wider is never worse at the first step, and hypotheses come best first', async () => {
    const { hypotheses } = await beamSearch(randomTree(30, 3), { prompt: [0], length: 6, width: 5 });
    expect(hypotheses).toHaveLength(5);
    expect(hypotheses.map(({ score }) => score)).toEqual(
      hypotheses.map(({ score }) => score).sort((a, b) => b - a),
    );
    expect(new Set(hypotheses.map(({ ids }) => ids.join())).size).toBe(5);
  });

  // Id 1 ends. At once it has probability .4; later .5 after each 0.
  const ending: Continue = (sequences) =>
    Promise.resolve(sequences.map(({ length }) => (length === 1 ? logs(0.6, 0.4) : logs(0.95, 0.05))));
  const stop = (ids: readonly number[]) => ids.at(-1) === 1;

  it('prefers the short ending without length normalisation, the long one with it', async () => {
    const search = (alpha: number, kind: 'power' | 'gnmt' = 'power') =>
      beamSearch(ending, {
        prompt: [0],
        length: 12,
        width: 2,
        stop,
        normalization: alpha === 0 ? { kind: 'none' } : { kind, alpha },
      });
    const [plain, mean, gnmt] = [await search(0), await search(1), await search(1, 'gnmt')];
    expect(plain.hypotheses[0]).toMatchObject({ ids: [1], ended: true });
    expect(mean.hypotheses[0]?.ids).toHaveLength(12);
    expect(mean.hypotheses[0]?.score).toBeCloseTo((mean.hypotheses[0]?.total ?? NaN) / 12, 12);
    expect(gnmt.hypotheses[0]?.ids).toHaveLength(12);
    expect(gnmt.hypotheses[0]?.score).toBeCloseTo(((gnmt.hypotheses[0]?.total ?? NaN) * 6) / 17, 12);
    for (const { total, score, step } of gnmt.lattice)
      expect(score).toBeCloseTo((total * 6) / (5 + step), 12);
  });

  it('divides by n^α, or by ((5 + n) / 6)^α as Wu et al. do; α = 0 changes nothing', () => {
    expect(scoreOf(-6, 9, { kind: 'power', alpha: 0.5 })).toBe(-2);
    expect(scoreOf(-6, 19, { kind: 'gnmt', alpha: 0.5 })).toBe(-3);
    expect(scoreOf(-6, 1, { kind: 'gnmt', alpha: 0.7 })).toBe(-6);
    for (const kind of ['power', 'gnmt'] as const) expect(scoreOf(-6, 9, { kind, alpha: 0 })).toBe(-6);
  });

  it('tells a stop the whole hypothesis, so that a stop may take several elements', async () => {
    const told: string[] = [];
    const { hypotheses, lattice } = await beamSearch(greedyTrap, {
      prompt: [9],
      length: 2,
      width: 2,
      stop: (ids) => (told.push(ids.join()), ids.join() === '1,0'),
    });
    expect(told).toEqual(expect.arrayContaining(['0', '1', '1,0', '0,0']));
    expect(hypotheses[0]).toMatchObject({ ids: [1, 0], ended: true });
    expect(lattice.filter(({ fate }) => fate === 'ended').map(({ parent, id }) => [parent, id])).toEqual([
      [1, 0],
    ]);
  });

  it('stops early when nothing open can win any more', async () => {
    let steps = 0;
    const sure: Continue = (sequences) => Promise.resolve(sequences.map(() => logs(0.01, 0.99)));
    const onStep = () => Promise.resolve(void steps++);
    const { hypotheses } = await beamSearch(sure, { prompt: [0], length: 1000, width: 1, stop, onStep });
    expect([hypotheses[0]?.ids, steps]).toEqual([[1], 1]);
  });

  it('follows nothing impossible, and returns fewer where there are fewer', async () => {
    const only: Continue = (sequences) => Promise.resolve(sequences.map(() => [-Infinity, 0, -Infinity]));
    const { hypotheses } = await beamSearch(only, { prompt: [0], length: 3, width: 4 });
    expect(hypotheses.map(({ ids, total }) => [ids, total])).toEqual([[[1, 1, 1], 0]]);
  });

  it.each([
    [{ width: 0 }, 'beam: expected a whole number of at least 1, got 0.'],
    [{ length: 0 }, 'length: expected a whole number of at least 1, got 0.'],
    [
      { normalization: { kind: 'power', alpha: -1 } as const },
      'length penalty: expected a number of at least 0, got -1.',
    ],
  ])('refuses %j', async (wrong, sentence) => {
    const options = { prompt: [0], length: 2, width: 2, ...wrong };
    await expect(beamSearch(greedyTrap, options)).rejects.toMatchObject({ message: sentence });
  });

  it('ends when cancelled', async () => {
    const controller = new AbortController();
    const onStep = () => Promise.resolve(controller.abort());
    const options = { prompt: [0], length: 9, width: 2, signal: controller.signal, onStep };
    await expect(beamSearch(randomTree(5, 1), options)).rejects.toMatchObject({ reason: 'cancelled' });
  });
});

describe('a beam over a decoder', () => {
  /** Depends on everything it was fed, and hands out one buffer again and again. */
  function fussy(context: number): Decoder {
    const fed: number[] = [];
    const buffer = new Float32Array(7);
    const answer = () => {
      const random = new Rng(fed.reduce((sum, id) => (sum * 17 + id + 1) % 99_991, 5));
      for (let id = 0; id < buffer.length; id++) buffer[id] = random.normal();
      return Promise.resolve(buffer);
    };
    const feed = (ids: readonly number[]) => {
      if (fed.length + ids.length > context) throw new Error('no room');
      fed.push(...ids);
      return answer();
    };
    return {
      get room() {
        return context - fed.length;
      },
      prefill: feed,
      step: (id) => feed([id]),
      reset: () => void (fed.length = 0),
      dispose: () => undefined,
    };
  }

  it.each([
    [1, 40],
    [5, 40],
    [8, 3],
    [30, 20],
  ])('of one is greedy, from a prompt of %i over %i elements, sliding included', async (length, count) => {
    const prompt = Array.from({ length }, (_, at) => at % 7);
    const decoder = fussy(8);
    const greedy: number[] = [];
    const options = { prompt, length: count, seed: 1, slide: keepLatestHalf(8), temperature: 0 };
    for await (const { id } of generate(decoder, options)) greedy.push(id);
    const next = prefillingContinue(fussy(8), visiblePart(length, 8));
    const { hypotheses } = await beamSearch(next, { prompt, length: count, width: 1 });
    expect(hypotheses[0]?.ids).toEqual(greedy);
  });
});
