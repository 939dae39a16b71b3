// Whether a model fits on the card, found out before it is put there: WebGPU says how large one tensor may be, and of
// all of them together only that there was no room, so room is asked for and given back.
import { freemem } from 'node:os';
import { getBackend } from '@tensorflow/tfjs-core';
import { ArLensError } from '../../protocol/errors';
import { mebibytes } from '../spec/limits';
import { gpuInUse } from './backend';

export interface Needed {
  /** Weights, and in training moments, gradients and activations. */
  readonly bytes: number;
  /** Of the largest tensor. */
  readonly largest: number;
}

/** Bytes that are asked for at a time: drivers give large pieces from the same memory as small ones. */
const PIECE = 2 ** 28;

/**
 * Does nothing on other devices, which say themselves what they lack.
 * @throws ArLensError in one sentence
 */
export async function requirePlacement(needed: Needed): Promise<void> {
  const gpu = gpuInUse();
  if (getBackend() !== 'webgpu' || gpu === undefined) return;
  const { device } = gpu;
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  if (needed.largest > most) {
    throw tooLarge(
      `a tensor of about ${mebibytes(needed.largest)} MiB, and it allows ${mebibytes(most)} MiB`,
    );
  }
  // Software takes the machine's own memory, and takes it at once: a trial would be the harm that it is to prevent.
  const fits = gpu.software
    ? needed.bytes <= freemem()
    : await hasRoom(device, needed.bytes, Math.min(most, PIECE));
  if (!fits) {
    throw tooLarge(`about ${mebibytes(needed.bytes)} MiB in all, and it has less free`);
  }
}

async function hasRoom(device: GPUDevice, bytes: number, piece: number): Promise<boolean> {
  const buffers: GPUBuffer[] = [];
  try {
    for (let left = bytes; left > 0; left -= piece) {
      const size = 4 * Math.ceil(Math.min(left, piece) / 4);
      device.pushErrorScope('out-of-memory');
      buffers.push(device.createBuffer({ size, usage: GPUBufferUsage.STORAGE }));
      if ((await device.popErrorScope()) !== null) return false;
    }
    return true;
  } finally {
    for (const buffer of buffers) buffer.destroy();
  }
}

function tooLarge(what: string): ArLensError {
  return new ArLensError(
    'outOfMemory',
    `The model does not fit on the graphics card: it needs ${what}.`,
    'Choose the device "simd", or a smaller model, batch or context.',
  );
}
