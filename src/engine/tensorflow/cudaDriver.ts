// Whether a driver for CUDA cards is here, and which: where Linux and WSL keep it. Loads nothing and knows no TensorFlow.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

const VERSION_FILE = '/proc/driver/nvidia/version';
/** WSL's card is Windows' own: there is no device file, and Windows lends its library. */
const SIGNS = [VERSION_FILE, '/dev/nvidiactl', '/usr/lib/wsl/lib/libcuda.so.1'];

/** @param exists whether a file is there; the disk's answer when absent */
export function hasCudaDriver(exists: (file: string) => boolean = existsSync): boolean {
  return SIGNS.some((file) => exists(file));
}

/** @returns the driver's own line, or undefined where there is none or it keeps none (WSL) */
export async function cudaDriverVersion(): Promise<string | undefined> {
  const text = await readFile(VERSION_FILE, 'utf8').catch(() => '');
  const line = text.split('\n')[0]?.trim().replace(/\s+/g, ' ');
  return line === '' ? undefined : line;
}
