// Which build of the kernels runs: native, else relaxed wasm, else wasm, and for each that does not, why not.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InstructionSet, KernelEngine } from './kernelEngine';
import { LinearMemory } from './linearMemory';
import { addonFile, loadAddon, nativeSets, openNative, type NativeSet } from './nativeEngine';
import { loadWasm, openWasm, wasmFirstFree } from './wasmEngine';

export interface EngineOptions {
  /** One of the sets, or a group: the best native one, or relaxed wasm. Without it the best that works. */
  instructionSet?: InstructionSet | 'native' | 'relaxed';
  /** From 1; all cores without it. */
  threads?: number;
  /** Folder with the wasm files and the addon; see `assetFolder`. */
  assets?: string;
  /** Bytes the linear memory may grow to, at most (and without it) 4 GiB. */
  memoryLimit?: number;
}

export interface ChosenEngine {
  engine: KernelEngine;
  memory: LinearMemory;
  /** One sentence per instruction set, in order of preference: chosen, or why not. */
  why: string[];
}

const preference: readonly InstructionSet[] = [...nativeSets, 'wasm-relaxed', 'wasm'];
const maximumThreads = 64;

/** @throws Error when what is forced does not work here, with the reason */
export async function chooseEngine(options: EngineOptions = {}): Promise<ChosenEngine> {
  const folder = options.assets ?? assetFolder();
  const threads = Math.min(
    maximumThreads,
    Math.max(1, Math.floor(options.threads ?? availableParallelism())),
  );
  const allowed = setsOf(options.instructionSet);
  const makeMemory = () => new LinearMemory(wasmFirstFree, threads, options.memoryLimit);
  const why: string[] = [];
  let chosen: { engine: KernelEngine; memory: LinearMemory } | undefined;
  for (const set of preference) {
    if (chosen) {
      why.push(`${set}: not needed, ${chosen.engine.instructionSet} is faster.`);
    } else if (!allowed.includes(set)) {
      why.push(`${set}: not tried, ${String(options.instructionSet)} was asked for.`);
    } else {
      const result = await open(set, folder, makeMemory);
      if (typeof result === 'string') {
        why.push(`${set}: ${result}.`);
      } else {
        chosen = result;
        why.push(
          `${set}: chosen${options.instructionSet ? ', as asked for' : ', the fastest that works here'}.`,
        );
      }
    }
  }
  if (chosen) return { ...chosen, why };
  throw new Error(`chooseEngine: no build of the simd kernels works here. ${why.join(' ')}`);
}

type Opened = { engine: KernelEngine; memory: LinearMemory } | string;

async function open(set: InstructionSet, folder: string, makeMemory: () => LinearMemory): Promise<Opened> {
  try {
    if (set === 'wasm' || set === 'wasm-relaxed') {
      const module = loadWasm(folder, set);
      if (typeof module === 'string') return module;
      const memory = makeMemory();
      return { engine: await openWasm(module, set, memory), memory };
    }
    return openNativeSet(set, folder, makeMemory);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function openNativeSet(set: NativeSet, folder: string, makeMemory: () => LinearMemory): Opened {
  const addon = loadAddon(folder);
  if (typeof addon === 'string') return addon;
  if (!addon.supports(set)) return 'this processor does not have it';
  const memory = makeMemory();
  return { engine: openNative(addon, set, memory), memory };
}

function setsOf(wanted: EngineOptions['instructionSet']): readonly InstructionSet[] {
  if (wanted === undefined) return preference;
  if (wanted === 'native') return nativeSets;
  return [wanted === 'relaxed' ? 'wasm-relaxed' : wanted];
}

/**
 * Where the built kernels are: `kernels/` beside the bundle this code is in or one folder up, or `build/kernels/` of
 * the project when it runs from source.
 */
export function assetFolder(): string {
  const here = typeof __dirname === 'string' ? __dirname : path.dirname(fileURLToPath(import.meta.url));
  const places = ['kernels', '../kernels', '../../build/kernels', '../build/kernels'].map((place) =>
    path.join(here, place),
  );
  const hasKernels = (place: string) =>
    existsSync(path.join(place, 'simd.wasm')) || existsSync(addonFile(place));
  return places.find(hasKernels) ?? path.join(here, 'kernels');
}
