// Reads what the host (or a person at a terminal) put into the environment: the device and how it runs.
// Knows no devices' insides; a wrong instruction set is refused by the device itself.
import type { DeviceChoice } from '../protocol/engine';
import { ArLensError } from '../protocol/errors';
import { ENGINE_ENVIRONMENT } from '../protocol/process';
import { DEVICE_CHOICES } from './devices';

export interface DeviceSettings {
  readonly device?: DeviceChoice;
  readonly instructionSet?: string;
  readonly threads?: number;
}

export function deviceSettings(environment: Readonly<Record<string, string | undefined>>): DeviceSettings {
  const device = environment[ENGINE_ENVIRONMENT.device];
  const instructionSet = environment[ENGINE_ENVIRONMENT.instructionSet];
  const threads = environment[ENGINE_ENVIRONMENT.threads];
  return {
    ...(device ? { device: deviceChoice(device) } : {}),
    ...(instructionSet ? { instructionSet } : {}),
    ...(threads ? { threads: threadCount(threads) } : {}),
  };
}

function deviceChoice(value: string): DeviceChoice {
  const choice = DEVICE_CHOICES.find((known) => known === value);
  if (choice === undefined) throw expected(ENGINE_ENVIRONMENT.device, DEVICE_CHOICES.join(', '), value);
  return choice;
}

function threadCount(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1 || count > 256) {
    throw expected(ENGINE_ENVIRONMENT.threads, 'a whole number from 1 to 256', value);
  }
  return count;
}

function expected(variable: string, what: string, got: string): ArLensError {
  return new ArLensError('badInput', `${variable}: expected ${what}, got "${got}".`);
}
