// Every device against tfjs's cpu backend: each op and each gradient at random shapes.
import { memory, setBackend, tidy } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'; // Prod's gradient calls methods
import { beforeAll, describe, expect, it } from 'vitest';
import { simdMemory } from '../../src/kernels/simdDevice';
import { deviceCases } from './deviceCases';
import { devices, expectClose, valuesOf, type Values } from './deviceCasesDevices';
import { Draw } from './deviceCasesDraw';

const seeds = Number(process.env['DEVICE_SEEDS'] ?? 6);
const expected = new Map<string, Values[]>();

function valuesFor(index: number, seed: number): Values[] {
  const { name = '', run = () => [] } = deviceCases[index] ?? {};
  let values: Values[] = [];
  tidy(() => {
    try {
      values = [run(new Draw(1000 * seed + index))].flat().map(valuesOf);
    } catch (error) {
      throw new Error(`${name}, seed ${seed}: ${String(error)}`);
    }
  });
  return values;
}

beforeAll(async () => {
  await setBackend('cpu');
  deviceCases.forEach((_, index) => {
    for (let seed = 0; seed < seeds; seed++) expected.set(`${index} ${seed}`, valuesFor(index, seed));
  });
});

describe.each(devices)('$name', (device) => {
  let missing: string | undefined;
  beforeAll(async () => {
    missing = await device.start();
  });

  it.for(deviceCases.map((deviceCase, index) => ({ ...deviceCase, index })))(
    '$name',
    ({ index, name, tolerance }, context) => {
      if (missing !== undefined) context.skip(missing);
      const before = { tensors: memory().numTensors, bytes: simdMemory().tensorBytes };
      for (let seed = 0; seed < seeds; seed++) {
        const got = valuesFor(index, seed);
        const wanted = expected.get(`${index} ${seed}`) ?? [];
        expect(got.length).toBe(wanted.length);
        wanted.forEach((values, i) => {
          const one = got[i];
          if (one) expectClose(one, values, tolerance, `${name}, seed ${seed}, output ${i}`);
        });
      }
      expect({ tensors: memory().numTensors, bytes: simdMemory().tensorBytes }).toEqual(before);
    },
  );
});
