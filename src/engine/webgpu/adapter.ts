// The graphics card that WebGPU gives: its name, its limits, and why there is none.
// Knows Dawn and no tensors; a machine without a card is a normal state, and told in a sentence.
import { loadDawn, type Dawn } from './dawn';

export interface GpuLimits {
  /** Bytes that one tensor can have. */
  readonly tensorBytes: number;
  /** Invocations of one workgroup. */
  readonly workgroup: number;
}

export interface Gpu {
  readonly adapter: GPUAdapter;
  readonly dawn: Dawn;
  /** As its driver calls it. */
  readonly name: string;
  readonly driver: string;
  readonly limits: GpuLimits;
  /** It computes on the processor: right, and slow. */
  readonly software: boolean;
}

/** @returns the adapter, or a clause on why there is none */
export async function findGpu(dawnOrMissing = loadDawn()): Promise<Gpu | { readonly missing: string }> {
  if ('missing' in dawnOrMissing) return dawnOrMissing;
  const dawn = dawnOrMissing;
  // Dawn's classes must be there before anything of WebGPU is made, under the names that a browser gives them.
  for (const [name, value] of Object.entries(dawn.globals)) {
    if (!(name in globalThis))
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  const gpu = entry(dawn);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) {
    return {
      missing: `Dawn finds no graphics card that ${api()} reaches here; a driver for it is missing, or the machine has none`,
    };
  }
  const { limits } = adapter;
  const info = infoOf(adapter);
  return {
    adapter,
    dawn,
    name: nameOf(info),
    driver: [info.vendor, info.architecture, info.device, info.description].join(' '),
    limits: {
      tensorBytes: Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize),
      workgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
    software: info.isFallbackAdapter,
  };
}

/** The card, and in brackets its driver, as far as they say. */
function nameOf({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  const card = device || [vendor, architecture].filter(Boolean).join(' ');
  if (!description) return card || 'unnamed';
  return card ? `${card} (${description})` : description;
}

/** Newer than the types that TensorFlow.js brings along. */
export function infoOf(adapter: GPUAdapter): GPUAdapterInfo & { readonly isFallbackAdapter: boolean } {
  return (adapter as unknown as { info: GPUAdapterInfo & { readonly isFallbackAdapter: boolean } }).info;
}

let made: { readonly dawn: Dawn; readonly gpu: GPU } | undefined;

/** One for the process: adapters die with it. */
function entry(dawn: Dawn): GPU {
  if (made?.dawn !== dawn) made = { dawn, gpu: dawn.create([]) };
  return made.gpu;
}

function api(): string {
  if (process.platform === 'darwin') return 'Metal';
  return process.platform === 'win32' ? 'Direct3D 12' : 'Vulkan';
}
