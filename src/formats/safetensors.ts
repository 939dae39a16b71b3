// Reads and writes safetensors files: an 8-byte header length, a JSON header, then the tensors' bytes.
// Trusts nothing: every length is checked against the file before memory is taken. Knows no model.
import type { FileHandle } from 'node:fs/promises';
import { ArLensError } from '../protocol/errors';
import { writeFileAtomic } from './atomicFile';
import { openForReading } from './openFile';
import { DTYPES, halfToFloat32, bfloatToFloat32, type DType, type TensorData } from './dtypes';
import { MAX_HEADER_BYTES, parseHeader, type TensorEntry } from './safetensorsHeader';

export interface NamedTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** F16 and BF16 are their raw 16 bits unless asked for as float32. */
  readonly data: TensorData;
}

export interface SafetensorsFile {
  readonly tensors: Map<string, NamedTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ReadOptions {
  /** Gives F16 and BF16 as F32 with Float32Array data, converted piece by piece. */
  readonly float32?: boolean;
  /** Which tensors to read; all when absent. The rest of the file is checked all the same. */
  readonly select?: (name: string) => boolean;
}

const CHUNK_BYTES = 1 << 20;

/** @throws ArLensError 'badInput' or 'notFound': one sentence with file, place, expected and got. */
export async function readSafetensors(path: string, options: ReadOptions = {}): Promise<SafetensorsFile> {
  const file = await openForReading(path, 'a safetensors file');
  try {
    const { size } = await file.stat();
    const { header, dataStart } = await readHeader(file, path, size);
    const tensors = new Map<string, NamedTensor>();
    for (const entry of header.entries) {
      if (options.select && !options.select(entry.name)) continue;
      tensors.set(entry.name, await readTensor(file, path, dataStart, entry, options.float32 === true));
    }
    return { tensors, metadata: header.metadata };
  } finally {
    await file.close();
  }
}

/** Names, types and shapes without the data. */
export async function readSafetensorsHeader(path: string): Promise<{
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}> {
  const file = await openForReading(path, 'a safetensors file');
  try {
    const { size } = await file.stat();
    return (await readHeader(file, path, size)).header;
  } finally {
    await file.close();
  }
}

/** Writes atomically: larger element types first, then by name, so that every tensor is aligned and equal input gives equal bytes. */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFileAtomic(path, safetensorsChunks(tensors, metadata));
}

/** The file's bytes, header first: views of the tensors' own memory, nothing is copied. */
export function safetensorsChunks(
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const sorted = [...tensors].sort(
    ([a, left], [b, right]) => DTYPES[right.dtype].bytes - DTYPES[left.dtype].bytes || (a < b ? -1 : 1),
  );
  const header: [string, unknown][] = [
    ['__metadata__', Object.fromEntries(sortedEntries({ format: 'pt', ...metadata }))],
  ];
  const chunks: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const expected = shape.reduce((product, dimension) => product * dimension, DTYPES[dtype].bytes);
    if (name === '__metadata__')
      throw new RangeError('safetensorsChunks: expected a tensor name, got __metadata__');
    if (bytes.byteLength !== expected) {
      throw new RangeError(
        `safetensorsChunks: expected ${expected} bytes for ${name} [${shape.join(', ')}] ${dtype}, got ${bytes.byteLength}`,
      );
    }
    header.push([name, { dtype, shape, data_offsets: [offset, offset + expected] }]);
    chunks.push(bytes);
    offset += expected;
  }
  return [encodeHeader(header), ...chunks];
}

/** @returns the index of the first NaN or infinity, or −1. */
export function firstNonFinite(data: Float32Array | Float64Array): number {
  for (let index = 0; index < data.length; index++) if (!Number.isFinite(data[index])) return index;
  return -1;
}

/** @throws ArLensError naming the first tensor and index that holds a NaN or an infinity. */
export function requireFinite(path: string, tensors: ReadonlyMap<string, NamedTensor>): void {
  for (const [name, { data }] of tensors) {
    if (!(data instanceof Float32Array || data instanceof Float64Array)) continue;
    const index = firstNonFinite(data);
    if (index >= 0) {
      throw badFile(path, `tensor ${name}, element ${index}`, 'a finite number', String(data[index]));
    }
  }
}

/** The checked header of an open file, and where its data starts. */
export async function readHeader(file: FileHandle, path: string, size: number) {
  if (size < 8) throw badFile(path, 'offset 0', '8 bytes of header length', `a file of ${size} bytes`);
  const prefix = new Uint8Array(8);
  await readFully(file, path, prefix, 0);
  const length = new DataView(prefix.buffer).getBigUint64(0, true);
  const limit = Math.min(MAX_HEADER_BYTES, size - 8);
  if (length < 2n || length > BigInt(limit)) {
    throw badFile(path, 'offset 0', `a header length from 2 to ${limit}`, String(length));
  }
  const bytes = new Uint8Array(Number(length));
  await readFully(file, path, bytes, 8);
  const dataStart = 8 + bytes.length;
  return { header: parseHeader(bytes, size - dataStart, path), dataStart };
}

async function readTensor(
  file: FileHandle,
  path: string,
  dataStart: number,
  entry: TensorEntry,
  float32: boolean,
): Promise<NamedTensor> {
  const { name, dtype, shape, begin, end } = entry;
  const elements = (end - begin) / DTYPES[dtype].bytes;
  const convert = dtype === 'F16' ? halfToFloat32 : dtype === 'BF16' ? bfloatToFloat32 : null;
  if (float32 && convert) {
    const data = allocate(path, name, () => new Float32Array(elements));
    const piece = new Uint16Array(Math.min(elements, CHUNK_BYTES / 2));
    for (let done = 0; done < elements; done += piece.length) {
      const part = piece.subarray(0, Math.min(piece.length, elements - done));
      await readFully(
        file,
        path,
        new Uint8Array(part.buffer, 0, part.byteLength),
        dataStart + begin + 2 * done,
      );
      convert(part, data.subarray(done, done + part.length));
    }
    return { dtype: 'F32', shape, data };
  }
  const data = allocate(path, name, () => DTYPES[dtype].allocate(elements));
  await readFully(file, path, new Uint8Array(data.buffer), dataStart + begin);
  return { dtype, shape, data };
}

/** The size is within the file's, but a file can be larger than memory. */
function allocate<T>(path: string, name: string, make: () => T): T {
  try {
    return make();
  } catch {
    throw new ArLensError(
      'outOfMemory',
      `${path}: tensor ${name}: expected it to fit into memory, got no room.`,
    );
  }
}

/** Reads straight into `target`: no second copy of a large tensor. */
export async function readFully(
  file: FileHandle,
  path: string,
  target: Uint8Array,
  position: number,
): Promise<void> {
  for (let done = 0; done < target.length;) {
    const { bytesRead } = await file.read(
      target,
      done,
      Math.min(target.length - done, 1 << 28),
      position + done,
    );
    if (bytesRead === 0) {
      throw badFile(
        path,
        `offset ${position + done}`,
        `${target.length - done} more bytes`,
        'the end of the file',
      );
    }
    done += bytesRead;
  }
}

/** Padded with spaces so that the data starts at a multiple of eight. */
function encodeHeader(entries: ReadonlyArray<readonly [string, unknown]>): Uint8Array {
  // Written by hand: an object would move names that look like integers to the front.
  const json = `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
  const text = new TextEncoder().encode(json);
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(text, 8);
  return bytes;
}

function sortedEntries(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

export function badFile(path: string, place: string, expected: string, got: string): ArLensError {
  return new ArLensError('badInput', `${path}: ${place}: expected ${expected}, got ${got}.`);
}
