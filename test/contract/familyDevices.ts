// The devices that the family contract runs on here: the reference, and simd with the kernels that were built.
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { registerSimd, simdReport } from '../../src/kernels/simdDevice';

export const DEVICES: readonly string[] = ['cpu', 'simd'];

export async function useDevice(device: string): Promise<void> {
  if (device === 'simd' && !simdReport()) await registerSimd({ threads: 2 });
  if (!(await setBackend(device))) throw new Error(`expected device ${device} to start`);
}
