// The devices that the contract runs on, one line each, and how values on them are compared with cpu's.
import v8 from 'node:v8';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend, type Tensor } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { registerSimd, type SimdOptions } from '../../src/kernels/simdDevice';

export interface Device {
  name: string;
  /** Makes it the current device. @returns why it cannot be used here, or undefined */
  start(): Promise<string | undefined>;
}

// Node 20 has relaxed SIMD behind a flag; newer ones have it without.
if (Number(process.versions.node.split('.')[0]) < 22)
  v8.setFlagsFromString('--experimental-wasm-relaxed-simd');

const simd = (instructionSet: NonNullable<SimdOptions['instructionSet']>): Device => ({
  name: `simd ${instructionSet}`,
  start: () => startSimd({ instructionSet, threads: 2 }),
});

export const devices: readonly Device[] = [
  simd('avx512'),
  simd('avx2'),
  simd('neon'),
  simd('baseline'),
  simd('wasm-relaxed'),
  simd('wasm'),
];

/** Two threads even where there is one core: the contract holds with threads. */
export async function startSimd(options: SimdOptions): Promise<string | undefined> {
  try {
    await registerSimd(options);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  await setBackend('simd');
  return undefined;
}

export interface Values {
  shape: number[];
  dtype: string;
  data: number[];
}

export function valuesOf(tensor: Tensor): Values {
  return { shape: tensor.shape, dtype: tensor.dtype, data: Array.from(tensor.dataSync()) };
}

/** Throws unless `got` has the shape, dtype and, within tolerance · (1 + |expected|), the values of `expected`. */
export function expectClose(got: Values, expected: Values, tolerance: number, where: string): void {
  expect({ where, shape: got.shape, dtype: got.dtype }).toEqual({
    ...{ where, shape: expected.shape, dtype: expected.dtype },
  });
  const bad = expected.data.findIndex((value, i) => {
    const other = got.data[i] ?? NaN;
    if (Object.is(value, other) || value === other) return false;
    return !(Math.abs(value - other) <= tolerance * (1 + Math.abs(value)));
  });
  if (bad < 0 && got.data.length === expected.data.length) return;
  throw new Error(
    `${where}: expected ${expected.data[bad]} at ${bad} of [${got.shape.join(', ')}], got ${got.data[bad]}`,
  );
}
