// A safetensors file whose tensors are read one piece at a time, as float32: what holds a model's memory to its weights.
// The header has been checked before anything is read. Knows no model.
import { readSync } from 'node:fs';
import { ArLensError } from '../protocol/errors';
import { bfloatToFloat32, halfToFloat32, type DType } from './dtypes';
import { openForReading } from './openFile';
import { badFile, readFully, readHeader } from './safetensors';
import type { TensorEntry } from './safetensorsHeader';

/** Values of a piece: 1 MiB of float32. */
const PIECE = 1 << 18;

const BYTES: Partial<Record<DType, number>> = { F32: 4, F16: 2, BF16: 2 };

export interface SafetensorsReader {
  readonly path: string;
  readonly entries: readonly TensorEntry[];
  /** Calls `take` with the tensor's values in order; a piece is overwritten by the next. */
  read(entry: TensorEntry, take: (piece: Float32Array, from: number) => void): Promise<void>;
  /** All of it at once, for what is needed before anything can be awaited. */
  readSync(entry: TensorEntry): Float32Array;
  close(): Promise<void>;
}

/** @throws ArLensError 'badInput' or 'notFound': one sentence with file, place, expected and got. */
export async function openSafetensors(path: string): Promise<SafetensorsReader> {
  const file = await openForReading(path, 'a safetensors file');
  try {
    const { size } = await file.stat();
    const { header, dataStart } = await readHeader(file, path, size);
    return {
      path,
      entries: header.entries,
      async read(entry, take) {
        const bytes = bytesOf(entry, path);
        const elements = (entry.end - entry.begin) / bytes;
        const raw = new Uint8Array(Math.min(elements, PIECE) * bytes);
        const converted =
          bytes === 4 ? new Float32Array(raw.buffer) : new Float32Array(Math.min(elements, PIECE));
        for (let done = 0; done < elements; done += PIECE) {
          const count = Math.min(PIECE, elements - done);
          await readFully(file, path, raw.subarray(0, count * bytes), dataStart + entry.begin + done * bytes);
          convert(entry.dtype, raw, converted, count);
          take(converted.subarray(0, count), done);
        }
      },
      readSync(entry) {
        const bytes = bytesOf(entry, path);
        const raw = new Uint8Array(entry.end - entry.begin);
        for (let done = 0; done < raw.length;) {
          const position = dataStart + entry.begin + done;
          const read = readSync(file.fd, raw, done, Math.min(raw.length - done, 1 << 28), position);
          if (read === 0) {
            const missing = `${raw.length - done} more bytes`;
            throw badFile(path, `offset ${position}`, missing, 'the end of the file');
          }
          done += read;
        }
        const elements = raw.length / bytes;
        const values = bytes === 4 ? new Float32Array(raw.buffer) : new Float32Array(elements);
        convert(entry.dtype, raw, values, elements);
        return values;
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Whether a tensor of this type can be read as float32 without loss. */
export function isReadable(dtype: DType): boolean {
  return BYTES[dtype] !== undefined;
}

function bytesOf({ name, dtype }: TensorEntry, path: string): number {
  const bytes = BYTES[dtype];
  if (bytes !== undefined) return bytes;
  throw new ArLensError(
    'unsupported',
    `${path}: tensor ${name}: expected dtype F32, F16 or BF16, got ${dtype}.`,
  );
}

/** F32 is there already: the two arrays share their memory. */
function convert(dtype: DType, raw: Uint8Array, values: Float32Array, count: number): void {
  if (dtype === 'F32') return;
  const bits = new Uint16Array(raw.buffer, 0, count);
  (dtype === 'F16' ? halfToFloat32 : bfloatToFloat32)(bits, values.subarray(0, count));
}
