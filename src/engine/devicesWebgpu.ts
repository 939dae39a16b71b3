// How the webgpu device is reached: what card there is, said in a sentence, and the backend over it.
// Looks for the card once in a process: a driver that is asked again answers the same.
import type { DeviceReport } from '../protocol/engine';
import { findGpu, type Gpu } from './webgpu/adapter';
import { registerWebgpu } from './webgpu/backend';

const LABEL = 'GPU (webgpu)';

let found: ReturnType<typeof findGpu> | undefined;

export async function webgpuReport(): Promise<DeviceReport> {
  const gpu = await card();
  if ('missing' in gpu) {
    return { id: 'webgpu', label: LABEL, available: false, reason: `It cannot run here: ${gpu.missing}.` };
  }
  const largest = Math.floor(gpu.limits.tensorBytes / 2 ** 20);
  const limits = `tensors of up to ${largest} MiB, ${gpu.limits.workgroup} invocations in a workgroup`;
  const kind = gpu.software ? 'It runs here in software, right and slow' : 'It runs here';
  const reason = `${kind}: ${gpu.name}; ${limits}.`;
  const { name: adapter, software } = gpu;
  return { id: 'webgpu', label: LABEL, available: true, reason, adapter, software, card: !software };
}

/** What a measurement belongs to: another card or driver measures anew. */
export async function webgpuDriver(): Promise<string> {
  const gpu = await card();
  return 'missing' in gpu ? '' : gpu.driver;
}

/** @throws Error when there is no card, which the report says before */
export async function useWebgpu(): Promise<void> {
  const gpu = await card();
  if ('missing' in gpu) throw new Error(`useWebgpu: expected a card, got none: ${gpu.missing}`);
  await registerWebgpu(gpu).catch(() => refreshed(registerWebgpu));
}

/** An adapter gives one device in its life; a second one needs it asked for again. */
async function refreshed(register: (gpu: Gpu) => Promise<void>): Promise<void> {
  found = undefined;
  const gpu = await card();
  if ('missing' in gpu) throw new Error(`useWebgpu: expected a card, got none: ${gpu.missing}`);
  await register(gpu);
}

function card(): ReturnType<typeof findGpu> {
  return (found ??= findGpu());
}
