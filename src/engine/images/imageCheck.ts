// The `check` call for images: the same five checks, each with its value, its tolerance and a sentence.
import { makeReadable } from '../webgpu/readable';
import { tidy } from '@tensorflow/tfjs-core';
import { subpixelsOf, type ImageBatch, type ImageFacts, type ImageModel } from '../../families/imageFamily';
import { Rng } from '../../math/rng';
import { bitsPerDimension, logSumExp } from '../../math/information';
import { sum } from '../../math/statistics';
import type { CallContext } from '../../protocol/calls';
import type { CheckId, CheckOutcome, CheckReport } from '../../protocol/mask';
import { logitSize, parityTolerance } from '../../analysis/checks/parity';
import { TOLERANCES } from '../inspect/check';
import { pauseOf } from '../inspect/subject';
import { fixedCondition } from '../../analysis/reach/fixedCondition';
import { imageLeaks } from './imageLeaks';
import { disposeBatch, imageBatch } from './imageLoss';
import type { ImageSubject } from './imageSubject';

type Found = Pick<CheckOutcome, 'value' | 'detail'> & { readonly tolerance?: number };

/** Images of the checks: as large as the model's, up to this side. */
const LARGEST_SIDE = 12;
const MASS_PLACES = 4;

export async function imageCheckReport(
  subject: ImageSubject,
  context: CallContext<CheckOutcome>,
): Promise<CheckReport> {
  const checks: CheckOutcome[] = [];
  for (const [id, check] of Object.entries(CHECKS) as Array<[CheckId, (typeof CHECKS)[CheckId]]>) {
    const { value, detail, tolerance = TOLERANCES[id].tolerance } = await check(subject, context.signal);
    const pass = value === null || value <= tolerance;
    const outcome = { id, pass, value, tolerance, unit: TOLERANCES[id].unit, detail };
    checks.push(outcome);
    await context.progress(outcome);
    await pauseOf(context.signal)();
  }
  return {
    family: subject.family.id,
    device: subject.device,
    weights: subject.weights,
    verdict: checks.every(({ pass }) => pass) ? 'pass' : 'fail',
    checks,
  };
}

const CHECKS: Readonly<Record<CheckId, (subject: ImageSubject, signal: AbortSignal) => Promise<Found>>> = {
  causality: async (subject, signal) => {
    const { leaks, verdict, how } = await imageLeaks(subject, signal);
    return { value: leaks, detail: `strict causality: ${verdict} (${how}).` };
  },
  parity: async ({ model }) => {
    const { facts } = model;
    const shown = await fullLogits(model, randomLevels(facts, 5), facts);
    const levels = randomLevels(facts, 5);
    await makeReadable(model);
    const condition = fixedCondition(facts, facts, 1);
    const decoder = model.decoder({ rows: 1, ...(condition ? { condition } : {}) });
    let [worst, at] = [0, 0];
    try {
      for (let step = 0; step < levels.length; step++) {
        const { position } = decoder;
        const expected = shown.subarray(position * facts.levels, (position + 1) * facts.levels);
        const off = largestDifference(await decoder.next(), expected);
        if (off > worst) [worst, at] = [off, position];
        decoder.set([levels[position] ?? 0]);
      }
    } finally {
      decoder.dispose();
    }
    return {
      value: worst,
      tolerance: parityTolerance(logitSize(shown, facts.levels)),
      detail: `Incremental sampler against the full forward, largest at sub-pixel ${at + 1} of ${levels.length}.`,
    };
  },
  mass: async ({ model }) => {
    const { facts } = model;
    if (!model.logProb) return { value: null, detail: 'Not measured: the family has no likelihood.' };
    const base = randomLevels(facts, 4);
    const places = [
      ...new Set(Array.from({ length: MASS_PLACES }, (_, n) => Math.floor((n * (base.length - 1)) / 3))),
    ];
    let worst = 0;
    for (const place of places) {
      let mass = 0;
      for (let level = 0; level < facts.levels; level++) {
        const levels = base.slice();
        levels[place] = level;
        const batch = batchOf(levels, facts);
        mass += Math.exp((await model.logProb(batch))[place] ?? NaN);
        disposeBatch(batch);
      }
      worst = Math.max(worst, Number.isNaN(mass) ? Infinity : Math.abs(mass - 1));
    }
    return {
      value: worst,
      detail: `Distance from 1 of the probabilities of all ${facts.levels} levels, at ${places.length} sub-pixels.`,
    };
  },
  finite: async ({ model, family }) => {
    const found: { wrong: number; of: number; where?: string } = { wrong: 0, of: 0 };
    const look = (values: ArrayLike<number>, isWrong: (value: number) => boolean, where: string): void => {
      found.of += values.length;
      for (let at = 0; at < values.length; at++) {
        if (!isWrong(values[at] ?? NaN)) continue;
        found.wrong++;
        found.where ??= where;
      }
    };
    for (const { name, variable } of model.variables) {
      look(await variable.data(), (value) => !Number.isFinite(value), `the weights ${name}`);
    }
    const shapes = family.takesAnySize ? [{ height: 1, width: 1 }, smaller(model.facts)] : [model.facts];
    for (const { height, width } of shapes) {
      const facts = { ...model.facts, height, width };
      const logits = await fullLogits(model, randomLevels(facts, 6), facts);
      const wrong = (value: number): boolean => Number.isNaN(value) || value === Infinity;
      look(logits, wrong, `the logits of an image of ${width} × ${height}`);
    }
    const first = found.where === undefined ? '' : `, the first in ${found.where}`;
    return {
      value: found.wrong,
      detail: `${found.wrong} of ${found.of} weights and logits are not numbers${first}.`,
    };
  },
  units: async ({ model }) => {
    if (!model.logProb) return { value: null, detail: 'Not measured: the family has no likelihood.' };
    const { facts } = model;
    const levels = randomLevels(facts, 7);
    const batch = batchOf(levels, facts);
    const logProb = await model.logProb(batch);
    const loss = tidy(() => model.loss(batch));
    const nats = (await loss.data())[0] ?? NaN;
    loss.dispose();
    disposeBatch(batch);
    const logits = await fullLogits(model, levels, facts);
    const expected = levels.reduce((total, level, at) => {
      const row = logits.subarray(at * facts.levels, (at + 1) * facts.levels);
      return total + logSumExp(row) - (row[level] ?? NaN);
    }, 0);
    const D = subpixelsOf(facts);
    const figures: ReadonlyArray<readonly [string, number, number]> = [
      ['nll', -sum(logProb), expected],
      ['loss', nats, expected / D],
      ['bits/dim', bitsPerDimension(-sum(logProb), D), expected / (D * Math.LN2)],
    ];
    let [worst, figure] = [0, ''];
    for (const [name, given, wanted] of figures) {
      const off = Math.abs(given - wanted) / Math.max(1e-12, Math.abs(wanted));
      if (!(off <= worst)) [worst, figure] = [Number.isNaN(off) ? Infinity : off, name];
    }
    const most = worst === 0 ? '' : `; largest for ${figure}`;
    return {
      value: worst,
      detail: `Each figure of one image of ${D} sub-pixels against its definition${most}.`,
    };
  },
};

function smaller(facts: ImageFacts): ImageFacts {
  return {
    ...facts,
    height: Math.min(facts.height, LARGEST_SIDE),
    width: Math.min(facts.width, LARGEST_SIDE),
  };
}

function randomLevels(facts: ImageFacts, seed: number): Int32Array {
  const rng = new Rng(seed);
  return Int32Array.from({ length: subpixelsOf(facts) }, () => rng.integer(facts.levels));
}

/** One image; of a model with a condition given always the same one. */
function batchOf(levels: Int32Array, facts: ImageFacts): ImageBatch {
  return imageBatch(levels, facts, { labels: null, condition: fixedCondition(facts, facts, 1) });
}

async function fullLogits(model: ImageModel, levels: Int32Array, facts: ImageFacts): Promise<Float32Array> {
  const batch = batchOf(levels, facts);
  const logits = tidy(() => model.logits(batch));
  const values = Float32Array.from(await logits.data());
  logits.dispose();
  disposeBatch(batch);
  return values;
}

/** As log-probabilities, in double precision. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  const [totalA, totalB] = [logSumExp(a), logSumExp(b)];
  let largest = a.length === b.length ? 0 : Infinity;
  for (let v = 0; v < a.length; v++) {
    const [x, y] = [(a[v] ?? NaN) - totalA, (b[v] ?? NaN) - totalB];
    const off = x === y ? 0 : Math.abs(x - y);
    largest = Math.max(largest, Number.isNaN(off) ? Infinity : off);
  }
  return largest;
}
