// `check` and `mask` as the engine answers them: every registered family passes, and a family with a planted fault fails
// the check that is there for it.
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomizeWeights } from '../../src/analysis/randomWeights';
import { byteTokenizer, characterTokenizer } from '../../src/data/tokenizer';
import { checkReport } from '../../src/engine/inspect/check';
import { maskReport } from '../../src/engine/inspect/mask';
import type { Subject } from '../../src/engine/inspect/subject';
import type { Decoder, Family, Model } from '../../src/families/family';
import { markov } from '../../src/families/markov/family';
import { FAMILIES } from '../../src/families/registry';
import { transformer } from '../../src/families/transformer/family';
import type { InspectProgress } from '../../src/protocol/engine';
import type { CheckOutcome } from '../../src/protocol/mask';
import { FAULTS, plantedFamily } from './causalityNetworks';
import { useDevice } from './familyDevices';

let before = 0;
beforeEach(async () => {
  await useDevice('simd');
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors, 'tensors left behind').toBe(before));

const tokenizer = characterTokenizer('abc');

function subjectOf(family: Family, change: (model: Model) => Partial<Model> = () => ({})): Subject {
  const { vocabulary, bos } = tokenizer;
  const facts = { vocabulary, bos: bos as number };
  const model = family.build(family.example, facts, 1);
  randomizeWeights(model, 1);
  const changed = Object.assign(Object.create(model) as Model, change(model));
  return { family, config: family.example, facts, tokenizer, model: changed, weights: 'own', device: 'simd' };
}

function contextOf<P>(seen: P[] = [], signal = new AbortController().signal) {
  return { signal, progress: (value: P) => Promise.resolve(void seen.push(value)) };
}

async function failedChecks(subject: Subject): Promise<string[]> {
  const { verdict, checks } = await checkReport(subject, contextOf<CheckOutcome>());
  subject.model.dispose();
  const failed = checks.filter(({ pass }) => !pass).map(({ id }) => id);
  expect(verdict).toBe(failed.length === 0 ? 'pass' : 'fail');
  return failed;
}

describe('check', () => {
  it.each(FAMILIES.map((family) => [family.id, family] as const))('passes %s', async (_, family) => {
    const seen: CheckOutcome[] = [];
    const subject = subjectOf(family);
    const report = await checkReport(subject, contextOf(seen));
    expect(report).toMatchObject({ family: family.id, verdict: 'pass', weights: 'own', device: 'simd' });
    expect(report.checks.map(({ id }) => id)).toEqual(['causality', 'parity', 'mass', 'finite', 'units']);
    expect(seen).toEqual(report.checks);
    for (const { value, tolerance, detail } of report.checks) {
      expect(value).toBeLessThanOrEqual(tolerance);
      expect(detail).toMatch(/\.$/);
    }
    subject.model.dispose();
  });

  it.each(FAULTS)('a network with this fault: %s', async (fault) => {
    const strict = fault === 'non-strict where strict is due';
    const failed = await failedChecks(subjectOf(plantedFamily(fault, strict ? 'strict' : 'shifted')));
    if (fault === 'none') expect(failed).toEqual([]);
    else expect(failed).toContain('causality');
  });

  const decoderOf = (model: Model, change: (proper: Decoder) => Partial<Decoder>) => (): Decoder => {
    const proper = model.decoder?.();
    if (!proper) throw new Error('no decoder');
    return {
      room: proper.room,
      prefill: (elements) => proper.prefill(elements),
      step: (element) => proper.step(element),
      reset: () => proper.reset(),
      dispose: () => proper.dispose(),
      ...change(proper),
    };
  };
  const forgetful = (proper: Decoder): Partial<Decoder> => ({
    step: (element) => (proper.reset(), proper.prefill([element])),
  });
  const moved = (proper: Decoder, by: number): Partial<Decoder> => {
    const all = async (logits: Promise<Float32Array>) =>
      (await logits).map((value, v) => (v === 1 ? value + by : value));
    return {
      prefill: (elements) => all(proper.prefill(elements)),
      step: (element) => all(proper.step(element)),
    };
  };
  const parityOf = async (subject: Subject): Promise<CheckOutcome> => {
    const { checks } = await checkReport(subject, contextOf<CheckOutcome>());
    subject.model.dispose();
    return checks.find(({ id }) => id === 'parity') as CheckOutcome;
  };

  it('parity: a decoder that forgets, and one that is off by three times what rounding may cost', async () => {
    const wrong = subjectOf(transformer, (model) => ({ decoder: decoderOf(model, forgetful) }));
    expect(await failedChecks(wrong)).toEqual(['parity']);
    for (const family of [markov, transformer]) {
      const { tolerance, value } = await parityOf(subjectOf(family));
      expect(value).toBeLessThan(tolerance);
      const off = subjectOf(family, (model) => ({
        decoder: decoderOf(model, (proper) => moved(proper, 3 * tolerance)),
      }));
      expect(await failedChecks(off)).toEqual(['parity']);
    }
  });

  describe('parity where logits are large', () => {
    /** The same model with logits `gain` times as large, and all of them higher by `offset`. */
    const large = (gain: number, offset: number, fault: (proper: Decoder) => Partial<Decoder> = () => ({})) =>
      subjectOf(transformer, (model) => {
        for (const { name, variable } of model.variables) {
          if (name.includes('ln_f')) tf.tidy(() => variable.assign(tf.mul(variable, gain)));
        }
        const raised = async (logits: Promise<Float32Array>) => (await logits).map((value) => value + offset);
        return {
          logits: (inputs) =>
            tf.tidy(() => tf.add<tf.Tensor3D>(model.logits?.(inputs) as tf.Tensor3D, offset)),
          decoder: () => {
            const inner = decoderOf(model, fault)();
            return {
              room: inner.room,
              prefill: (elements) => raised(inner.prefill(elements)),
              step: (element) => raised(inner.step(element)),
              reset: () => inner.reset(),
              dispose: () => inner.dispose(),
            };
          },
        };
      });

    it.each([
      [300, 0],
      [10_000, 0],
    ])('gain %d, offset %d: rounding beyond 1e-5 nats is no fault', async (gain, offset) => {
      const { pass, value, tolerance, detail } = await parityOf(large(gain, offset));
      expect(value).toBeGreaterThan(1e-5); // what a fixed tolerance would have called a fault
      expect(pass, `${value} of ${tolerance}`).toBe(true);
      expect(detail).toMatch(/; the largest logit is [\d.e+]+, to which single precision is held\.$/);
    });

    it.each([
      [300, 0],
      [10_000, 0],
      [1, 1000],
      [1, 1e6],
    ])('gain %d, offset %d: a cache that forgets is found', async (gain, offset) => {
      expect((await parityOf(large(gain, offset, forgetful))).pass).toBe(false);
    });

    it('an offset that all logits share hides no fault of their own size', async () => {
      const fault = (proper: Decoder) => moved(proper, 0.5);
      const { pass, tolerance } = await parityOf(large(1, 100_000, fault));
      expect(tolerance).toBeLessThan(0.1);
      expect(pass).toBe(false);
    });
  });

  it('mass: probabilities that sum to 1.0001', async () => {
    const heavy = subjectOf(markov, (model) => ({
      logProb: async (batch) =>
        ((await model.logProb?.(batch)) ?? new Float32Array(0)).map((nats) => nats + 1e-4),
    }));
    expect(await failedChecks(heavy)).toContain('mass');
  });

  it('finite: a weight that is NaN', async () => {
    const subject = subjectOf(transformer);
    const [last] = subject.model.variables.slice(-1);
    if (last) tf.tidy(() => last.variable.assign(tf.fill(last.variable.shape, NaN)));
    const { checks } = await checkReport(subject, contextOf<CheckOutcome>());
    subject.model.dispose();
    const finite = checks.find(({ id }) => id === 'finite');
    expect(finite).toMatchObject({ pass: false });
    expect(finite?.detail).toContain(`the first in the weights ${last?.name}`);
    expect(checks.filter(({ pass }) => !pass).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['parity', 'mass', 'units']),
    );
  });

  it('units: a loss in bits, and a loss that is a sum', async () => {
    for (const factor of [1 / Math.LN2, 16]) {
      const wrong = subjectOf(transformer, (model) => ({
        loss: (batch, options) => tf.tidy(() => tf.mul<tf.Scalar>(model.loss(batch, options), factor)),
      }));
      expect(await failedChecks(wrong)).toEqual(['units']);
    }
  });

  it('says what it cannot measure, and is no failure', async () => {
    const mute = subjectOf({ ...transformer, likelihood: 'none' }, () => ({
      logProb: undefined as never,
      decoder: undefined as never,
    }));
    const { checks, verdict } = await checkReport(mute, contextOf<CheckOutcome>());
    mute.model.dispose();
    expect(verdict).toBe('pass');
    expect(checks.filter(({ value }) => value === null).map(({ id }) => id)).toEqual([
      'parity',
      'mass',
      'units',
    ]);
  });

  it('ends when cancelled', async () => {
    const subject = subjectOf(transformer);
    const controller = new AbortController();
    const running = checkReport(subject, contextOf<CheckOutcome>([], controller.signal));
    controller.abort();
    await expect(running).rejects.toMatchObject({ reason: 'cancelled' });
    subject.model.dispose();
  });
});

describe('mask', () => {
  it('shows every layer, all of them together, and what was measured', async () => {
    const seen: InspectProgress[] = [];
    const subject = subjectOf(transformer);
    const report = await maskReport(subject, { length: 5 }, contextOf(seen));
    subject.model.dispose();
    const triangle = [1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1];
    expect(report.masks.map(({ layer, id, type }) => [layer, id, type])).toEqual([
      [1, 'block0.attention', 'causal'],
      [2, 'block1.attention', 'causal'],
    ]);
    for (const cells of [...report.masks.map((each) => each.cells), report.declared, report.measured]) {
      expect([...cells]).toEqual(triangle);
    }
    expect(report).toMatchObject({
      causality: 'shifted',
      agrees: true,
      leaks: 0,
      unseen: 0,
      lengths: [1, 2, 5],
    });
    expect(report.verdict).toBe('declared = measured over 25 pairs');
    // Its own weights, then five random sets; the share of the work never falls.
    expect([...new Set(seen.map(({ done }) => done))]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(seen.every(({ share }, at) => share >= (seen[at - 1]?.share ?? 0) && share <= 1)).toBe(true);
    expect(report.comparisons.map(({ kind, length, leaks }) => [kind, length, leaks])).toEqual([
      ['predicting', 1, 0],
      ['predicting', 2, 0],
      ['predicting', 5, 0],
      ['sampled', 13, 0],
      ['training', 5, 0],
      ['rows', 3, 0],
    ]);
  });

  it('shows the window of a table', async () => {
    const subject = subjectOf(markov);
    const { masks, agrees } = await maskReport(subject, { length: 4 }, contextOf<InspectProgress>());
    subject.model.dispose();
    expect(masks).toMatchObject([{ type: 'window', window: 2 }]);
    expect([...(masks[0]?.cells ?? [])]).toEqual([1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1]);
    expect(agrees).toBe(true);
  });

  it('says where a planted leak looks', async () => {
    const subject = subjectOf(plantedFamily('mask off by one'));
    const report = await maskReport(subject, { length: 8 }, contextOf<InspectProgress>());
    subject.model.dispose();
    expect(report).toMatchObject({ agrees: false, verdict: '7 leaks: output 0 depends on input 1' });
    expect(report.leaksByOffset).toMatchObject([{ offset: 1, count: 7, words: '7 pairs 1 ahead' }]);
  });

  it('ends soon after a cancel, in the midst of a long measurement, and answers others all the while', async () => {
    const config = { layers: 4, heads: 4, width: 128, contextLength: 512, dropout: 0 };
    const facts = { vocabulary: tokenizer.vocabulary };
    const model = transformer.build(config, facts, 1);
    randomizeWeights(model, 1);
    const small = subjectOf(transformer);
    const subject: Subject = { ...small, config, facts, model };
    const controller = new AbortController();
    const shares: number[] = [];
    const running = maskReport(
      subject,
      { length: 512 },
      {
        signal: controller.signal,
        progress: ({ share }) => {
          shares.push(share);
          if (shares.length === 6) controller.abort();
          return Promise.resolve();
        },
      },
    );
    let [begun, longest, last] = [0, 0, performance.now()];
    controller.signal.addEventListener('abort', () => (begun = performance.now()));
    // What others would wait for: the longest that the event loop was kept from turning.
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    await expect(running).rejects.toMatchObject({ reason: 'cancelled' });
    clearInterval(timer);
    const spent = performance.now() - begun;
    console.log(`cancelled after ${spent.toFixed(0)} ms; the longest wait was ${longest.toFixed(0)} ms`);
    expect(spent).toBeLessThan(1000);
    expect(shares.at(-1)).toBeLessThan(0.5);
    for (const each of [model, small.model]) each.dispose();
  });

  it.each([0, 14, 1.5, NaN])('refuses a length of %d', async (length) => {
    const subject = subjectOf(transformer);
    await expect(
      (async () => maskReport(subject, { length }, contextOf<InspectProgress>()))(),
    ).rejects.toMatchObject({ message: `length: expected a whole number from 1 to 13, got ${length}.` });
    subject.model.dispose();
  });
});

it.each([1, 2, 3])(
  'a table of order %i over bytes passes, and is seen to use all of its window',
  async (order) => {
    const { vocabulary, bos } = byteTokenizer();
    const facts = { vocabulary, bos: bos as number };
    const model = markov.build({ order }, facts, 1);
    randomizeWeights(model, 1);
    const subject: Subject = {
      family: markov,
      config: { order },
      facts,
      tokenizer: byteTokenizer(),
      model,
      weights: 'own',
      device: 'simd',
    };
    expect(await maskReport(subject, {}, contextOf<InspectProgress>())).toMatchObject({
      agrees: true,
      unseen: 0,
    });
    expect(await failedChecks(subject)).toEqual([]);
  },
);
