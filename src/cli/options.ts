// Options that several commands take, and how their words become numbers. Wrong words are bad usage.
import { InvalidArgumentError, Option, type Command } from 'commander';
import { DEVICE_CHOICES, type DeviceOptions } from '../engine/devices';
import { INSTRUCTION_SETS } from '../engine/devicesSimd';
import type { DeviceChoice } from '../protocol/engine';

export interface CommonOptions {
  readonly json?: boolean;
  readonly device: DeviceChoice;
  readonly instructionSet?: string;
  readonly threads?: number;
}

export function withCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON and nothing else on stdout')
    .addOption(
      new Option('--device <device>', 'where to compute').choices([...DEVICE_CHOICES]).default('auto'),
    )
    .addOption(
      new Option('--instruction-set <name>', 'force one build of the simd device’s kernels').choices([
        'auto',
        ...INSTRUCTION_SETS,
      ]),
    )
    .option('--threads <n>', 'threads of the simd device', wholeNumber(1, 256));
}

export function deviceOptions(options: CommonOptions): { device: DeviceChoice } & DeviceOptions {
  return {
    device: options.device,
    ...(options.instructionSet === undefined ? {} : { instructionSet: options.instructionSet }),
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  };
}

export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (word: string) => number {
  return (word) => {
    const value = Number(word);
    if (/^[+-]?\d+$/.test(word.trim()) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`expected a whole number ${range}, got "${word}".`);
  };
}

/** A share of a whole that something must be left of. */
export function positiveShare(word: string): number {
  const value = number(0, 1)(word);
  if (value > 0) return value;
  throw new InvalidArgumentError(`expected a number above 0 and at most 1, got "${word}".`);
}

export function number(least: number, most = Infinity): (word: string) => number {
  return (word) => {
    const value = Number(word);
    if (word.trim() !== '' && Number.isFinite(value) && value >= least && value <= most) return value;
    const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`expected a number ${range}, got "${word}".`);
  };
}

/** An option that may be given several times, each with a text that is not empty. */
export function eachText(word: string, earlier: readonly string[] = []): string[] {
  if (word !== '') return [...earlier, word];
  throw new InvalidArgumentError('expected a text of at least one character, got "".');
}

/** `options` without the keys that were not given, for parameters that must be absent rather than undefined. */
export function given<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
