// Checks the JSON header of a safetensors file: types, shapes and offsets must agree with each other and the file.
// Takes no memory by a number it has not checked. Knows no file handle.
import { ArLensError } from '../protocol/errors';
import { DTYPES, isDType, type DType } from './dtypes';
import { duplicateKey } from './duplicateKey';

/** The format's own bound. */
export const MAX_HEADER_BYTES = 100_000_000;
const MAX_RANK = 64;

export interface TensorEntry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Bytes from the start of the data. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of their data. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** @param dataBytes how many bytes follow the header in the file. @throws ArLensError 'badInput'. */
export function parseHeader(bytes: Uint8Array, dataBytes: number, path: string): SafetensorsHeader {
  const refuse = (place: string, expected: string, got: string): never => {
    throw new ArLensError('badInput', `${path}: ${place}: expected ${expected}, got ${got}.`);
  };
  const root = parseJson(bytes, refuse);
  let metadata: Record<string, string> = {};
  const entries: TensorEntry[] = [];
  for (const [name, value] of Object.entries(root)) {
    if (name === '__metadata__') metadata = parseMetadata(value, refuse);
    else entries.push(parseEntry(name, value, dataBytes, refuse));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== covered) {
      const what = begin < covered ? 'an overlap' : 'a hole';
      refuse(`tensor ${shown(name)}`, `data from offset ${covered}`, `${begin}, which leaves ${what}`);
    }
    covered = end;
  }
  if (covered !== dataBytes) refuse('the end of the data', `offset ${covered}`, `a file with ${dataBytes}`);
  return { entries, metadata };
}

type Refuse = (place: string, expected: string, got: string) => never;

function parseJson(bytes: Uint8Array, refuse: Refuse): Record<string, unknown> {
  if (bytes[0] !== 0x7b) refuse('offset 8', "'{'", `byte ${bytes[0]}`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse('the header', 'UTF-8', 'bytes that are not');
  }
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    return refuse('the header', 'JSON', error instanceof Error ? oneLine(error.message) : 'something else');
  }
  const duplicate = duplicateKey(text);
  if (duplicate !== null) refuse('the header', 'every name once', `${shown(duplicate)} twice`);
  return asRecord(root) ?? refuse('the header', 'an object', 'something else');
}

function parseMetadata(value: unknown, refuse: Refuse): Record<string, string> {
  const record = asRecord(value) ?? refuse('__metadata__', 'an object', shown(value));
  for (const [key, text] of Object.entries(record)) {
    if (typeof text !== 'string') refuse(`__metadata__, ${shown(key)}`, 'a string', shown(text));
  }
  return record as Record<string, string>;
}

function parseEntry(name: string, value: unknown, dataBytes: number, refuse: Refuse): TensorEntry {
  const place = `tensor ${shown(name)}`;
  const record = asRecord(value) ?? refuse(place, 'an object', shown(value));
  const { dtype, shape, data_offsets: offsets } = record;
  const extra = Object.keys(record).find((key) => !['dtype', 'shape', 'data_offsets'].includes(key));
  if (extra !== undefined) refuse(place, 'dtype, shape and data_offsets', shown(extra));
  if (!isDType(dtype)) return refuse(place, `a dtype among ${Object.keys(DTYPES).join(', ')}`, shown(dtype));
  if (!isSizes(shape) || shape.length > MAX_RANK)
    return refuse(place, 'a shape of whole numbers', shown(shape));
  if (!isSizes(offsets) || offsets.length !== 2) return refuse(place, 'two data_offsets', shown(offsets));
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > dataBytes) {
    refuse(place, `data_offsets in order and within the file's ${dataBytes} bytes of data`, shown(offsets));
  }
  const needed = shape.reduce((product, dimension) => product * dimension, DTYPES[dtype].bytes);
  if (needed !== end - begin) refuse(place, `${needed} bytes for ${dtype} ${shown(shape)}`, `${end - begin}`);
  return { name, dtype, shape, begin, end };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0);
}

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** A value as it may stand in a sentence: one line, bounded, and not walked into (it may be very deep). */
function shown(value: unknown): string {
  const flat = Array.isArray(value) && value.length <= 8 && value.every((item) => typeof item === 'number');
  if (typeof value === 'object' && value !== null && !flat)
    return Array.isArray(value) ? 'a list' : 'an object';
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return oneLine(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
