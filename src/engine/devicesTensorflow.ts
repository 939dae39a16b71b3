// How the tensorflow device is reached: what setup left, said in a sentence, and the backend over it.
import type { DeviceReport } from '../protocol/engine';
import { registerTensorflow } from './tensorflow/backend';
import { readInstallation } from './tensorflow/installation';

const LABEL = 'TensorFlow (tensorflow)';

export async function tensorflowReport(): Promise<DeviceReport> {
  const found = await readInstallation();
  if ('missing' in found) return { id: 'tensorflow', label: LABEL, available: false, reason: found.missing };
  const where = found.cuda ? 'on a CUDA card' : 'on the processor, as it found no CUDA card';
  return {
    id: 'tensorflow',
    label: LABEL,
    available: true,
    reason: `TensorFlow ${found.version} runs here ${where}.`,
    adapter: `TensorFlow ${found.version}, ${found.cuda ? 'CUDA' : 'CPU'}`,
    card: found.cuda,
  };
}

/** @throws Error when it is not set up, which the report says before */
export async function useTensorflow(): Promise<void> {
  const found = await readInstallation();
  if ('missing' in found) throw new Error(`useTensorflow: expected an installation: ${found.missing}`);
  await registerTensorflow(found.binding);
}
