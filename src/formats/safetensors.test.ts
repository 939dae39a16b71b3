// The reader against files that lie: each is refused in one sentence, or read to the same values.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArLensError } from '../protocol/errors';
import { bfloatToFloat32, halfToFloat32 } from './dtypes';
import {
  firstNonFinite,
  readSafetensors,
  readSafetensorsHeader,
  requireFinite,
  safetensorsChunks,
  writeSafetensors,
  type NamedTensor,
} from './safetensors';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arlens-safetensors-'));
  file = join(folder, 'a.safetensors');
});
afterAll(() => rm(folder, { recursive: true }));

const tensors = new Map<string, NamedTensor>([
  ['b', { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, -2, 0.5, 3e38) }],
  ['a', { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 255) }],
  ['7', { dtype: 'I64', shape: [], data: BigInt64Array.of(-(2n ** 62n)) }],
  ['none', { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) }],
]);

/** A file with any header text and any number of data bytes. */
function made(header: string | Uint8Array, data: number, length?: bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

/** Reads bytes as a file; a refusal must be one typed sentence that names the file. */
async function attempt(bytes: Uint8Array): Promise<Map<string, NamedTensor> | string> {
  await writeFile(file, bytes);
  try {
    return (await readSafetensors(file)).tensors;
  } catch (error) {
    expect(error).toBeInstanceOf(ArLensError);
    const { message, reason } = error as ArLensError;
    expect(reason).toBe('badInput');
    expect(message.startsWith(`${file}: `)).toBe(true);
    expect(message).toMatch(/^[^\n\r]+: expected [^\n\r]+, got [^\n\r]+\.$/);
    expect(message.length).toBeLessThan(500);
    return message;
  }
}

describe('writing and reading', () => {
  it('gives back every tensor and the metadata', async () => {
    await writeSafetensors(file, tensors, { step: '12' });
    const back = await readSafetensors(file);
    expect(back.metadata).toEqual({ format: 'pt', step: '12' });
    expect(new Map([...back.tensors].sort())).toEqual(new Map([...tensors].sort()));
  });

  it('writes equal bytes whatever the order of the map, with the data aligned', () => {
    const bytes = Buffer.concat(safetensorsChunks(tensors));
    expect(Buffer.concat(safetensorsChunks(new Map([...tensors].reverse()))).equals(bytes)).toBe(true);
    expect(bytes.readBigUInt64LE(0) % 8n).toBe(0n);
    expect(bytes.indexOf('"7"')).toBeLessThan(bytes.indexOf('"b"')); // eight-byte elements first
  });

  it('reads only what is selected and only the header when asked', async () => {
    await writeSafetensors(file, tensors);
    const some = await readSafetensors(file, { select: (name) => name === 'a' });
    expect([...some.tensors.keys()]).toEqual(['a']);
    expect((await readSafetensorsHeader(file)).entries.map(({ name }) => name)).toEqual([
      '7',
      'b',
      'none',
      'a',
    ]);
  });

  it('converts halves across the pieces it reads them in', async () => {
    const elements = (1 << 19) + 3;
    const bits = Uint16Array.from({ length: elements }, (_, i) => i & 0x7bff); // every finite positive half
    await writeSafetensors(
      file,
      new Map<string, NamedTensor>([['h', { dtype: 'F16', shape: [elements], data: bits }]]),
    );
    const { data, dtype } = (await readSafetensors(file, { float32: true })).tensors.get('h') as NamedTensor;
    const expected = new Float32Array(elements);
    halfToFloat32(bits, expected);
    expect(dtype).toBe('F32');
    expect(data).toEqual(expected);
  });

  it('refuses to write data that does not fill its shape', () => {
    const wrong = new Map<string, NamedTensor>([
      ['w', { dtype: 'F32', shape: [3], data: new Float32Array(2) }],
    ]);
    expect(() => safetensorsChunks(wrong)).toThrow('expected 12 bytes for w [3] F32, got 8');
  });
});

describe('half precision', () => {
  it('follows IEEE 754 at its edges', () => {
    const out = new Float32Array(9);
    halfToFloat32(
      Uint16Array.of(0x0000, 0x8000, 0x0001, 0x03ff, 0x0400, 0x3c00, 0x7bff, 0xfc00, 0x7e00),
      out,
    );
    const subnormal = 2 ** -24;
    expect(Array.from(out)).toEqual([0, -0, subnormal, 1023 * subnormal, 2 ** -14, 1, 65504, -Infinity, NaN]);
    bfloatToFloat32(Uint16Array.of(0x3f80, 0xc000, 0x7f80, 0x0001), out.subarray(0, 4));
    expect(Array.from(out.subarray(0, 4))).toEqual([1, -2, Infinity, 2 ** -133]);
  });
});

describe('values that break a model', () => {
  it('are found with their place', () => {
    expect(firstNonFinite(Float32Array.of(1, 2, NaN))).toBe(2);
    expect(firstNonFinite(Float32Array.of(1, -Infinity))).toBe(1);
    expect(firstNonFinite(Float32Array.of(1, 3e38))).toBe(-1);
    const broken = new Map<string, NamedTensor>([
      ['w', { dtype: 'F32', shape: [2], data: Float32Array.of(0, NaN) }],
    ]);
    expect(() => requireFinite('m.safetensors', broken)).toThrow(
      'm.safetensors: tensor w, element 1: expected a finite number, got NaN.',
    );
    expect(() => requireFinite('m.safetensors', tensors)).not.toThrow();
  });
});

describe('a file cut or changed', () => {
  it('is refused wherever it is cut', async () => {
    const whole = Buffer.concat(safetensorsChunks(tensors));
    for (let length = 0; length < whole.length; length++) {
      expect(typeof (await attempt(whole.subarray(0, length)))).toBe('string');
    }
    expect(typeof (await attempt(Buffer.concat([whole, Buffer.of(0)])))).toBe('string');
  });

  it('is refused or still a sound file when any byte of its header is another', async () => {
    const whole = Buffer.concat(safetensorsChunks(tensors));
    const dataStart = 8 + Number(whole.readBigUInt64LE(0));
    for (let at = 0; at < dataStart; at++) {
      for (const flip of [0x01, 0x02, 0x10, 0x20, 0x80, 0xff]) {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        const result = await attempt(bytes);
        if (typeof result === 'string') continue;
        // A changed name, dtype of the same size, shape of the same product or note can pass; lengths still agree.
        for (const { data, shape } of result.values()) {
          expect(data.length).toBe(shape.reduce((product, dimension) => product * dimension, 1));
        }
      }
    }
  });
});

describe('a file that lies', () => {
  const f32 = (shape: string, offsets: string) =>
    `{"dtype":"F32","shape":${shape},"data_offsets":${offsets}}`;
  const lies: [string, Uint8Array, string][] = [
    [
      'a huge header length',
      made('{}', 0, 2n ** 63n),
      'a header length from 2 to 2, got 9223372036854775808',
    ],
    ['a header length of 0', made('{}', 0, 0n), 'a header length from 2 to 2, got 0'],
    ['no JSON', made('{]', 0), 'the header: expected JSON'],
    ['a list', made('[]', 0), "offset 8: expected '{'"],
    ['no UTF-8', made(Uint8Array.of(0x7b, 0xff, 0x7d), 0), 'expected UTF-8'],
    ['a name twice', made(`{"a":${f32('[1]', '[0,4]')},"\\u0061":${f32('[1]', '[4,8]')}}`, 8), 'a twice'],
    [
      'a key twice',
      made('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
      'dtype twice',
    ],
    ['an unknown dtype', made('{"a":{"dtype":"F8","shape":[4],"data_offsets":[0,4]}}', 4), 'got F8'],
    [
      'a dtype from the prototype',
      made('{"a":{"dtype":"toString","shape":[4],"data_offsets":[0,4]}}', 4),
      'got toString',
    ],
    ['a negative size', made(`{"a":${f32('[-1]', '[0,4]')}}`, 4), 'a shape of whole numbers, got [-1]'],
    ['a fraction', made(`{"a":${f32('[1.5]', '[0,6]')}}`, 6), 'a shape of whole numbers'],
    ['a size beyond exact numbers', made(`{"a":${f32('[9007199254740992]', '[0,4]')}}`, 4), 'a shape'],
    [
      'a product that overflows',
      made(`{"a":${f32('[9007199254740991,9007199254740991,0]', '[0,4]')}}`, 4),
      '0 bytes',
    ],
    ['too many dimensions', made(`{"a":${f32(`[${'1,'.repeat(64)}1]`, '[0,4]')}}`, 4), 'a shape'],
    ['an end before its begin', made(`{"a":${f32('[1]', '[4,0]')}}`, 4), 'data_offsets in order'],
    ['an end after the file', made(`{"a":${f32('[2]', '[0,8]')}}`, 4), "within the file's 4 bytes"],
    ['one offset', made(`{"a":${f32('[1]', '[0]')}}`, 4), 'two data_offsets, got [0]'],
    ['offsets that are text', made(`{"a":${f32('[1]', '"0,4"')}}`, 4), 'two data_offsets, got 0,4'],
    ['an overlap', made(`{"a":${f32('[2]', '[0,8]')},"b":${f32('[1]', '[4,8]')}}`, 8), 'an overlap'],
    ['a hole', made(`{"a":${f32('[1]', '[0,4]')},"b":${f32('[1]', '[8,12]')}}`, 12), 'a hole'],
    [
      'data that nobody owns',
      made(`{"a":${f32('[1]', '[0,4]')}}`, 8),
      'the end of the data: expected offset 4',
    ],
    ['a shape of another size', made(`{"a":${f32('[3]', '[0,8]')}}`, 8), '12 bytes for F32 [3], got 8'],
    ['a key of its own', made('{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1],"x":1}}', 1), 'got x'],
    [
      'metadata that is a number',
      made('{"__metadata__":{"n":1}}', 0),
      '__metadata__, n: expected a string, got 1',
    ],
    ['a tensor that is a list', made('{"a":[1]}', 0), 'tensor a: expected an object, got [1]'],
    ['a very deep value', made(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 0), 'got a list'],
    ['lines in a name', made(`{"a\\n\\u2028b":${f32('[1]', '[0]')}}`, 4), 'tensor a b: expected'],
  ];
  it.each(lies)('with %s is refused and says so', async (_, bytes, sentence) => {
    expect(await attempt(bytes)).toContain(sentence);
  });

  it('or is no file is refused as such', async () => {
    await expect(readSafetensors(folder)).rejects.toThrow('expected a safetensors file, got a folder');
    await expect(readSafetensors(join(folder, 'no'))).rejects.toMatchObject({ reason: 'notFound' });
  });

  it('takes no memory for a size it only claims', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const claims = made(`{"a":${f32('[1099511627776]', '[0,4398046511104]')}}`, 4);
    expect(typeof (await attempt(claims))).toBe('string');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  });
});
