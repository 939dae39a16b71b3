// IDX, MNIST's format: a magic number, big-endian sizes, bytes. The header's counts are held against the file's size
// before anything is allocated; pixels are read where they lie, so that a large file needs no memory of its size.
import { gunzipSync } from 'node:zlib';
import type { FileHandle } from 'node:fs/promises';
import { ArLensError } from '../protocol/errors';
import { openForReading } from './openFile';

/** Bytes of a .gz, and of what it may unpack to. */
const LARGEST_GZ = 2 ** 30;
const LARGEST_UNPACKED = 2 ** 31 - 1;

/** Unsigned bytes [count, …dimensions] that can be read anywhere. */
export interface IdxFile {
  readonly path: string;
  readonly count: number;
  /** Sizes after the first: [height, width] of images, [] of labels, [height, width, 3] of RGB. */
  readonly dimensions: readonly number[];
  /** Items first … first + count − 1. */
  read(first: number, count: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

interface Bytes {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** @throws ArLensError: path, offset, expected, got. */
export async function openIdx(path: string): Promise<IdxFile> {
  const bytes = await openBytes(path);
  try {
    const head = await bytes.read(0, Math.min(bytes.size, 4 + 4 * 4));
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    if (head.length < 8) throw wrong(path, 0, 'an IDX header of 8 bytes or more', `${bytes.size} bytes`);
    const [zero, type, rank] = [view.getUint16(0), head[2] ?? 0, head[3] ?? 0];
    if (zero !== 0)
      throw wrong(path, 0, 'the magic number of IDX, which begins with two zero bytes', hex(head, 0, 4));
    if (type !== 0x08) throw wrong(path, 2, 'IDX of unsigned bytes (0x08)', hex(head, 2, 1));
    if (rank < 1 || rank > 4) throw wrong(path, 3, 'from 1 to 4 dimensions', String(rank));
    const start = 4 + 4 * rank;
    if (head.length < start) throw wrong(path, 4, `${rank} sizes`, `a file of ${bytes.size} bytes`);
    const sizes = Array.from({ length: rank }, (_, index) => view.getUint32(4 + 4 * index));
    const zeroAt = sizes.indexOf(0);
    if (zeroAt >= 0) throw wrong(path, 4 + 4 * zeroAt, 'a size of at least 1', '0');
    const wanted = start + sizes.reduce((product, size) => product * size, 1);
    if (wanted !== bytes.size) {
      throw wrong(
        path,
        4,
        `a file of ${wanted} bytes, as its sizes ${sizes.join(' × ')} say`,
        `${bytes.size} bytes`,
      );
    }
    const [count = 0, ...dimensions] = sizes;
    const item = dimensions.reduce((product, size) => product * size, 1);
    return {
      path,
      count,
      dimensions,
      read: (first, many) => bytes.read(start + first * item, many * item),
      close: () => bytes.close(),
    };
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

async function openBytes(path: string): Promise<Bytes> {
  const file = await openForReading(path, 'an IDX file');
  const { size } = await file.stat();
  const start = await readAt(file, path, 0, Math.min(2, size));
  const packed = start[0] === 0x1f && start[1] === 0x8b;
  if (!packed) {
    return { size, read: (offset, length) => readAt(file, path, offset, length), close: () => file.close() };
  }
  try {
    if (size > LARGEST_GZ) {
      throw new ArLensError(
        'badInput',
        `${path}: expected a .gz of at most ${LARGEST_GZ} bytes, got ${size}.`,
        'Unpack the file: what is not packed is read where it lies, whatever its size.',
      );
    }
    const all = unpack(await readAt(file, path, 0, size), path);
    return {
      size: all.length,
      read: (offset, length) => Promise.resolve(all.subarray(offset, offset + length)),
      close: () => Promise.resolve(),
    };
  } finally {
    await file.close();
  }
}

function unpack(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST_UNPACKED });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const got = tooLarge ? `more than ${LARGEST_UNPACKED} bytes` : 'damaged or cut data';
    throw new ArLensError('badInput', `${path}: expected a whole .gz file, got ${got}.`);
  }
}

/** @throws ArLensError when the file became shorter. */
export async function readAt(
  file: FileHandle,
  path: string,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0)
      throw wrong(path, offset + done, `${length - done} more bytes`, 'the end of the file');
    done += bytesRead;
  }
  return bytes;
}

function hex(bytes: Uint8Array, from: number, count: number): string {
  const digits = Array.from(bytes.subarray(from, from + count), (byte) => byte.toString(16).padStart(2, '0'));
  return `0x${digits.join('')}`;
}

function wrong(path: string, offset: number, expected: string, got: string): ArLensError {
  return new ArLensError('badInput', `${path}: byte ${offset}: expected ${expected}, got ${got}.`);
}
