// How the tensorflow device is reached: what setup left, said in a sentence, and the backend over it.
import { cpus } from 'node:os';
import type { DeviceReport } from '../protocol/engine';
import { registerTensorflow } from './tensorflow/backend';
import { cudaDriverVersion, hasCudaDriver } from './tensorflow/cudaDriver';
import { readInstallation, type Installation } from './tensorflow/installation';

const LABEL = 'TensorFlow (tensorflow)';

export async function tensorflowReport(): Promise<DeviceReport> {
  const found = await readInstallation();
  if ('missing' in found) return { id: 'tensorflow', label: LABEL, available: false, reason: found.missing };
  return installedReport(found, hasCudaDriver());
}

/** @param cudaDriver whether there is one now: the record says only what setup found */
export function installedReport(
  { version, cuda }: Pick<Installation, 'version' | 'cuda'>,
  cudaDriver: boolean,
): DeviceReport {
  const card = cuda && cudaDriver;
  return {
    id: 'tensorflow',
    label: LABEL,
    available: true,
    reason: whereItRuns(version, cuda, cudaDriver),
    adapter: `TensorFlow ${version}, ${card ? 'CUDA' : 'CPU'}`,
    card,
  };
}

function whereItRuns(version: string, cuda: boolean, cudaDriver: boolean): string {
  if (!cuda) return `TensorFlow ${version} runs here on the processor, as it found no CUDA card.`;
  if (cudaDriver) return `TensorFlow ${version} runs here on a CUDA card.`;
  return `TensorFlow ${version} was set up for a CUDA card; there is no driver now, so it runs on the processor.`;
}

/** What a measurement belongs to: another driver or processor measures anew. */
export async function tensorflowDriver({ adapter = '', card }: DeviceReport): Promise<string> {
  const driver = card === true ? await cudaDriverVersion() : undefined;
  return `${adapter}, ${driver ?? cpus()[0]?.model ?? ''}`;
}

/** @throws Error when it is not set up, which the report says before */
export async function useTensorflow(): Promise<void> {
  const found = await readInstallation();
  if ('missing' in found) throw new Error(`useTensorflow: expected an installation: ${found.missing}`);
  await registerTensorflow(found.binding);
}
