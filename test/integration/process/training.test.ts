// The real engine in its real processes: one trains, the other answers; a stop, a cancel, a kill while they work.
import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Job } from '../../../src/host/engineClient';
import { EngineClient, startJob } from '../../../src/host/engineClient';
import type { EngineLaunch, EngineStatus } from '../../../src/host/engineState';
import type { RunRecord, TrainEvent } from '../../../src/protocol/run';
import { bundleEngine, errorOf, until } from './harness';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const TEXT = 'the quick brown fox jumps over the lazy dog, and then it sleeps.\n'.repeat(800); // 52 kB

let built: Awaited<ReturnType<typeof bundleEngine>>;
let launch: EngineLaunch;
let engine: EngineClient;
const jobs: Job[] = [];
const states: EngineStatus[] = [];
const lines: string[] = [];

beforeAll(async () => {
  built = await bundleEngine('src/engine/main.ts');
  const kernels = ['dist/kernels', 'build/kernels'].map((place) => path.join(root, place)).find(existsSync);
  if (kernels !== undefined) await symlink(kernels, path.join(built.folder, 'kernels'));
  const workspace = path.join(built.folder, 'workspace');
  await mkdir(workspace);
  await writeFile(path.join(workspace, 'fox.txt'), TEXT);
  launch = { bundle: built.bundle, folder: workspace, log: (line) => void lines.push(line) };
  engine = new EngineClient(() => launch);
  engine.onState((status) => void states.push(status));
});

afterAll(async () => {
  await Promise.all([engine.dispose(), ...jobs.map((job) => job.dispose())]);
  await built.remove();
});

async function writeSpec(name: string, train: object, model: object = {}): Promise<string> {
  const file = path.join(launch.folder, `${name}.arlens.json`);
  const spec = {
    family: 'transformer',
    model: { layers: 2, heads: 2, width: 32, contextLength: 32, ...model },
    data: { source: 'fox.txt', tokenizer: 'byte' },
    train: { batchSize: 4, learningRate: 0.003, seed: 1, ...train },
  };
  await writeFile(file, JSON.stringify(spec));
  return file;
}

function train(spec: string, onEvent: (event: TrainEvent) => void = () => undefined) {
  const job = startJob(launch);
  jobs.push(job);
  const jobStates: string[] = [];
  job.onState((status) => void jobStates.push(status.state));
  const done = job.call('train', { spec, workspace: launch.folder }, { onProgress: onEvent });
  return { job, done, jobStates };
}

let run = '';

it('trains in a job of its own and hands back the record', async () => {
  const types = new Set<string>();
  const { done, job } = train(await writeSpec('short', { steps: 10 }), (event) => types.add(event.type));
  const record: RunRecord = await done;
  run = record.run ?? '';
  expect(record).toMatchObject({ status: 'done', step: 10 });
  expect([...types]).toEqual(expect.arrayContaining(['started', 'step', 'checkpoint']));
  await job.dispose();
});

it('answers while a job trains, and stops the job with a checkpoint', async () => {
  let steps = 0;
  let record: RunRecord | undefined;
  const file = await writeSpec(
    'long',
    { steps: 100_000, batchSize: 32 },
    { width: 256, heads: 4, contextLength: 128 },
  );
  const { done, job, jobStates } = train(file, (event) => {
    if (event.type === 'step') steps++;
    if (event.type === 'started') record = event.record;
  });
  await until(() => steps > 0, done);
  await engine.call('score', { model: run, text: 'the fox' });
  const times: number[] = [];
  for (let i = 0; i < 10; i++) {
    const begun = performance.now();
    const summary = await engine.call('score', { model: run, text: `the fox sleeps ${i}`, top: 5 });
    times.push(performance.now() - begun);
    expect(summary.scored).toBe(summary.tokens);
  }
  console.log(
    `score of 16 tokens while a job trains: ${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)} ms`,
  );
  expect(Math.min(...times)).toBeLessThan(1000);

  const begun = performance.now();
  await job.call('stop', undefined);
  const ended = await done;
  console.log(
    `stop → checkpoint and end: ${(performance.now() - begun).toFixed(0)} ms, at step ${ended.step}`,
  );
  expect(ended.status).toBe('stopped');
  expect(ended.step).toBeGreaterThan(0);
  expect(record?.parameters).toBe(ended.parameters);
  expect(jobStates).not.toContain('stuck'); // steps of hundreds of milliseconds are no alarm
  await job.dispose();
});

it('cancels a long score within 200 ms: the engine is free for the next question', async () => {
  const controller = new AbortController();
  let parts = 0;
  const options = { signal: controller.signal, onProgress: () => void parts++ };
  const score = engine.call('score', { model: run, text: TEXT.repeat(10) }, options);
  const pending = errorOf(score);
  await until(() => parts >= 3, score);
  const begun = performance.now();
  controller.abort();
  expect(await pending).toMatchObject({ reason: 'cancelled' });
  await engine.call('modelInfo', { model: run });
  const free = performance.now() - begun;
  console.log(`cancel of a score → engine answers something else: ${free.toFixed(0)} ms`);
  expect(free).toBeLessThan(500); // promised: 200
  const again = performance.now();
  await engine.call('score', { model: run, text: 'the fox' });
  console.log(`… and scores again: ${(performance.now() - again).toFixed(0)} ms`);
});

it('tells the kill of a training job to its caller, and the engine goes on', async () => {
  let steps = 0;
  const { done, job } = train(await writeSpec('killed', { steps: 100_000 }), (event) => {
    if (event.type === 'step') steps++;
  });
  const ended = errorOf(done);
  await until(() => steps >= 3, done);
  const begun = performance.now();
  process.kill(job.status.pid ?? 0, 'SIGKILL');
  expect(await ended).toMatchObject({ reason: 'engineGone' });
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(job.status.sentence).toContain('The training process was killed');
  expect((await engine.call('modelInfo', { model: run })).family).toBe('transformer');
});

it('answers bad input with one sentence and stays', async () => {
  const error = await errorOf(engine.call('modelInfo', { model: path.join(launch.folder, 'nowhere') }));
  expect(error).toHaveProperty('reason');
  expect((error as Error).message).not.toMatch(/\n|^\s+at /m);
  expect(engine.status.state).toBe('ready');
  expect(states.map((status) => status.state)).toEqual(['off', 'starting', 'ready']);
});
