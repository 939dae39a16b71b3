// The devices that the family contract runs on here.
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';

export const DEVICES: readonly string[] = ['cpu'];

export async function useDevice(device: string): Promise<void> {
  if (!(await setBackend(device))) throw new Error(`expected device ${device} to start`);
}
