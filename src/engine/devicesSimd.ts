// How the simd device is reached: registers it and hands over its progress counter.
// The only file of the engine that touches the kernels; it knows no models.
import type { SimdOptions as KernelOptions } from '../kernels/simdDevice';
import { progressCell, registerSimd } from '../kernels/simdDevice';
import { ArLensError } from '../protocol/errors';
import { refusals } from './devicesWhy';

type InstructionSetChoice = NonNullable<KernelOptions['instructionSet']>;

/** What can be forced: a group, or one set. Whether it works here, the device says. */
export const INSTRUCTION_SETS = [
  ...['native', 'avx512', 'avx2', 'neon', 'baseline'],
  ...['relaxed', 'wasm-relaxed', 'wasm'],
] as readonly string[] as readonly InstructionSetChoice[];

export interface SimdOptions {
  /** One of INSTRUCTION_SETS; 'auto' or nothing for the best that works. */
  readonly instructionSet?: string;
  readonly threads?: number;
}

export interface SimdFacts {
  readonly instructionSet: string;
  readonly threads: number;
  /** Why no faster set runs; empty when the fastest does, or one was forced. */
  readonly notFaster: string;
  /** Rises while kernels run. */
  readonly progress: Int32Array;
}

export async function registerSimdDevice({ instructionSet, threads }: SimdOptions): Promise<SimdFacts> {
  const forced =
    instructionSet === undefined || instructionSet === 'auto' ? undefined : known(instructionSet);
  const options = {
    ...(forced === undefined ? {} : { instructionSet: forced }),
    ...(threads === undefined ? {} : { threads }),
  };
  const report = await registerSimd(options).catch((error: unknown) => {
    throw notHere(error instanceof Error ? error.message : String(error), forced);
  });
  const { buffer, byteOffset } = progressCell();
  return {
    instructionSet: report.instructionSet,
    threads: report.threads,
    notFaster: refusals(report.why.join(' ')),
    progress: new Int32Array(buffer, byteOffset, 1),
  };
}

function notHere(why: string, forced: string | undefined): ArLensError {
  const reasons = refusals(why) || why;
  return forced === undefined
    ? new ArLensError('unsupported', `None of its builds works here: ${reasons}; "npm run build" makes them.`)
    : new ArLensError('unsupported', `"${forced}" was asked for and does not work here: ${reasons}.`);
}

function known(name: string): InstructionSetChoice {
  const choice = INSTRUCTION_SETS.find((set) => set === name);
  if (choice !== undefined) return choice;
  throw new ArLensError(
    'badInput',
    `instruction set: expected one of auto, ${INSTRUCTION_SETS.join(', ')}, got "${name}".`,
  );
}
