// The devices that the contract runs on, one line each, and how values on them are compared with cpu's.
import v8 from 'node:v8';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend, type Tensor } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { NO_LIMITS, type Limits } from './deviceCasesDraw';
import { registerTensorflow } from '../../src/engine/tensorflow/backend';
import { findGpu } from '../../src/engine/webgpu/adapter';
import { registerWebgpu } from '../../src/engine/webgpu/backend';
import { progressCounter } from '../../src/engine/watchdogProgress';
import { progressCell, registerSimd, type SimdOptions } from '../../src/kernels/simdDevice';
import { testInstallation } from '../support/tensorflow';
import { ownCard, useTestCard } from '../support/testCard';

export interface Device {
  name: string;
  limits: Limits;
  /** Of a case, where its language promises less than IEEE 754 does. */
  tolerance?: Readonly<Record<string, number>>;
  /** Cases left out, each with the reason. */
  without?: Readonly<Record<string, string>>;
  /** How far a row may be from itself in a batch: 0 asks for the same bits. */
  rows?: number;
  /** How far weights may be when the same is trained again: root of the mean square. */
  again?: number;
  /** Random inputs of each case; a device that compiles every shape is given fewer. */
  seeds?: number;
  /** Makes it the current device. @returns why it cannot be used here, or undefined */
  start(): Promise<string | undefined>;
  /** The counter that rises while it computes. */
  progress(): Int32Array;
}

function simdProgress(): Int32Array {
  const { buffer, byteOffset } = progressCell();
  return new Int32Array(buffer, byteOffset, 1);
}

// Node 20 has relaxed SIMD behind a flag; newer ones have it without.
if (Number(process.versions.node.split('.')[0]) < 22)
  v8.setFlagsFromString('--experimental-wasm-relaxed-simd');

const simd = (instructionSet: NonNullable<SimdOptions['instructionSet']>): Device => ({
  name: `simd ${instructionSet}`,
  limits: NO_LIMITS,
  start: () => startSimd({ instructionSet, threads: 2 }),
  progress: simdProgress,
});

export const devices: readonly Device[] = [
  simd('avx512'),
  simd('avx2'),
  simd('neon'),
  simd('baseline'),
  simd('wasm-relaxed'),
  simd('wasm'),
  {
    name: 'webgpu',
    // TensorFlow.js's shaders know up to four dimensions, and WGSL may take it that no number is NaN, infinite or
    // denormal (its "floating point evaluation"); our models need neither.
    limits: { rank: 4, denormal: false, finite: true },
    // WGSL: an absolute error of 2^-11 within one turn, which grows with the angle.
    tolerance: Object.fromEntries(
      ['sin', 'cos'].flatMap((name) => [
        [`${name} of awkward values`, 2e-2],
        [`${name}, gradient`, 2e-3],
      ]),
    ),
    without: {
      'keeps NaN and names an id that is out of range': 'a card clamps an id, and WGSL has no NaN to keep',
      ...(ownCard && {
        'mod, gradient':
          'WGSL lets a quotient be 2.5 units in the last place off, which at a multiple is a whole divisor; nothing of ours does that',
      }),
      multinomial: 'it draws from a generator of its own; nothing of ours draws on a device',
      pixelcnnPlusPlus:
        'its logits are counted on the host in the middle of a call; the device refuses in a sentence',
      'sum of nothing': 'it divides 0 by 0 for a size; nothing of ours sums nothing',
      'unsortedSegmentSum of int32': 'it stays int32, where cpu makes it float32',
    },
    again: 1e-3,
    rows: 1e-5, // another program for another shape
    seeds: 2,
    start: startWebgpu,
    progress: () => progressCounter,
  },
  {
    name: 'tensorflow',
    limits: { ...NO_LIMITS, denormal: false },
    without: {
      'cast of awkward values': 'C leaves open which whole number NaN becomes',
      'keeps NaN and names an id that is out of range': 'its one-hot of such an id is a row of zeros',
      comparisons: 'it orders numbers and no truths; nothing of ours does',
      floorDiv: 'it makes a float of a quotient of whole numbers',
      multinomial: 'it draws from a generator of its own; nothing of ours draws on a device',
      'sign of awkward values': 'the sign of NaN is NaN to it, and 0 to cpu',
      'unary of int32': 'its exp takes no whole numbers; nothing of ours does that',
      'unsortedSegmentSum of int32': 'it stays int32, where cpu makes it float32',
    },
    rows: 1e-5, // its products choose their code by the shape
    again: 1e-3, // and share sums among threads
    start: startTensorflow,
    progress: () => progressCounter,
  },
];

async function startTensorflow(): Promise<string | undefined> {
  const found = await testInstallation();
  if ('missing' in found) return found.missing;
  await registerTensorflow(found.binding);
  return (await setBackend('tensorflow')) ? undefined : 'it did not start';
}

async function startWebgpu(): Promise<string | undefined> {
  const none = await useTestCard();
  if (none !== undefined) return none;
  const gpu = await findGpu();
  if ('missing' in gpu) return gpu.missing;
  await registerWebgpu(gpu);
  await setBackend('webgpu');
  return undefined;
}

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

export async function valuesOf(tensor: Tensor): Promise<Values> {
  return { shape: tensor.shape, dtype: tensor.dtype, data: Array.from(await tensor.data()) };
}

/** Throws unless `got` has the shape, dtype and, within tolerance · (1 + |expected|), the values of `expected`. */
export function expectClose(
  got: Values,
  expected: Values,
  tolerance: number,
  where: string,
  { finite } = NO_LIMITS,
): void {
  expect({ where, shape: got.shape, dtype: got.dtype }).toEqual({
    ...{ where, shape: expected.shape, dtype: expected.dtype },
  });
  const bad = expected.data.findIndex((value, i) => {
    const other = got.data[i] ?? NaN;
    if (Object.is(value, other) || value === other) return false;
    if (finite && !Number.isFinite(value)) return false;
    return !(Math.abs(value - other) <= tolerance * (1 + Math.abs(value)));
  });
  if (bad < 0 && got.data.length === expected.data.length) return;
  throw new Error(
    `${where}: expected ${expected.data[bad]} at ${bad} of [${got.shape.join(', ')}], got ${got.data[bad]}`,
  );
}
