// A run's curve read by the host: whole, torn, hostile and large files, and no piece of work that holds up the editor.
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LARGEST_METRICS, readRunMetrics } from './runMetrics';

const RECORD = {
  format: 1,
  name: 'quick',
  family: 'transformer',
  title: 'a Transformer',
  status: 'done',
  created: '2026-01-01T00:00:00Z',
  device: 'cpu',
  parameters: 10,
  step: 3,
  steps: 3,
  seed: 7,
  data: { bytes: 10, bytesPerElement: 1 },
  floors: [],
};
const STEP = {
  type: 'step',
  step: 1,
  loss: 2.5,
  learningRate: 0.1,
  gradientNorm: 1.5,
  elementsPerSecond: 100,
};
const EVALUATION = {
  type: 'evaluation',
  step: 2,
  split: 'validation',
  nats: 1,
  bits: 1.44,
  unit: 'byte',
  count: 9,
  badge: 'exact',
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'ar-lens-run-'));
  await writeFile(path.join(folder, 'run.json'), JSON.stringify(RECORD));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const metrics = () => path.join(folder, 'metrics.jsonl');
const write = (...lines: readonly unknown[]) =>
  writeFile(
    metrics(),
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  );

describe('readRunMetrics', () => {
  it('reads steps, evaluations and samples in order', async () => {
    const sample = {
      type: 'sample',
      step: 2,
      prompt: 'a',
      text: 'b',
      seed: 1,
      temperature: 0.8,
      nll: 3,
      count: 1,
    };
    await write(STEP, EVALUATION, sample, { ...STEP, step: 3, loss: null }, '');
    const table = await readRunMetrics(folder);
    expect(table.record).toMatchObject({ name: 'quick', run: folder });
    expect([...table.step]).toEqual([1, 3]);
    expect([...table.loss]).toEqual([2.5, NaN]);
    expect(table.evaluations).toEqual([EVALUATION]);
    expect(table.samples).toEqual([sample]);
  });

  it('has no rows where there is no file yet', async () => {
    expect((await readRunMetrics(folder)).step).toHaveLength(0);
  });

  it('skips what is torn, strange or endless, and goes on behind it', async () => {
    await write(
      '{"type":"step","step"',
      'null',
      '[]',
      { type: 'step', step: 'one' },
      {
        type: 'evaluation',
        step: 1,
        split: 'test',
        nats: 1,
        bits: 1,
        unit: 'byte',
        count: 1,
        badge: 'exact',
      },
      { type: 'sample', step: 1, text: { toString: 'x' } },
      `"${'x'.repeat(1_200_000)}"`,
      STEP,
      'é'.repeat(100_000),
      { ...STEP, step: 2 },
      '{"type":"evalu',
    );
    const { step, evaluations, samples } = await readRunMetrics(folder);
    expect([...step]).toEqual([1, 2]);
    expect([evaluations, samples]).toEqual([[], []]);
  });

  it('refuses what no run writes, in one sentence', async () => {
    await writeFile(metrics(), '');
    await truncate(metrics(), LARGEST_METRICS + 1);
    await expect(readRunMetrics(folder)).rejects.toMatchObject({
      reason: 'badInput',
      message: expect.stringMatching(/expected metrics of at most 134217728 bytes, got 134217729/) as string,
    });
    await rm(metrics());
    await mkdir(metrics());
    await expect(readRunMetrics(folder)).rejects.toMatchObject({
      message: expect.stringContaining('got no plain file') as string,
    });
    await writeFile(path.join(folder, 'run.json'), '{}');
    await expect(readRunMetrics(folder)).rejects.toMatchObject({
      message: expect.stringContaining('run.json: expected format 1') as string,
    });
  });

  it('reads a hundred thousand steps without holding up the editor', async () => {
    const steps = Array.from({ length: 100_000 }, (_, at) => ({ ...STEP, step: at + 1, loss: 5 / (at + 1) }));
    await write(...steps);
    const gaps: number[] = [];
    let last = performance.now();
    const watch = setInterval(() => {
      const now = performance.now();
      gaps.push(now - last);
      last = now;
    }, 1);
    const table = await readRunMetrics(folder);
    clearInterval(watch);
    expect(table.step).toHaveLength(100_000);
    expect(table.loss[99_999]).toBeCloseTo(5 / 100_000, 9);
    // A loaded machine may stretch single pieces; what is held is that the work comes in many short ones.
    gaps.sort((a, b) => a - b);
    expect(gaps.length).toBeGreaterThan(50);
    expect(gaps[Math.floor(gaps.length * 0.9)]).toBeLessThan(16);
  });
});
