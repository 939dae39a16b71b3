// A device in a word or two, as records and reports keep it.
import type { DeviceReport } from '../../protocol/engine';

export function deviceWords(device: DeviceReport): string {
  return device.instructionSet === undefined ? device.id : `${device.id} (${device.instructionSet})`;
}
