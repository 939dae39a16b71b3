// Training on the device people use: a source whose entropy rate is known, memory that stays flat, cancelling in time.
// The memory test takes 1,000 steps; ten thousand with
//   AR_LENS_LONG_STEPS=10000 npx vitest run --project integration test/integration/training.test.ts -t flat
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngineContext } from '../../src/engine/devices';
import { createEngineHandlers, createJobHandlers } from '../../src/engine/handlers';
import type { CallContext } from '../../src/protocol/calls';
import type { ScoreProgress } from '../../src/protocol/engine';
import type { TrainEvent } from '../../src/protocol/run';
import { ROOT } from './support/cli';

const context = createEngineContext({ device: 'auto' });
const LONG_STEPS = Number(process.env['AR_LENS_LONG_STEPS'] ?? 1000);
const workspace = join(ROOT, 'examples', 'workspace');
/** Entropy rate of a chain that stays with probability .9: −.9 log₂ .9 − .1 log₂ .1 bits per character. */
const ENTROPY_RATE = 0.468996;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-training-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function call<P>(
  progress: (value: P) => void = () => undefined,
  signal = new AbortController().signal,
): CallContext<P> {
  return { progress: (value) => Promise.resolve(progress(value)), signal };
}

describe('training', () => {
  it('on a two-state chain comes to its entropy rate and not below it', async () => {
    const spec = join(workspace, 'two-state.arlens.json');
    const record = await createJobHandlers(context).train(
      { spec, workspace, out: join(folder, 'chain') },
      call(),
    );
    const { bits = NaN, count = NaN } = record.validation ?? {};
    // One prediction's surprisal is log₂(1/.9) or log₂(1/.1): its standard deviation, over √count.
    const deviation = Math.sqrt(0.9 * 0.1) * Math.log2(9);
    const standardError = deviation / Math.sqrt(count);
    console.info(
      `two-state chain: ${bits.toFixed(6)} bits/character over ${count}, entropy rate ${ENTROPY_RATE}`,
    );
    expect(bits).toBeLessThan(1.01 * ENTROPY_RATE);
    expect(bits).toBeGreaterThan(ENTROPY_RATE - 3 * standardError);
    expect(record.floors.at(-1)?.nats).toBeCloseTo(ENTROPY_RATE * Math.LN2, 6);
  });

  it(`keeps tensors and memory flat over ${LONG_STEPS} steps`, async () => {
    const spec = join(folder, 'flat.arlens.json');
    await writeFile(join(folder, 'flat.txt'), 'abcdefgh ijkl mnop\n'.repeat(500));
    await writeFile(
      spec,
      JSON.stringify({
        family: 'transformer',
        model: { layers: 2, heads: 2, width: 16, contextLength: 16, dropout: 0.1 },
        data: { source: 'flat.txt' },
        train: {
          steps: LONG_STEPS,
          batchSize: 4,
          evaluateEvery: 100,
          sampleEvery: 100,
          sampleLength: 20,
          checkpointEvery: 100,
        },
      }),
    );
    const counts = new Set<number>();
    const bytes = new Set<number>();
    const resident: number[] = [];
    const look = (event: TrainEvent): void => {
      if (event.type !== 'step') return;
      if (event.step % (LONG_STEPS / 10) === 0) resident.push(process.memoryUsage.rss() / 2 ** 20);
      counts.add(tf.memory().numTensors);
      bytes.add(tf.memory().numBytes);
    };
    const before = tf.memory().numTensors;
    await createJobHandlers(context).train({ spec, workspace: folder }, call(look));
    console.info(`resident MiB at every tenth: ${resident.map((size) => size.toFixed(0)).join(' ')}`);
    expect([...counts]).toHaveLength(1);
    expect([...bytes]).toHaveLength(1);
    expect(tf.memory().numTensors).toBe(before);
    // The collector breathes; what grows with steps would show as far more than this from the third tenth to the last.
    expect((resident.at(-1) ?? NaN) - (resident[2] ?? NaN)).toBeLessThan(64);
  });
});

describe('cancelling', () => {
  it('ends scoring and sampling within 200 ms', async () => {
    const engine = createEngineHandlers(context);
    const model = join(folder, 'chain');
    const text = 'ab'.repeat(500_000);
    const calls = [
      (look: () => void, signal: AbortSignal) => engine.score({ model, text, top: 5 }, call(look, signal)),
      (look: () => void, signal: AbortSignal) =>
        engine.sample({ model, length: 1_000_000, seed: 1 }, call(look, signal)),
    ];
    for (const start of calls) {
      // The best of three: what is promised is what the engine does, not what else the machine does.
      const waits: number[] = [];
      for (let attempt = 0; attempt < 3; attempt++) waits.push(await cancelled(start));
      expect(Math.min(...waits)).toBeLessThan(200);
    }
  });

  it('shows what the reader sees first', async () => {
    const engine = createEngineHandlers(context);
    const text = 'abba'.repeat(50_000);
    const first: ScoreProgress[] = [];
    const controller = new AbortController();
    const began = performance.now();
    let seen = NaN;
    const progress = (value: ScoreProgress): void => {
      first.push(value);
      seen = performance.now() - began;
      controller.abort();
    };
    const params = { model: join(folder, 'chain'), text, first: { start: 150_000, end: 150_100 } };
    await engine.score(params, call(progress, controller.signal)).catch(() => undefined);
    const scores = first[0]?.scores;
    expect(scores?.start[0]).toBeLessThanOrEqual(150_000);
    expect(scores?.end.at(-1)).toBeGreaterThan(150_000);
    expect(seen).toBeLessThan(1000);
  });
});

/** Milliseconds from a cancel in the midst of a call, soon after its first progress, to its end. */
async function cancelled(
  start: (look: () => void, signal: AbortSignal) => Promise<unknown>,
): Promise<number> {
  const controller = new AbortController();
  let aborted = NaN;
  let begun = false;
  const look = (): void => {
    if (begun) return;
    begun = true;
    setTimeout(() => {
      aborted = performance.now();
      controller.abort();
    }, 5);
  };
  await expect(start(look, controller.signal)).rejects.toMatchObject({ reason: 'cancelled' });
  return performance.now() - aborted;
}
