// The training view's arithmetic: growing columns, smoothing, units, ticks, the run's memory, the cursor.
import { describe, expect, it } from 'vitest';
import type { TrainingContent } from '../../../src/protocol/views';
import { Columns, nearest } from './columns';
import { Curves } from './curves';
import { moveCursor, readAt } from './reading';
import { runCsv, runJson } from './exportData';
import { RunModel, lossFigure } from './runModel';
import { DEFAULTS } from './settings';
import { Smoother, stepsAveraged } from './smoothing';
import { linearTicks, logTicks, tickDigits } from '../../plots/ticks';
import { chooseUnit, unitChoices } from './units';

const rows = (from: number, to: number, loss = (step: number) => 1 / step) => {
  const step = Float64Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const column = Float32Array.from(step, loss);
  return { step, loss: column, learningRate: column, gradientNorm: column };
};
const evaluation = (step: number, nats: number) =>
  ({
    type: 'evaluation',
    step,
    split: 'validation',
    nats,
    bits: nats / Math.LN2,
    unit: 'byte',
    count: 1000,
    badge: 'exact',
  }) as const;

function content(part: Partial<TrainingContent> = {}): TrainingContent {
  return {
    record: {
      format: 1,
      name: 'run',
      family: 'gpt',
      title: 'Transformer',
      status: 'running',
      created: '',
      device: 'cpu',
      parameters: 10,
      step: 10,
      steps: 100,
      seed: 1,
      data: {
        sha256: '',
        files: 1,
        bytes: 1,
        tokens: 1,
        trainTokens: 1,
        validationTokens: 1,
        split: '',
        bytesPerElement: 2,
      },
      floors: [],
    },
    specName: 'run.arlens.json',
    ...rows(1, 10),
    elementsPerSecond: 1,
    secondsLeft: null,
    evaluations: [evaluation(5, 1), evaluation(10, 0.5)],
    samples: [],
    compared: [],
    comparable: [],
    ...part,
  };
}

describe('columns', () => {
  it('grow past their first capacity and keep every value', () => {
    const columns = new Columns();
    for (let from = 1; from < 5000; from += 7) columns.append(rows(from, from + 6));
    expect(columns.length).toBe(5005);
    expect([...columns.step].every((step, i) => step === i + 1)).toBe(true);
  });

  it('replace the rows that a resumed run goes over again', () => {
    const columns = new Columns();
    columns.append(rows(1, 100));
    columns.append(rows(61, 70, () => 9));
    expect(columns.lastStep()).toBe(70);
    expect(columns.loss[59]).toBeCloseTo(1 / 60);
    expect(columns.loss[60]).toBe(9);
    expect(columns.generation).toBe(1);
  });

  it('find the nearest row', () => {
    expect(nearest([1, 10, 20], 14)).toBe(1);
    expect(nearest([1, 10, 20], 16)).toBe(2);
    expect(nearest([1, 10, 20], 99)).toBe(2);
    expect(nearest([], 1)).toBe(-1);
  });
});

describe('smoothing', () => {
  it('keeps a constant and passes the first values through unsmoothed', () => {
    const smoother = new Smoother(0.98);
    expect([8, 4, 2].map((value) => smoother.add(value))).toEqual([8, 4, 2]);
    const constant = new Smoother(0.9);
    for (let i = 0; i < 500; i++) expect(constant.add(3)).toBeCloseTo(3, 12);
  });

  it('becomes the plain exponential average once enough steps are there', () => {
    const smoother = new Smoother(0.9);
    for (let i = 0; i < 200; i++) smoother.add(1);
    expect(smoother.add(2)).toBeCloseTo(1.1, 12);
    expect(stepsAveraged(0.9, 200)).toBe(10);
    expect(stepsAveraged(0.9, 30)).toBe(3);
    expect(stepsAveraged(0, 200)).toBe(1);
  });

  it('lets NaN pass without spoiling what follows', () => {
    const smoother = new Smoother(0.9);
    smoother.add(1);
    expect(smoother.add(NaN)).toBeNaN();
    expect(smoother.add(1)).toBe(1);
  });
});

describe('units', () => {
  it('quote bits/byte first for bytes and tokens, bits/character for characters', () => {
    expect(unitChoices('byte', 1).map((choice) => choice.unit)).toEqual(['bits/byte', 'nats/byte']);
    expect(unitChoices('token', 4)[0]?.unit).toBe('bits/byte');
    expect(unitChoices('character', 1.2)[0]?.unit).toBe('bits/character');
    expect(unitChoices('token', 0).map((choice) => choice.unit)).toEqual(['bits/token', 'nats/token']);
  });

  it('convert value and denominator together: 4 bytes a token', () => {
    const unit = chooseUnit(unitChoices('token', 4), 'bits/byte');
    const figure = lossFigure({ nats: 8 * Math.LN2, count: 100, badge: 'bound' }, unit);
    expect(figure).toEqual({ value: 2, unit: 'bits/byte', count: 400, of: 'bytes', badge: 'bound' });
  });

  it('of images are bits/dim first, and nats of a whole image where its size is known', () => {
    expect(unitChoices('subpixel', 0).map((choice) => choice.unit)).toEqual(['bits/dim', 'nats/dim']);
    const unit = chooseUnit(unitChoices('subpixel', 0, 784), 'nats/image');
    const figure = lossFigure({ nats: 0.1, count: 7840, badge: 'exact' }, unit);
    expect(figure).toEqual({ value: 78.4, unit: 'nats/image', count: 10, of: 'images', badge: 'exact' });
    const dim = chooseUnit(unitChoices('subpixel', 0, 784), 'bits/byte');
    expect(lossFigure({ nats: Math.LN2, count: 7840, badge: 'exact' }, dim)).toEqual({
      value: 1,
      unit: 'bits/dim',
      count: 7840,
      of: 'sub-pixels',
      badge: 'exact',
    });
  });

  it('fall back to what people quote when a kept unit does not exist here', () => {
    expect(chooseUnit(unitChoices('byte', 1), 'bits/token').unit).toBe('bits/byte');
  });
});

describe('ticks', () => {
  it('are round and inside', () => {
    expect(linearTicks(1.3, 8.4, 9)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(linearTicks(0.46, 0.52, 4)).toEqual([0.46, 0.48, 0.5, 0.52]);
    expect(linearTicks(1, 1, 5)).toEqual([]);
    expect(logTicks(1, 10_000)).toEqual([1, 10, 100, 1000, 10_000]);
    expect(logTicks(1, 60)).toEqual([1, 2, 5, 10, 20, 50]);
    expect(tickDigits([0.46, 0.48])).toBe(2);
    expect(tickDigits([2, 4])).toBe(0);
  });
});

describe('the run', () => {
  it('appends, and drops what lies behind a checkpoint it went back to', () => {
    const run = new RunModel(content());
    const { record } = run.now;
    const update = { elementsPerSecond: 2, secondsLeft: 1, record, evaluations: [], samples: [] };
    run.append({ ...update, ...rows(11, 12), evaluations: [evaluation(12, 0.4)] });
    expect(run.validations().map((one) => one.step)).toEqual([5, 10, 12]);
    run.append({ ...update, ...rows(8, 9) });
    expect(run.validations().map((one) => one.step)).toEqual([5]);
    expect(run.columns.lastStep()).toBe(9);
  });

  it('does not show an evaluation twice', () => {
    const run = new RunModel(content());
    const none = rows(1, 0);
    const { record } = run.now;
    run.append({
      ...none,
      elementsPerSecond: 1,
      secondsLeft: null,
      record,
      evaluations: [evaluation(10, 0.6)],
      samples: [],
    });
    expect(run.validations().map((one) => one.nats)).toEqual([1, 0.6]);
    expect(run.best()?.nats).toBe(0.6);
  });

  it('follows appended rows without beginning anew, and begins anew after going back', () => {
    const run = new RunModel(content());
    const axis = { scale: 'log', minimum: 1, maximum: 100, pixels: 50 } as const;
    const curves = new Curves(run.columns, axis, 0.9);
    run.columns.append(rows(11, 30));
    expect(curves.suits(run.columns, { ...axis }, 0.9)).toBe(true);
    expect(curves.follow()).toBe(20);
    expect(curves.smooth.points()).toEqual(new Curves(run.columns, axis, 0.9).smooth.points());
    run.columns.append(rows(20, 21));
    expect(curves.suits(run.columns, axis, 0.9)).toBe(false);
  });

  it('survives a run without a single row', () => {
    const run = new RunModel(content({ ...rows(1, 0), evaluations: [] }));
    expect(run.steps()).toBe(100);
    expect(run.best()).toBeUndefined();
    expect(run.badge()).toBeUndefined();
    expect(moveCursor(run, DEFAULTS, 'Home', 3)).toBeUndefined();
  });
});

describe('the cursor', () => {
  const run = new RunModel(content());
  it('reads the nearest row and the validation before it', () => {
    const curves = new Curves(run.columns, { scale: 'log', minimum: 1, maximum: 100, pixels: 50 }, 0);
    const reading = readAt(run, curves, 0, 7.4);
    expect(reading.step).toBe(7);
    expect(reading.training).toBeCloseTo(1 / 7);
    expect(reading.validation?.step).toBe(5);
  });

  it('moves by keys and stops at the ends', () => {
    expect(moveCursor(run, DEFAULTS, 'ArrowRight', 10)).toBe(10);
    expect(moveCursor(run, DEFAULTS, 'ArrowLeft', 10)).toBe(9);
    expect(moveCursor(run, DEFAULTS, 'PageUp', 10)).toBe(5);
    expect(moveCursor(run, DEFAULTS, 'PageDown', 2)).toBe(5);
    expect(moveCursor(run, DEFAULTS, 'End', 1)).toBe(10);
    expect(moveCursor(run, DEFAULTS, 'x', 1)).toBeUndefined();
  });
});

describe('the data', () => {
  const run = new RunModel(content());
  const unit = run.unit('');
  it('carries units, denominators and badge in CSV', () => {
    const lines = runCsv(run, unit).split('\n');
    expect(lines[0]).toBe(
      'step,"training (bits/byte, batch mean)",learning rate,gradient norm,"validation (bits/byte, exact)",validation count (bytes)',
    );
    expect(lines[5]?.split(',').slice(4)).toEqual([String(1 / Math.LN2), '1000']);
    expect(lines[4]?.endsWith(',,')).toBe(true);
    expect(lines).toHaveLength(12);
  });

  it('is valid JSON with one object per evaluation', () => {
    const parsed = JSON.parse(runJson(run, unit)) as { evaluations: Array<{ of: string; badge: string }> };
    expect(parsed.evaluations.map(({ of, badge }) => `${of} ${badge}`)).toEqual([
      'bytes exact',
      'bytes exact',
    ]);
  });
});
