// What runs the C kernels: one interface over wasm and native code.

/** Names as reported to people: native instruction sets first, then wasm. */
export type InstructionSet = 'avx512' | 'avx2' | 'neon' | 'baseline' | 'wasm-relaxed' | 'wasm';

export interface KernelEngine {
  readonly instructionSet: InstructionSet;
  readonly threads: number;
  /** Runs kernel `number` on the arguments in the command block. @returns 0, or 1 + the position of a bad input */
  run(number: number): number;
  /** Ends the threads. The memory must not be used by kernels afterwards. */
  close(): Promise<void>;
}
