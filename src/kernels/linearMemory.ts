// The one linear memory that wasm imports and native code addresses: its size, its views, and the regions every
// engine needs (command block, progress cell, scratch). It must not know tensors.
import { Allocator } from './allocator';

const pageBytes = 65536;
const commandBytes = 4096;
const packedFloats = 4 << 20; // shared scratch, 16 MiB; touched only as far as a kernel needs
const scratchFloats = 1 << 18; // per thread, 1 MiB
const firstGrowth = 16 << 20;

/** Where the regions lie, in bytes from the start. */
export interface MemoryLayout {
  readonly command: number;
  readonly progress: number;
  readonly packed: number;
  readonly packedFloats: number;
  readonly scratch: number;
  readonly scratchFloats: number;
  readonly threads: number;
}

export class SimdMemoryError extends Error {
  readonly reason = 'outOfMemory';
  override readonly name = 'SimdMemoryError';
}

export class LinearMemory {
  readonly memory: WebAssembly.Memory;
  readonly layout: MemoryLayout;
  /** Arguments of the next kernel. */
  readonly command: Float64Array;
  #allocator: Allocator;
  readonly #limit: number;
  #bytes: Uint8Array;
  #floats: Float32Array;
  #ints: Int32Array;

  /** @param firstFree first byte behind a wasm module's static data; @param limit bytes it may grow to, at most 4 GiB */
  constructor(firstFree: number, threads: number, limit = 2 ** 32) {
    const needed = firstFree + commandBytes + 4 * (packedFloats + threads * scratchFloats) + firstGrowth;
    this.memory = reserve(Math.ceil(needed / pageBytes), Math.max(limit, needed));
    this.#limit = limit;
    this.#bytes = new Uint8Array(this.memory.buffer);
    this.#floats = new Float32Array(this.memory.buffer);
    this.#ints = new Int32Array(this.memory.buffer);
    this.#allocator = new Allocator(firstFree, this.memory.buffer.byteLength);
    const command = this.allocate(commandBytes);
    const progress = this.allocate(64);
    const packed = this.allocate(4 * packedFloats);
    const scratch = this.allocate(4 * threads * scratchFloats);
    this.layout = { command, progress, packed, packedFloats, scratch, scratchFloats, threads };
    this.command = new Float64Array(this.memory.buffer, command, commandBytes / 8);
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }
  get floats(): Float32Array {
    return this.#floats;
  }
  get ints(): Int32Array {
    return this.#ints;
  }
  /** Bytes allocated now, scratch included, rounded to blocks. */
  get usedBytes(): number {
    return this.#allocator.usedBytes;
  }
  get totalBytes(): number {
    return this.#bytes.byteLength;
  }

  /** @returns the offset of `bytes` bytes, uninitialised. @throws SimdMemoryError */
  allocate(bytes: number): number {
    const offset = this.#allocator.allocate(bytes);
    if (offset !== undefined) return offset;
    this.#grow(bytes);
    const grown = this.#allocator.allocate(bytes);
    if (grown === undefined) throw new Error(`LinearMemory.allocate: expected ${bytes} bytes after growing`);
    return grown;
  }

  free(offset: number): void {
    this.#allocator.free(offset);
  }

  #grow(bytes: number): void {
    // By a quarter at least, so that growing n times costs n log n; exactly what is asked for near the limit.
    const missing = this.#allocator.missing(bytes);
    const generous = Math.max(missing, firstGrowth, this.totalBytes / 4);
    for (const wanted of [generous, missing]) {
      const pages = Math.ceil(wanted / pageBytes);
      if (this.totalBytes + pages * pageBytes > this.#limit) continue;
      try {
        this.memory.grow(pages);
      } catch {
        continue;
      }
      const { buffer } = this.memory;
      this.#bytes = new Uint8Array(buffer);
      this.#floats = new Float32Array(buffer);
      this.#ints = new Int32Array(buffer);
      this.#allocator.extend(buffer.byteLength);
      return;
    }
    throw new SimdMemoryError(
      `simd: out of memory: a tensor of ${megabytes(bytes)} does not fit; ${megabytes(this.usedBytes)} are in use of ` +
        `at most ${megabytes(this.#limit)}. Use a smaller batch, a smaller model, or another device.`,
    );
  }
}

/** Address space is reserved up to the maximum; where a limit on it forbids that, less is asked for. */
function reserve(initial: number, limit: number): WebAssembly.Memory {
  for (let maximum = Math.floor(limit / pageBytes); ; maximum = Math.floor(maximum / 2)) {
    try {
      return new WebAssembly.Memory({ initial, maximum: Math.max(initial, maximum), shared: true });
    } catch (error) {
      if (maximum <= initial)
        throw new SimdMemoryError(
          `simd: no shared memory of ${megabytes(initial * pageBytes)}: ${String(error)}`,
        );
    }
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
