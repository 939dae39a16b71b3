// The simd device as the rest of the project meets it: register it, ask what was chosen and why, watch its progress.
import { engine, findBackend, registerBackend, registerKernel, removeBackend } from '@tensorflow/tfjs-core';
import { chooseEngine, type ChosenEngine, type EngineOptions } from './chooseEngine';
import type { InstructionSet } from './kernelEngine';
import { creationKernels } from './ops/creation';
import { elementwiseKernels } from './ops/elementwise';
import { forwardedKernels } from './ops/forwarded';
import { fusedAttentionKernels } from './ops/fusedAttention';
import { fusedLayerKernels } from './ops/fusedLayers';
import { fusedRotaryKernels } from './ops/fusedRotary';
import { fusedConvolutionKernels } from './ops/fusedConvolution';
import { fusedTrainingKernels } from './ops/fusedTraining';
import { indexingKernels } from './ops/indexing';
import { matmulKernels } from './ops/matmul';
import { movementKernels } from './ops/movement';
import { pixelStepKernels } from './ops/pixelSteps';
import { reductionKernels } from './ops/reduction';
import { SimdBackend, simdName } from './simdBackend';

export type SimdOptions = EngineOptions;

export interface SimdReport {
  instructionSet: InstructionSet;
  threads: number;
  /** One sentence per instruction set: chosen, or why not. */
  why: string[];
}

/** A cell that grows by one with every kernel and every chunk of one; it stands still only when the device does. */
export interface ProgressCell {
  buffer: SharedArrayBuffer;
  byteOffset: number; // of a uint32
}

export interface SimdMemory {
  /** Bytes of tensors, rounded up to blocks of 64. */
  tensorBytes: number;
  /** Bytes of the linear memory, which never shrinks. */
  totalBytes: number;
}

const kernels = [
  ...[creationKernels, elementwiseKernels, movementKernels, reductionKernels, indexingKernels, matmulKernels],
  ...[fusedLayerKernels, fusedRotaryKernels, fusedAttentionKernels, fusedTrainingKernels],
  ...[fusedConvolutionKernels, forwardedKernels],
  ...[pixelStepKernels],
].flat();

let kernelsRegistered = false;
let current:
  { chosen: ChosenEngine; report: SimdReport; backend: SimdBackend; baseBytes: number } | undefined;

/**
 * Makes the `simd` backend known to tfjs, in place of one registered before (whose tensors are lost).
 * @throws Error when what the options force does not work here, saying why
 */
export async function registerSimd(options: SimdOptions = {}): Promise<SimdReport> {
  disposeSimd();
  const chosen = await chooseEngine(options);
  const backend = new SimdBackend(chosen.engine, chosen.memory);
  const { instructionSet, threads } = chosen.engine;
  const report = { instructionSet, threads, why: chosen.why };
  current = { chosen, report, backend, baseBytes: chosen.memory.usedBytes };
  if (!kernelsRegistered) kernels.forEach(registerKernel);
  kernelsRegistered = true;
  registerBackend(simdName, () => backend, 4);
  return report;
}

/** Removes the backend and ends its threads. */
export function disposeSimd(): void {
  if (!current) return;
  const { backend } = current;
  current = undefined;
  const made = engine().backendName === simdName || findBackend(simdName) === backend;
  removeBackend(simdName);
  if (!made) backend.dispose();
}

export function simdReport(): SimdReport | undefined {
  return current?.report;
}

export function simdMemory(): SimdMemory {
  if (!current) return { tensorBytes: 0, totalBytes: 0 };
  const { memory } = current.chosen;
  return { tensorBytes: memory.usedBytes - current.baseBytes, totalBytes: memory.totalBytes };
}

export function progressCell(): ProgressCell {
  if (!current) throw new Error('progressCell: expected a registered simd device, got none');
  const { memory, layout } = current.chosen.memory;
  return { buffer: memory.buffer, byteOffset: layout.progress };
}
