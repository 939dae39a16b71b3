// The C kernels as wasm: one instance on the calling thread and one per worker, all over the same shared memory.
// The calling thread waits with an atomic wait, so this must run where that is allowed: Node, not a browser's window.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { KernelEngine } from './kernelEngine';
import type { LinearMemory } from './linearMemory';

interface KernelExports {
  __heap_base: WebAssembly.Global;
  __stack_pointer: WebAssembly.Global;
  open(...layout: number[]): void;
  run: (this: void, kernel: number) => number;
  work(thread: number): void;
  stop(): void;
  ready(): number;
}

export type WasmSet = 'wasm-relaxed' | 'wasm';
const files: Record<WasmSet, string> = { 'wasm-relaxed': 'relaxed.wasm', wasm: 'simd.wasm' };

const stackBytes = 1 << 18;
const startMilliseconds = 5000;

/** The whole of a worker. It stays in work() until stop(); what it knows arrives as workerData. */
const workerSource = `
const { module, memory, stack, thread } = require('node:worker_threads').workerData;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
exports.__stack_pointer.value = stack;
exports.work(thread);
`;

/** @returns the module, or in one clause why it cannot be used */
export function loadWasm(folder: string, instructionSet: WasmSet): WebAssembly.Module | string {
  const file = path.join(folder, files[instructionSet]);
  if (!existsSync(file)) return `there is no ${file}; scripts/build-kernels.mjs makes it`;
  const bytes = readFileSync(file);
  if (!WebAssembly.validate(bytes)) {
    return instructionSet === 'wasm'
      ? 'this JavaScript engine has no SIMD or no threads in wasm'
      : `this JavaScript engine (Node ${process.versions.node}) has no relaxed SIMD; Node 22 or later has`;
  }
  return new WebAssembly.Module(bytes);
}

/** First byte behind the module's static data; the same for every module of one build, 1 MiB with room to spare. */
export const wasmFirstFree = 1 << 20;

export async function openWasm(
  module: WebAssembly.Module,
  instructionSet: WasmSet,
  memory: LinearMemory,
): Promise<KernelEngine> {
  const instance = new WebAssembly.Instance(module, { env: { memory: memory.memory } });
  const kernels = instance.exports as unknown as KernelExports;
  if (Number(kernels.__heap_base.value) > wasmFirstFree)
    throw new Error('openWasm: static data is larger than expected');
  const { command, progress, packed, packedFloats, scratch, scratchFloats, threads } = memory.layout;
  kernels.open(command, progress, packed, packedFloats, scratch, scratchFloats, threads);
  const stacks = threads > 1 ? memory.allocate(stackBytes * (threads - 1)) : 0;
  const workers: Worker[] = [];
  const ended: Promise<void>[] = [];
  for (let thread = 1; thread < threads; thread++) {
    const worker = new Worker(workerSource, {
      ...{ eval: true, execArgv: [], name: `simd ${thread}` },
      workerData: { module, memory: memory.memory, stack: stacks + stackBytes * thread, thread },
    });
    workers.push(worker);
    // A worker that cannot start is no error: the others and the caller do its share.
    worker.on('error', () => undefined);
    ended.push(new Promise((resolve) => worker.once('exit', () => resolve())));
  }
  await started(kernels, threads - 1, ended);
  for (const worker of workers) worker.unref();
  return {
    instructionSet,
    threads,
    run: kernels.run,
    close: async () => {
      kernels.stop();
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

async function started(kernels: KernelExports, wanted: number, ended: Promise<void>[]): Promise<void> {
  const deadline = Date.now() + startMilliseconds;
  let failed = 0;
  for (const end of ended) void end.then(() => failed++);
  while (kernels.ready() + failed < wanted && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
