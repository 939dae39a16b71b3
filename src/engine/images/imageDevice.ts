// The device for a model of images: what its family says of itself is known before one is picked. Reads no weight.
import type { DeviceReport } from '../../protocol/engine';
import type { EngineContext } from '../context';
import { readImageDescription } from './imageFolder';

/** @param folder of the model */
export async function imageModelDevice(context: EngineContext, folder: string): Promise<DeviceReport> {
  const { family } = await readImageDescription(folder);
  return context.device('auto', undefined, family);
}
