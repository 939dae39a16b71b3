// Training on images, stopped and resumed: the curve of a run that was never stopped, drawn levels and hidden labels too.
import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DeviceReport } from '../../protocol/engine';
import type { RunRecord, TrainEvent } from '../../protocol/run';
import { TrainingControl } from '../training/control';
import { train } from '../training/train';

const cpu: DeviceReport = { id: 'cpu', label: 'cpu', available: true, reason: 'It is the reference.' };
let folder: string;
let before: number;
beforeEach(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-image-train-'));
  before = tf.memory().numTensors;
  const pixels = Array.from({ length: 20 * 12 }, (_, at) => (at * 53) % 256);
  await writeFile(
    join(folder, 'images'),
    Buffer.from([0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 4, ...pixels]),
  );
  await writeFile(
    join(folder, 'labels'),
    Buffer.from([0, 0, 8, 1, 0, 0, 0, 20, ...Array.from({ length: 20 }, (_, i) => i % 2)]),
  );
  await writeFile(
    join(folder, 'a.arlens.json'),
    JSON.stringify({
      family: 'gatedPixelcnn',
      model: { layers: 1, width: 4, kernel: 3, firstKernel: 3, classes: 2, labelDropout: 0.5 },
      data: { source: 'images', labels: 'labels', quantize: 'sampleEachTime', validation: 0.2 },
      train: {
        steps: 9,
        batchSize: 3,
        accumulate: 2,
        warmupSteps: 2,
        evaluateEvery: 3,
        sampleEvery: 9,
        sampleCount: 2,
        checkpointEvery: 4,
      },
    }),
  );
});
afterEach(async () => {
  expect(tf.memory().numTensors).toBe(before);
  await rm(folder, { recursive: true });
});

async function run(
  out: string,
  more: { stopAt?: number; resume?: boolean } = {},
): Promise<{ record: RunRecord; events: TrainEvent[] }> {
  const control = new TrainingControl();
  const events: TrainEvent[] = [];
  const emit = (event: TrainEvent): Promise<void> => {
    events.push(event);
    if (event.type === 'step' && event.step === more.stopAt) control.stop();
    return Promise.resolve();
  };
  const params = { spec: join(folder, 'a.arlens.json'), workspace: folder, out: join(folder, out) };
  const record = await train(
    { ...params, ...(more.resume ? { resume: true } : {}) },
    { context: { device: () => Promise.resolve(cpu) }, control, emit },
  );
  return { record, events };
}
const losses = (events: readonly TrainEvent[]) =>
  events.flatMap((event) =>
    event.type === 'step' ? [event.loss] : event.type === 'evaluation' ? [event.nats] : [],
  );

it('goes on with the numbers of a run that was never stopped', async () => {
  const whole = await run('whole');
  const first = await run('parts', { stopAt: 5 });
  expect(first.record.status).toBe('stopped');
  const second = await run('parts', { resume: true });
  expect(second.record).toMatchObject({ status: 'done', step: 9, domain: 'image' });
  expect([...losses(first.events), ...losses(second.events)]).toEqual(losses(whole.events));
  const weights = (name: string) => readFile(join(folder, name, 'model.safetensors'));
  expect(await weights('parts')).toEqual(await weights('whole'));
  const picture = (name: string) => readFile(join(folder, name, 'samples', 'step-00000009.png'));
  expect(await picture('parts')).toEqual(await picture('whole'));
});

it('refuses to go on with other images', async () => {
  await run('run', { stopAt: 5 });
  await writeFile(join(folder, 'images'), (await readFile(join(folder, 'images'))).fill(7, 40));
  await expect(run('run', { resume: true })).rejects.toThrow(
    /expected the data that this run was started with/,
  );
});
