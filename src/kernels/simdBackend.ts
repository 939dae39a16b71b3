// The tfjs backend over the linear memory: where each tensor lies, how often it is referred to, and how values get in
// and out. It must not know what kernels compute.
import {
  DataStorage,
  engine,
  KernelBackend,
  util,
  type DataType,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { KernelEngine } from './kernelEngine';
import type { LinearMemory } from './linearMemory';
import { Kernel, type KernelName } from './opcodes';

type DataId = object;
type Values = Float32Array | Int32Array | Uint8Array;
interface Stored {
  offset: number;
  dtype: DataType;
  size: number; // elements
  references: number;
}

export const simdName = 'simd';

export class SimdBackend extends KernelBackend {
  readonly #data: DataStorage<Stored>;
  readonly #engine: KernelEngine;
  readonly linear: LinearMemory;
  readonly #command: Float64Array;

  constructor(kernels: KernelEngine, linear: LinearMemory) {
    super();
    this.#engine = kernels;
    this.linear = linear;
    this.#command = linear.command;
    this.#data = new DataStorage(this, engine());
  }

  // What kernels use

  /** Runs a C kernel; arguments are byte offsets and numbers in the order its comment in C gives. */
  run(kernel: KernelName, ...values: number[]): number {
    for (let i = 0; i < values.length; i++) this.#command[i] = values[i] ?? 0;
    return this.#engine.run(Kernel[kernel]);
  }

  /** A new tensor, uninitialised. */
  make(shape: readonly number[], dtype: DataType): TensorInfo {
    const size = util.sizeFromShape(shape as number[]);
    const dataId = {};
    this.#data.set(dataId, {
      offset: this.linear.allocate(size * bytesPer(dtype)),
      dtype,
      size,
      references: 1,
    });
    return { dataId, shape: shape as number[], dtype };
  }

  /** The same values under another shape. */
  share(tensor: TensorInfo, shape: readonly number[] = tensor.shape): TensorInfo {
    this.incRef(tensor.dataId);
    return { dataId: tensor.dataId, shape: shape as number[], dtype: tensor.dtype };
  }

  /** Gives back a tensor that a kernel made for itself. */
  release(tensor: TensorInfo): void {
    this.disposeData(tensor.dataId);
  }

  /** Byte offset of a tensor; 0 for none. */
  at(tensor: TensorInfo | undefined): number {
    return tensor ? this.#data.get(tensor.dataId).offset : 0;
  }

  /** The live values of a tensor: a view that is valid until the next allocation. */
  view(tensor: TensorInfo): Values {
    return this.#view(this.#data.get(tensor.dataId));
  }

  /** A tensor with these values. */
  from(values: ArrayLike<number>, shape: readonly number[], dtype: DataType): TensorInfo {
    const tensor = this.make(shape, dtype);
    this.view(tensor).set(values);
    return tensor;
  }

  // What tfjs asks of a backend

  override write(values: unknown, shape: number[], dtype: DataType): DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(dataId: DataId, values: unknown, shape: number[], dtype: DataType, refCount: number): void {
    const size = util.sizeFromShape(shape);
    const stored = {
      offset: this.linear.allocate(size * bytesPer(dtype)),
      dtype,
      size,
      references: refCount,
    };
    this.#data.set(dataId, stored);
    if (values) this.#view(stored).set(values as ArrayLike<number>);
  }

  override readSync(dataId: DataId): Values {
    return this.#view(this.#data.get(dataId)).slice();
  }

  override read(dataId: DataId): Promise<Values> {
    return Promise.resolve(this.readSync(dataId));
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.#data.has(dataId)) return true;
    const stored = this.#data.get(dataId);
    stored.references--;
    if (!force && stored.references > 0) return false;
    this.#data.delete(dataId);
    this.linear.free(stored.offset);
    return true;
  }

  override refCount(dataId: DataId): number {
    return this.#data.has(dataId) ? this.#data.get(dataId).references : 0;
  }

  override incRef(dataId: DataId): void {
    this.#data.get(dataId).references++;
  }

  override numDataIds(): number {
    return this.#data.numDataIds();
  }

  override timerAvailable(): boolean {
    return true;
  }

  override time(work: () => void): Promise<{ kernelMs: number }> {
    const start = performance.now();
    work();
    return Promise.resolve({ kernelMs: performance.now() - start });
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    void this.#engine.close();
  }

  #view(stored: Stored): Values {
    const { offset, size, dtype } = stored;
    if (dtype === 'float32') return this.linear.floats.subarray(offset / 4, offset / 4 + size);
    if (dtype === 'int32') return this.linear.ints.subarray(offset / 4, offset / 4 + size);
    return this.linear.bytes.subarray(offset, offset + size);
  }
}

export function bytesPer(dtype: DataType): 1 | 4 {
  if (dtype === 'float32' || dtype === 'int32') return 4;
  if (dtype === 'bool') return 1;
  throw new Error(
    `simd: expected float32, int32 or bool, got ${dtype}; the cpu device has string and complex64 tensors`,
  );
}
