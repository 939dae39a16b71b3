// The C kernels as a native addon. It addresses the shared memory directly: a shared memory never moves.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { InstructionSet, KernelEngine } from './kernelEngine';
import type { LinearMemory } from './linearMemory';
import { kernelList } from './opcodes';

interface Addon {
  supports(instructionSet: string): boolean;
  open(instructionSet: string, bytes: Uint8Array, ...layout: number[]): number;
  run: (this: void, kernel: number) => number;
  close(): void;
  kernels: string;
}

export const nativeSets = ['avx512', 'avx2', 'neon', 'baseline'] as const satisfies InstructionSet[];
export type NativeSet = (typeof nativeSets)[number];

export function addonFile(folder: string): string {
  return path.join(folder, `native-${process.platform}-${process.arch}.node`);
}

/** @returns the addon, or in one clause why there is none */
export function loadAddon(folder: string): Addon | string {
  const file = addonFile(folder);
  if (!existsSync(file)) return `there is no ${path.basename(file)}; a C compiler at build time makes it`;
  try {
    const holder: { exports: Partial<Addon> } = { exports: {} };
    process.dlopen(holder, file);
    return holder.exports.kernels === kernelList
      ? (holder.exports as Addon)
      : `${path.basename(file)} was built for other kernels than these; building again mends it`;
  } catch (error) {
    return `${path.basename(file)} did not load: ${error instanceof Error ? error.message : String(error)}`;
  }
}

export function openNative(addon: Addon, instructionSet: NativeSet, memory: LinearMemory): KernelEngine {
  const { command, progress, packed, packedFloats, scratch, scratchFloats, threads } = memory.layout;
  const layout = [command, progress, packed, packedFloats, scratch, scratchFloats, threads];
  const started = addon.open(instructionSet, memory.bytes, ...layout);
  return {
    instructionSet,
    threads: started,
    run: addon.run,
    close: () => {
      addon.close();
      return Promise.resolve();
    },
  };
}
