// Half precision to float32, all 65,536 patterns of both kinds, and tensors that are read in several pieces.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bfloatToFloat32, halfToFloat32, type DType, type TensorData } from './dtypes';
import { writeSafetensors } from './safetensors';
import { isReadable, openSafetensors } from './safetensorsReader';

const EVERY = Uint16Array.from({ length: 1 << 16 }, (_, bits) => bits);
const bitsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);

/** By moving bits alone: sign, exponent and fraction to where float32 has them. */
function halfByBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  let exponent = (half >> 10) & 0x1f;
  let fraction = half & 0x3ff;
  if (exponent === 31) return (sign | 0x7f800000 | (fraction << 13)) >>> 0;
  if (exponent === 0) {
    if (fraction === 0) return sign >>> 0;
    exponent = 1;
    while ((fraction & 0x400) === 0) {
      fraction <<= 1;
      exponent--;
    }
    fraction &= 0x3ff;
  }
  return (sign | ((exponent + 112) << 23) | (fraction << 13)) >>> 0;
}

describe('16 bits as float32', () => {
  it('F16 exactly: zeros of both signs, subnormals, infinities, NaN', () => {
    const values = new Float32Array(EVERY.length);
    halfToFloat32(EVERY, values);
    const found = bitsOf(values);
    for (const half of EVERY) {
      const isNaN = (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0;
      if (isNaN) expect(values[half]).toBeNaN();
      else if (found[half] !== halfByBits(half))
        expect([half, found[half]]).toEqual([half, halfByBits(half)]);
    }
    expect([values[1], values[0x3ff], values[0x400], values[0x7bff]]).toEqual([
      2 ** -24,
      1023 * 2 ** -24,
      2 ** -14,
      65504,
    ]);
  });

  it('BF16 exactly, NaN’s own bits included', () => {
    const values = new Float32Array(EVERY.length);
    bfloatToFloat32(EVERY, values);
    const words = bitsOf(values);
    for (const bits of EVERY) if (words[bits] !== bits * 65536) expect(words[bits]).toBe(bits * 65536);
  });
});

describe('a tensor in pieces', () => {
  const COUNT = (1 << 18) + 5;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ar-lens-reader-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each<[DType, TensorData, (index: number) => number]>([
    ['F32', Float32Array.from({ length: COUNT }, (_, i) => i / 3), (i) => Math.fround(i / 3)],
    ['F16', Uint16Array.from({ length: COUNT }, (_, i) => 0x3c00 + (i % 1024)), (i) => 1 + (i % 1024) / 1024],
    ['BF16', Uint16Array.from({ length: COUNT }, (_, i) => 0x3f80 + (i % 128)), (i) => 1 + (i % 128) / 128],
  ])('of %s has the values that are in the file', async (dtype, data, expected) => {
    const path = join(folder, `${dtype}.safetensors`);
    const small = { dtype, shape: [3], data: data.slice(0, 3) };
    await writeSafetensors(
      path,
      new Map([
        ['a', small],
        ['b', { dtype, shape: [COUNT], data }],
        ['none', { dtype, shape: [0, 4], data: data.slice(0, 0) }],
      ]),
    );
    const reader = await openSafetensors(path);
    for (const entry of reader.entries) {
      const [count = 0] = entry.shape;
      const values = new Float32Array(count);
      const pieces: number[] = [];
      await reader.read(entry, (piece, from) => {
        pieces.push(piece.length);
        values.set(piece, from);
      });
      expect(pieces).toEqual(count === COUNT ? [1 << 18, 5] : count === 0 ? [] : [3]);
      expect(values).toEqual(Float32Array.from({ length: count }, (_, i) => expected(i)));
      expect(reader.readSync(entry)).toEqual(values);
    }
    await reader.close();
  });

  it('of another type is refused', async () => {
    const path = join(folder, 'I32.safetensors');
    await writeSafetensors(path, new Map([['a', { dtype: 'I32', shape: [1], data: Int32Array.of(1) }]]));
    const reader = await openSafetensors(path);
    const [entry] = reader.entries;
    if (!entry) throw new Error('expected an entry');
    expect(isReadable(entry.dtype)).toBe(false);
    await expect(reader.read(entry, () => undefined)).rejects.toThrow(
      'expected dtype F32, F16 or BF16, got I32',
    );
    expect(() => reader.readSync(entry)).toThrow('got I32');
    await reader.close();
  });
});
