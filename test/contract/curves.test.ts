// The same spec trained on all four devices: one curve within a stated tolerance. What benchmarks/deviceCurves.mjs draws
// at length, this holds in short.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngineContext } from '../../src/engine/devices';
import { TrainingControl } from '../../src/engine/training/control';
import { train } from '../../src/engine/training/train';
import type { DeviceId } from '../../src/protocol/engine';
import { useTestCard } from '../support/testCard';
import { testInstallation } from '../support/tensorflow';

/** Nats per character, at any step. */
const TOLERANCE = 1e-4;
const STEPS = 20;

let folder: string;
const expected: number[] = [];
beforeAll(async () => {
  await useTestCard();
  await testInstallation();
  folder = await mkdtemp(path.join(tmpdir(), 'ar-lens-curves-'));
  process.env['AR_LENS_CACHE'] = folder;
  await writeFile(
    path.join(folder, 'a.txt'),
    'the cat sat on the mat and the dog sat on the cat; '.repeat(40),
  );
  const spec = {
    family: 'transformer',
    model: { layers: 1, heads: 2, width: 16, contextLength: 16, dropout: 0.1 },
    data: { source: 'a.txt', tokenizer: 'character' },
    train: {
      ...{ steps: STEPS, batchSize: 4, learningRate: 0.01, warmupSteps: 4, seed: 3 },
      ...{ evaluateEvery: STEPS, sampleEvery: 0, checkpointEvery: STEPS },
    },
  };
  await writeFile(path.join(folder, 'toy.arlens.json'), JSON.stringify(spec));
  expected.push(...(await losses('cpu')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function losses(device: DeviceId): Promise<number[]> {
  const curve: number[] = [];
  await train(
    { spec: path.join(folder, 'toy.arlens.json'), workspace: folder, out: path.join(folder, device) },
    {
      context: createEngineContext({ device }),
      control: new TrainingControl(),
      emit: (event) => {
        if (event.type === 'step') curve.push(event.loss);
        return Promise.resolve();
      },
    },
  );
  return curve;
}

it.for(['simd', 'webgpu', 'tensorflow'] as const)(
  '%s learns along the curve of cpu',
  async (device, context) => {
    const { devices } = await createEngineContext({}).devices();
    const report = devices.find(({ id }) => id === device);
    if (report?.available !== true) {
      context.skip(report?.reason);
    }
    const curve = await losses(device);
    expect(curve).toHaveLength(STEPS);
    expect(expected[0]).toBeGreaterThan((expected.at(-1) ?? 0) + 0.3); // it learns at all
    curve.forEach((loss, step) => {
      expect(Math.abs(loss - (expected[step] ?? NaN)), `step ${step + 1}`).toBeLessThan(TOLERANCE);
    });
  },
);
