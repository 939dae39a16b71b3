// The webgpu device beyond its arithmetic: what it says of itself, a card that is lost while a run
// trains, a model that does not fit, and an engine under Electron's node.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { createEngineContext, reportDevices } from '../../src/engine/devices';
import { hasCheckpoint } from '../../src/engine/training/checkpoint';
import { TrainingControl } from '../../src/engine/training/control';
import { readRecord } from '../../src/engine/training/runRecord';
import { train } from '../../src/engine/training/train';
import { findGpu } from '../../src/engine/webgpu/adapter';
import { destroyGpu } from '../../src/engine/webgpu/backend';
import { loadDawn } from '../../src/engine/webgpu/dawn';
import { requirePlacement } from '../../src/engine/webgpu/placement';
import type { DeviceId } from '../../src/protocol/engine';
import { toErrorRecord } from '../../src/protocol/errors';
import type { TrainEvent } from '../../src/protocol/run';
import { ownCard, useTestCard } from '../support/testCard';

let missing: string | undefined;
let folder: string;
beforeAll(async () => {
  missing = await useTestCard();
  if (missing === undefined) {
    const gpu = await findGpu();
    if ('missing' in gpu) missing = gpu.missing;
  }
  folder = await mkdtemp(path.join(tmpdir(), 'ar-lens-webgpu-'));
  process.env['AR_LENS_CACHE'] = folder;
  await writeFile(
    path.join(folder, 'a.txt'),
    'the cat sat on the mat and the dog sat on the cat; '.repeat(20),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const needsGpu = (context: TestContext): void => {
  if (missing !== undefined) context.skip(missing);
};

async function writeSpec(steps: number): Promise<string> {
  const file = path.join(folder, 'toy.arlens.json');
  const spec = {
    family: 'transformer',
    model: { layers: 1, heads: 2, width: 8, contextLength: 8, dropout: 0 },
    data: { source: 'a.txt', tokenizer: 'character' },
    train: { steps, batchSize: 2, warmupSteps: 2, evaluateEvery: 50, sampleEvery: 0, checkpointEvery: 4 },
  };
  await writeFile(file, JSON.stringify(spec));
  return file;
}

async function run(device: DeviceId, onEvent: (event: TrainEvent) => void = () => undefined, resume = false) {
  const events: TrainEvent[] = [];
  const params = { spec: await writeSpec(12), workspace: folder, out: path.join(folder, 'run'), resume };
  const record = await train(params, {
    context: createEngineContext({ device }),
    control: new TrainingControl(),
    emit: (event) => {
      events.push(event);
      return Promise.resolve(onEvent(event));
    },
  });
  return { record, events };
}

it('says which card there is and what it allows', async (context) => {
  needsGpu(context);
  const { devices } = await reportDevices();
  const webgpu = devices.find(({ id }) => id === 'webgpu');
  expect(webgpu).toMatchObject({ available: true, software: !ownCard, card: ownCard });
  if (!ownCard) expect(webgpu?.adapter).toMatch(/swiftshader/i);
  expect(webgpu?.reason).toMatch(
    ownCard
      ? /^It runs here: .*tensors of up to \d+ MiB.*\.$/
      : /^It runs here in software.*tensors of up to \d+ MiB.*\.$/,
  );
});

it('stops a run whose card is lost with its last checkpoint whole, and another device goes on', async (context) => {
  needsGpu(context);
  const failure = await run('webgpu', (event) => {
    if (event.type === 'step' && event.step === 6) destroyGpu();
  }).then(
    () => undefined,
    (error: unknown) => toErrorRecord(error),
  );
  expect(failure).toMatchObject({ reason: 'deviceLost' });
  expect(failure?.message).toMatch(/^The graphics card \(.+\) was lost: [^.]+\.$/);
  expect(failure?.action).toContain('"simd"');
  const left = path.join(folder, 'run');
  expect(await hasCheckpoint(left)).toBe(true);
  expect(await readRecord(left)).toMatchObject({ status: 'failed', step: 4, failure: failure?.message });
  const { record, events } = await run('cpu', undefined, true);
  expect(record).toMatchObject({ status: 'done', step: 12, device: 'cpu' });
  expect(events.find((event) => event.type === 'step')).toMatchObject({ step: 5 });
});

it('asks for room before a model is placed', async (context) => {
  needsGpu(context);
  await createEngineContext({ device: 'webgpu' }).device();
  await requirePlacement({ bytes: 2 ** 20, largest: 2 ** 20 });
  await expect(requirePlacement({ bytes: 2 ** 33, largest: 2 ** 33 })).rejects.toMatchObject({
    reason: 'outOfMemory',
    message: expect.stringMatching(/a tensor of about 8192 MiB, and it allows \d+ MiB\.$/) as string,
  });
  await expect(requirePlacement({ bytes: 2 ** 45, largest: 2 ** 20 })).rejects.toMatchObject({
    reason: 'outOfMemory',
    message: expect.stringMatching(/about 33554432 MiB in all, and it has less free\.$/) as string,
  });
});

describe('without it', () => {
  it('says so under Electron’s node', () => {
    Object.defineProperty(process.versions, 'electron', { value: '30.0.0', configurable: true });
    try {
      expect(loadDawn()).toMatchObject({ missing: expect.stringContaining('Electron') as string });
    } finally {
      Reflect.deleteProperty(process.versions, 'electron');
    }
  });

  it('says so when Dawn is not in the package, or is no library', async () => {
    const gone = await findGpu({ missing: 'Dawn is not part of this package' });
    expect(gone).toEqual({ missing: 'Dawn is not part of this package' });
    const broken = path.join(folder, 'dawn.node');
    await writeFile(broken, 'no library');
    expect(loadDawn(broken)).toMatchObject({ missing: expect.stringMatching(/./) as string });
  });
});
