import { describe, expect, it } from 'vitest';
import type { RunRecord, TrainEvent } from '../../protocol/run';
import { START, TrainingSeries } from './trainingSeries';

const record = (over: Partial<RunRecord> = {}): RunRecord => ({
  format: 1,
  run: '/w/.arlens/runs/a/b',
  name: 'a',
  family: 'transformer',
  title: 'Transformer',
  status: 'running',
  created: '2026-01-01T00:00:00.000Z',
  device: 'simd',
  parameters: 1,
  step: 0,
  steps: 1000,
  seed: 1,
  data: {
    sha256: '',
    files: 1,
    bytes: 10,
    tokens: 10,
    trainTokens: 9,
    validationTokens: 1,
    split: '',
    bytesPerElement: 1,
  },
  floors: [],
  ...over,
});
const step = (n: number): TrainEvent => ({
  type: 'step',
  step: n,
  loss: 8 / n,
  learningRate: 0.001,
  gradientNorm: 1,
  elementsPerSecond: 1000 + n,
});
const evaluation = (n: number, nats: number): Extract<TrainEvent, { type: 'evaluation' }> => ({
  type: 'evaluation',
  step: n,
  split: 'validation',
  nats,
  bits: nats / Math.LN2,
  unit: 'byte',
  count: 100,
  badge: 'exact',
});

describe('TrainingSeries', () => {
  it('gives a late reader everything and a follower what is new', () => {
    const series = new TrainingSeries();
    series.add({ type: 'started', record: record() }, 0);
    for (let n = 1; n <= 700; n++) series.add(step(n), n);
    const { mark } = series;
    series.add(step(701), 701);
    series.add(evaluation(701, 2), 702);
    expect(series.rowsSince(START).step).toHaveLength(701);
    const fresh = series.rowsSince(mark);
    expect([...fresh.step]).toEqual([701]);
    expect(fresh.evaluations).toHaveLength(1);
    expect(series.record).toMatchObject({ step: 701, best: { step: 701 } });
    expect(series.elementsPerSecond).toBe(1701);
  });

  it('hands out copies: what was sent does not change', () => {
    const series = new TrainingSeries();
    series.add(step(1), 0);
    const sent = series.rowsSince(START).step;
    for (let n = 2; n < 600; n++) series.add(step(n), n);
    expect([...sent]).toEqual([1]);
  });

  it('repeats nothing of what a resumed run computes again', () => {
    const series = new TrainingSeries();
    series.add({ type: 'started', record: record() }, 0);
    for (let n = 1; n <= 50; n++) series.add(step(n), n);
    series.add(evaluation(20, 3), 50);
    series.add(evaluation(40, 2), 50);
    series.add({ type: 'started', record: record({ step: 30 }) }, 60);
    series.add(step(31), 61);
    const rows = series.rowsSince(START);
    expect([...rows.step].slice(-2)).toEqual([30, 31]);
    expect(rows.evaluations.map((each) => each.step)).toEqual([20]);
  });

  it('knows the time left from its own pace, and nothing after a pause until it has one again', () => {
    const series = new TrainingSeries();
    series.add({ type: 'started', record: record() }, 0);
    expect(series.secondsLeft).toBeNull();
    for (let n = 1; n <= 100; n++) series.add(step(n), n * 20);
    expect(series.secondsLeft).toBeCloseTo(18, 6);
    series.add({ type: 'status', status: 'paused' }, 2_000);
    expect(series.secondsLeft).toBeNull();
    series.add(step(101), 90_000);
    series.add(step(102), 90_020);
    expect(series.secondsLeft).toBeCloseTo(17.96, 6);
  });

  it('keeps the best validation, not the last', () => {
    const series = new TrainingSeries();
    series.add({ type: 'started', record: record() }, 0);
    for (const [n, nats] of [[1, 3], [2, 2], [3, 2.5]] as const) series.add(evaluation(n, nats), n); // prettier-ignore
    expect(series.record?.best).toMatchObject({ step: 2, validation: { nats: 2 } });
    expect(series.record?.validation?.nats).toBe(2.5);
  });

  it('reads a finished run', () => {
    const series = TrainingSeries.fromTable({
      record: record({ status: 'done', step: 2 }),
      step: Float64Array.of(1, 2),
      loss: Float32Array.of(5, 4),
      learningRate: Float32Array.of(1, 1),
      gradientNorm: Float32Array.of(1, 1),
      elementsPerSecond: Float32Array.of(10, 20),
      evaluations: [{ ...evaluation(2, 4) }],
      samples: [],
    });
    expect(series.elementsPerSecond).toBe(20);
    expect(series.secondsLeft).toBeNull();
    expect([...series.rowsSince(START).loss]).toEqual([5, 4]);
  });
});
