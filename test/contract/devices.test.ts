// Every device against tfjs's cpu backend: each op and each gradient at random shapes.
import { dispose, memory, setBackend, tidy, type Tensor } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'; // Prod's gradient calls methods
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { simdMemory } from '../../src/kernels/simdDevice';
import { deviceCases } from './deviceCases';
import { devices, expectClose, valuesOf, type Values } from './deviceCasesDevices';
import { Draw, type Limits } from './deviceCasesDraw';

const SEEDS = Number(process.env['DEVICE_SEEDS'] ?? 6);
const expected = new Map<string, Values[]>();

async function valuesFor(index: number, seed: number, limits: Limits): Promise<Values[]> {
  const { name = '', run = () => [] } = deviceCases[index] ?? {};
  let made: Tensor[] = [];
  try {
    made = tidy(() => [run(new Draw(1000 * seed + index, limits))].flat());
    return await Promise.all(made.map(valuesOf));
  } catch (error) {
    throw new Error(`${name}, seed ${seed}: ${String(error)}`);
  } finally {
    dispose(made);
  }
}

const keyOf = (index: number, seed: number, limits: Limits) => JSON.stringify([index, seed, limits]);

describe.each(devices)('$name', (device) => {
  let missing: string | undefined;
  const seeds = Math.min(SEEDS, device.seeds ?? SEEDS);
  beforeAll(async () => {
    await setBackend('cpu');
    for (const index of deviceCases.keys()) {
      for (let seed = 0; seed < seeds; seed++) {
        const key = keyOf(index, seed, device.limits);
        if (!expected.has(key)) expected.set(key, await valuesFor(index, seed, device.limits));
      }
    }
    missing = await device.start();
  });

  // A card that has refused a command computes no more: what follows must not fail for that.
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await device.start();
  });

  it.for(deviceCases.map((deviceCase, index) => ({ ...deviceCase, index })))(
    '$name',
    async ({ index, name, tolerance }, context) => {
      const left = missing ?? device.without?.[name];
      if (left !== undefined) context.skip(left);
      const before = { tensors: memory().numTensors, bytes: simdMemory().tensorBytes };
      for (let seed = 0; seed < seeds; seed++) {
        const got = await valuesFor(index, seed, device.limits);
        const wanted = expected.get(keyOf(index, seed, device.limits)) ?? [];
        expect(got.length).toBe(wanted.length);
        wanted.forEach((values, i) => {
          const one = got[i];
          const allowed = device.tolerance?.[name] ?? tolerance;
          if (one) expectClose(one, values, allowed, `${name}, seed ${seed}, output ${i}`, device.limits);
        });
      }
      expect({ tensors: memory().numTensors, bytes: simdMemory().tensorBytes }).toEqual(before);
    },
  );
});
