// Planted leaks, all of which are found; and a thousand random causal models, none of which is accused.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/analysis/bitMatrix';
import { causalityReport } from '../../src/analysis/causality/causality';
import { compareConnectivity } from '../../src/analysis/causality/comparison';
import { allowedConnectivity } from '../../src/analysis/causality/declared';
import { drawsOf } from '../../src/analysis/causality/draws';
import { measuredConnectivity } from '../../src/analysis/causality/measured';
import type { Family } from '../../src/families/family';
import { markov } from '../../src/families/markov/family';
import { transformer } from '../../src/families/transformer/family';
import { Rng } from '../../src/math/rng';
import { FAULTS, networkOfGraph, plantedFamily, randomGraph, type Fault } from './causalityNetworks';
import { useDevice } from './familyDevices';

const VOCABULARY = 9;
const LENGTHS = [1, 2, 7];

beforeAll(() => useDevice('simd'));

function report(family: Family, lengths: readonly number[] = LENGTHS, firstSeed = 1) {
  const draws = drawsOf(family, family.example, { vocabulary: VOCABULARY }, undefined, firstSeed);
  const subject = { graph: family.taps(family.example), causality: family.causality, draws };
  return causalityReport(subject, { lengths, sampledLength: 64 });
}

describe('planted leaks', () => {
  const strict = (fault: Fault) => (fault === 'non-strict where strict is due' ? 'strict' : 'shifted');

  it.each(FAULTS.filter((fault) => fault !== 'none'))('%s: found with every seed', async (fault) => {
    for (let firstSeed = 0; firstSeed < 100; firstSeed += 10) {
      const found = await report(plantedFamily(fault, strict(fault)), LENGTHS, firstSeed);
      expect(found.leaks, `seeds from ${firstSeed}`).toBeGreaterThan(0);
      expect(found.agrees).toBe(false);
      expect(found.verdict).toMatch(/\d+ leaks?( between rows of a batch)?: output \d+/);
    }
  });

  it('nothing is found where nothing is wrong, shifted or strict', async () => {
    for (const causality of ['shifted', 'strict'] as const) {
      const found = await report(plantedFamily('none', causality), [1, 2, 7, 12]);
      expect(found).toMatchObject({ leaks: 0, agrees: true, verdict: 'declared = measured over 144 pairs' });
      expect(found.training?.leaks).toEqual([]);
    }
  });

  it('each is told for what it is', async () => {
    const offByOne = await report(plantedFamily('mask off by one'));
    expect(offByOne.predicting.at(-1)?.leaksByOffset).toEqual([
      { offset: 1, count: 6, example: { output: 0, input: 1 } },
    ]);
    expect(offByOne.verdict).toBe('6 leaks: output 0 depends on input 1');

    const nonStrict = await report(plantedFamily('non-strict where strict is due', 'strict'));
    expect(nonStrict.predicting.at(-1)?.leaksByOffset).toEqual([
      { offset: 0, count: 7, example: { output: 0, input: 0 } },
    ]);

    const wrapped = await report(plantedFamily('positions wrapped'));
    expect(wrapped.predicting.at(-1)?.leaks.every(({ input }) => input === 6)).toBe(true);

    const dropped = await report(plantedFamily('mask dropped when dropout is on'));
    expect(dropped.predicting.every(({ agrees }) => agrees)).toBe(true);
    expect(dropped.training?.leaks.length).toBeGreaterThan(0);
    expect(dropped.verdict).toMatch(/^while training, \d+ leaks: /);

    const far = await report(plantedFamily('mask off by one beyond 40 positions'));
    expect(far.predicting.every(({ agrees }) => agrees)).toBe(true);
    expect(far.verdict).toMatch(/^\d+ leaks: output \d+ depends on input \d+ \(at length 64\)$/);

    const packed = await report(plantedFamily('a packed batch that looks into its neighbour'));
    expect(packed.rowLeaks.every(({ row, otherRow }) => otherRow < row)).toBe(true);
    expect(packed.predicting.every(({ leaks }) => leaks.length === 0)).toBe(true);
    expect(packed.verdict).toMatch(
      /leaks between rows of a batch: output 0 of row 1 depends on input 0 of row 0$/,
    );
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await report(plantedFamily('none'), [3]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('1,000 random causal models', () => {
  const random = new Rng(2024);

  it('600 Transformers of random sizes, random weights and lengths: no false alarm', async () => {
    for (let trial = 0; trial < 600; trial++) {
      const heads = 1 + random.integer(3);
      const config = {
        layers: 1 + random.integer(3),
        heads,
        width: heads * (1 + random.integer(6)),
        contextLength: 8,
        dropout: random.integer(2) * 0.3,
      };
      const facts = { vocabulary: 2 + random.integer(12) };
      const all = drawsOf(transformer, config, facts, undefined, trial);
      const kind = random.integer(all.length);
      const length = 1 + random.integer(7);
      const found = await causalityReport(
        {
          graph: transformer.taps(config),
          causality: 'shifted',
          draws: all.slice(kind, kind + 1),
        },
        { lengths: [length], trainingLength: 3, sampledLength: 8 },
      );
      expect(found.leaks, JSON.stringify({ config, kind, length })).toBe(0);
    }
  });

  it('100 Markov tables: no false alarm', async () => {
    for (let trial = 0; trial < 100; trial++) {
      const config = { order: 1 + random.integer(3) };
      const draws = drawsOf(markov, config, { vocabulary: 2 + random.integer(9) }, undefined, trial).slice(
        0,
        1,
      );
      const lengths = [1 + random.integer(8)];
      const found = await causalityReport(
        { graph: markov.taps(config), causality: 'shifted', draws },
        { lengths },
      );
      expect(found.leaks).toBe(0);
    }
  });

  it('300 networks of random tap graphs: declared = measured, cell by cell', async () => {
    let strict = 0;
    for (let trial = 0; trial < 300; trial++) {
      const graph = randomGraph(random);
      const length = 1 + random.integer(9);
      const allowed = allowedConnectivity(graph, 'shifted', length);
      const measured = new BitMatrix(length, length);
      const network = networkOfGraph(graph, 2 + random.integer(7), random);
      for (const seed of [1, 2, 3, 4]) measured.or(await measuredConnectivity(network, length, { seed }));
      const { verdict } = compareConnectivity(allowed, measured);
      expect(verdict, JSON.stringify(graph)).toMatch(/^declared = measured over/);
      if (!allowed.get(0, 0)) strict++;
    }
    expect(strict).toBeGreaterThan(20); // both kinds were among them
  });
});
