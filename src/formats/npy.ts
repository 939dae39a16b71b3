// .npy and the members of .npz: NumPy's arrays as 8-bit values. Bytes are taken as they are, floats from 0 to 1 become
// 0 … 255. Sizes are held against the bytes there are before anything is allocated; nothing pickled is ever read.
import { inflateRawSync } from 'node:zlib';
import { ArLensError } from '../protocol/errors';

export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

const LARGEST_HEADER = 65_536;

/** @throws ArLensError: path, expected, got. */
export function readNpy(bytes: Uint8Array, path: string): NpyArray {
  const { descr, shape, start } = npyHeader(bytes, path);
  const size = shape.reduce((product, side) => product * side, 1);
  const width = descr === '|u1' || descr === '|b1' ? 1 : descr === '<f4' ? 4 : descr === '<f8' ? 8 : 0;
  if (width === 0) throw wrong(path, 'an array of uint8, bool, float32 or float64', `"${descr}"`);
  if (size * width !== bytes.length - start) {
    const got = `${bytes.length - start}`;
    throw wrong(path, `${size * width} bytes of data, as its shape (${shape.join(', ')}) says`, got);
  }
  if (descr === '|u1') return { shape, values: bytes.subarray(start) };
  if (descr === '|b1')
    return { shape, values: bytes.subarray(start).map((value) => (value === 0 ? 0 : 255)) };
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, size * width);
  const values = new Uint8Array(size);
  for (let at = 0; at < size; at++) {
    const value = width === 4 ? view.getFloat32(4 * at, true) : view.getFloat64(8 * at, true);
    if (!(value >= 0 && value <= 1)) throw wrong(path, 'floats from 0 to 1', `${value} at element ${at}`);
    values[at] = Math.round(255 * value);
  }
  return { shape, values };
}

function npyHeader(bytes: Uint8Array, path: string): { descr: string; shape: number[]; start: number } {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (!magic.every((byte, at) => bytes[at] === byte)) throw wrong(path, 'a .npy array', 'other bytes');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const long = (bytes[6] ?? 0) >= 2;
  if (bytes.length < 12) throw wrong(path, 'a .npy header', `a file of ${bytes.length} bytes`);
  const length = long ? view.getUint32(8, true) : view.getUint16(8, true);
  const from = long ? 12 : 10;
  if (length > LARGEST_HEADER || from + length > bytes.length) {
    throw wrong(path, `a header of ${length} bytes`, `a file of ${bytes.length} bytes`);
  }
  const text = new TextDecoder('latin1').decode(bytes.subarray(from, from + length));
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1];
  if (descr === undefined || shape === undefined)
    throw wrong(path, 'a header with descr and shape', text.slice(0, 60));
  if (/'fortran_order':\s*True/.test(text))
    throw wrong(path, 'rows in order (C)', 'columns in order (Fortran)');
  const sides = shape
    .split(',')
    .map((side) => side.trim())
    .filter((side) => side !== '')
    .map(Number);
  if (!sides.every((side) => Number.isSafeInteger(side) && side >= 0))
    throw wrong(path, 'a shape', `(${shape})`);
  return { descr, shape: sides, start: from + length };
}

/** The one array of an .npz, or the one named images, x_train, x or arr_0. @throws ArLensError: path, expected, got. */
export function readNpz(bytes: Uint8Array, path: string): NpyArray {
  const members = zipMembers(bytes, path).filter(({ name }) => name.endsWith('.npy'));
  const wanted = ['images.npy', 'x_train.npy', 'x.npy', 'arr_0.npy'];
  const named = wanted.map((name) => members.find((member) => member.name === name)).find((found) => found);
  const member = members.length === 1 ? members[0] : named;
  if (!member) {
    const names = members.map(({ name }) => name).join(', ') || 'none';
    throw wrong(path, 'one array, or one named images, x_train, x or arr_0', names);
  }
  const data = bytes.subarray(member.start, member.start + member.packed);
  return readNpy(member.stored ? data : inflateMember(data, member, path), `${path}/${member.name}`);
}

interface Member {
  readonly name: string;
  readonly stored: boolean;
  readonly packed: number;
  readonly size: number;
  readonly start: number;
}

const LARGEST_MEMBER = 2 ** 31 - 1;

function inflateMember(data: Uint8Array, { name, size }: Member, path: string): Uint8Array {
  try {
    const whole = inflateRawSync(data, { maxOutputLength: Math.min(LARGEST_MEMBER, Math.max(1, size)) });
    if (whole.length === size) return whole;
    throw wrong(`${path}/${name}`, `${size} bytes`, String(whole.length));
  } catch (error) {
    if (error instanceof ArLensError) throw error;
    throw wrong(`${path}/${name}`, `${size} bytes of packed data`, 'damaged data or more than that');
  }
}

/** From the central directory at the end of a ZIP archive. */
function zipMembers(bytes: Uint8Array, path: string): Member[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let end = bytes.length - 22;
  const least = Math.max(0, end - 65_535);
  while (end >= least && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < least) throw wrong(path, 'a ZIP archive (.npz)', 'other bytes, or a cut file');
  const members: Member[] = [];
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let member = 0; member < count; member++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) {
      throw wrong(path, `a directory of ${count} members`, `a damaged one at byte ${at}`);
    }
    const [method, packed, size] = [
      view.getUint16(at + 10, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 24, true),
    ];
    const [nameLength, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true)) as [
      number,
      number,
      number,
    ];
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const local = view.getUint32(at + 42, true);
    if (local + 30 > bytes.length) throw wrong(path, `member ${name} inside the file`, `byte ${local}`);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + packed > bytes.length)
      throw wrong(path, `${packed} bytes of ${name}`, 'a file that ends before');
    if (method !== 0 && method !== 8)
      throw wrong(path, 'stored or deflated members', `method ${method} for ${name}`);
    members.push({ name, stored: method === 0, packed, size, start });
    at += 46 + nameLength + extra + comment;
  }
  return members;
}

function wrong(path: string, expected: string, got: string): ArLensError {
  return new ArLensError('badInput', `${path}: expected ${expected}, got ${got}.`);
}
