// Pictures of every PNG kind against an encoder of their own, and everything a hostile or cut file can say.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { encode as encodeJpeg } from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openIdx } from './idx';
import { readNpy, readNpz } from './npy';
import { decodePicture, encodePng } from './picture';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'ar-lens-formats-'))));
afterAll(() => rm(folder, { recursive: true }));

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
function chunk(type: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  return Buffer.concat([u32(body.length), named, u32(crc32(named))]);
}
interface PngPlan {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly interlaced?: boolean;
  readonly palette?: Uint8Array;
  readonly transparency?: Uint8Array;
  /** One sample of a pixel. */
  readonly sample: (row: number, column: number, channel: number) => number;
}
const SAMPLES: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Filter 0 only; passes of Adam7 as the standard lists them. */
function makePng({
  width,
  height,
  depth,
  colour,
  interlaced,
  palette,
  transparency,
  sample,
}: PngPlan): Buffer {
  const passes = interlaced
    ? [
        [0, 0, 8, 8],
        [0, 4, 8, 8],
        [4, 0, 8, 4],
        [0, 2, 4, 4],
        [2, 0, 4, 2],
        [0, 1, 2, 2],
        [1, 0, 2, 1],
      ]
    : [[0, 0, 1, 1]];
  const lines: number[] = [];
  for (const [top = 0, left = 0, down = 1, right = 1] of passes) {
    if (top >= height || left >= width) continue;
    for (let r = top; r < height; r += down) {
      let bits = '';
      for (let c = left; c < width; c += right) {
        for (let s = 0; s < (SAMPLES[colour] ?? 1); s++)
          bits += sample(r, c, s).toString(2).padStart(depth, '0');
      }
      lines.push(0);
      for (let at = 0; at < bits.length; at += 8)
        lines.push(parseInt(bits.slice(at, at + 8).padEnd(8, '0'), 2));
    }
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk(
      'IHDR',
      Buffer.concat([u32(width), u32(height), Buffer.from([depth, colour, 0, 0, interlaced ? 1 : 0])]),
    ),
    ...(palette ? [chunk('PLTE', palette)] : []),
    ...(transparency ? [chunk('tRNS', transparency)] : []),
    chunk('IDAT', deflateSync(Buffer.from(lines))),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

describe('PNG', () => {
  const kinds = [0, 2, 3, 4, 6].flatMap((colour) =>
    ({ 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] })[colour as 0].flatMap(
      (depth) => [false, true].map((interlaced) => [colour, depth, interlaced] as const),
    ),
  );
  it.each(kinds)('colour type %i, %i bits, interlaced %s', (colour, depth, interlaced) => {
    const most = 2 ** depth - 1;
    const palette = Uint8Array.from({ length: 3 * 2 ** Math.min(8, depth) }, (_, at) => (37 * at + 11) % 256);
    for (const [height, width] of [
      [1, 1],
      [5, 11],
      [9, 3],
    ] as const) {
      const sample = (r: number, c: number, s: number) => (13 * r + 7 * c + 101 * s * s + r * c) % (most + 1);
      const plan = { width, height, depth, colour, interlaced, sample, ...(colour === 3 ? { palette } : {}) };
      const { rgb, isGrey, ...size } = decodePicture(makePng(plan), 'a.png');
      expect(size).toEqual({ height, width });
      const scaled = (value: number) => (255 * value) / most;
      for (let at = 0; at < height * width; at++) {
        const [r, c] = [Math.floor(at / width), at % width];
        const alpha = colour === 4 ? scaled(sample(r, c, 1)) : colour === 6 ? scaled(sample(r, c, 3)) : 255;
        for (let channel = 0; channel < 3; channel++) {
          const base =
            colour === 3
              ? (palette[3 * sample(r, c, 0) + channel] as number)
              : scaled(sample(r, c, colour === 0 || colour === 4 ? 0 : channel));
          const expected = (base * alpha + 255 * (255 - alpha)) / 255;
          // Rounding to 8 bits happens before and after the white behind.
          expect(Math.abs((rgb[3 * at + channel] as number) - expected)).toBeLessThanOrEqual(1.01);
        }
      }
      if (colour === 0) expect(isGrey).toBe(true);
    }
  });

  it('keeps 16 bits to within rounding and shows a transparent colour as white', () => {
    const grey = {
      width: 2,
      height: 1,
      depth: 16,
      colour: 0,
      sample: (_: number, c: number) => [0x8000, 0x1234][c] ?? 0,
    };
    expect([...decodePicture(makePng(grey), 'a.png').rgb]).toEqual([128, 128, 128, 18, 18, 18]);
    const transparency = Uint8Array.of(0x12, 0x34);
    expect([...decodePicture(makePng({ ...grey, transparency }), 'a.png').rgb]).toEqual([
      128, 128, 128, 255, 255, 255,
    ]);
  });

  it('comes back from the encoder as it was, grey and RGB', () => {
    for (const channels of [1, 3]) {
      const pixels = Uint8Array.from({ length: 6 * channels }, (_, at) => 40 * at);
      const { rgb, isGrey } = decodePicture(encodePng({ height: 2, width: 3 }, channels, pixels), 'a.png');
      expect(isGrey).toBe(channels === 1);
      pixels.forEach((value, at) => expect(rgb[channels === 1 ? 3 * at : at]).toBe(value));
    }
  });

  const small: PngPlan = { width: 4, height: 4, depth: 8, colour: 0, sample: () => 7 };
  const withData = (width: number, height: number, data: Uint8Array) =>
    Buffer.concat([
      makePng(small).subarray(0, 8),
      chunk('IHDR', Buffer.concat([u32(width), u32(height), Buffer.from([8, 0, 0, 0, 0])])),
      chunk('IDAT', data),
      chunk('IEND', new Uint8Array(0)),
    ]);

  it.each<[string, () => Uint8Array, RegExp]>([
    ['an empty file', () => new Uint8Array(0), /a PNG or JPEG picture, got an empty file/],
    ['a text', () => Buffer.from('not a picture'), /got other bytes/],
    [
      'a bomb',
      () => withData(4, 4, deflateSync(Buffer.alloc(50_000_000))),
      /at most 20 bytes for 4 × 4 pixels, got more/,
    ],
    [
      'a promise of 4 gigapixels',
      () => withData(65_000, 65_000, deflateSync(Buffer.alloc(9))),
      /got 65000 × 65000/,
    ],
    ['no rows', () => withData(4, 0, deflateSync(Buffer.alloc(9))), /got 4 × 0/],
    ['too few rows', () => withData(4, 4, deflateSync(Buffer.alloc(9))), /image data of 20 bytes, got 9/],
    ['damaged data', () => withData(4, 4, randomBytes(30)), /got damaged data/],
    ['a cut file', () => makePng(small).subarray(0, 50), /expected a IDAT chunk of \d+ bytes|got none/],
    ['an unknown colour type', () => makePng({ ...small, colour: 5 }), /a PNG colour type, got 5/],
  ])('refuses %s in one sentence', (_, bytes, message) => {
    expect(() => decodePicture(bytes(), 'x.png')).toThrow(message);
    expect(() => decodePicture(bytes(), 'x.png')).toThrow(/^x\.png: expected .*\.$/);
  });
});

describe('JPEG', () => {
  it('reads what was written, and refuses a cut file', () => {
    const data = Buffer.alloc(4 * 16 * 8, 255).fill(90, 0, 4 * 16 * 4);
    const jpeg = encodeJpeg({ width: 16, height: 8, data }, 95).data;
    const { height, width, rgb } = decodePicture(jpeg, 'a.jpg');
    expect([height, width]).toEqual([8, 16]);
    expect(Math.abs((rgb[0] as number) - 90)).toBeLessThan(12);
    expect(() => decodePicture(jpeg.subarray(0, 30), 'a.jpg')).toThrow(
      /^a\.jpg: expected a JPEG header with a size/,
    );
    expect(() => decodePicture(jpeg.subarray(0, 220), 'a.jpg')).toThrow(/^a\.jpg: expected/);
  });
});

describe('IDX', () => {
  const header = (...sizes: number[]) =>
    Buffer.concat([Buffer.from([0, 0, 8, sizes.length]), ...sizes.map(u32)]);
  const written = async (name: string, bytes: Uint8Array) => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
  };

  it('reads any items, packed or not', async () => {
    const bytes = Buffer.concat([header(5, 2, 3), Buffer.from(Array.from({ length: 30 }, (_, at) => at))]);
    for (const [name, content] of [
      ['a-idx3', bytes],
      ['a-idx3.gz', gzipSync(bytes)],
    ] as const) {
      const file = await openIdx(await written(name, content));
      expect([file.count, file.dimensions]).toEqual([5, [2, 3]]);
      expect([...(await file.read(3, 2))]).toEqual(Array.from({ length: 12 }, (_, at) => 18 + at));
      await file.close();
    }
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['empty', new Uint8Array(0), /byte 0: expected an IDX header of 8 bytes or more, got 0 bytes/],
    ['a text', Buffer.from('hello, world'), /byte 0: expected the magic number of IDX.* got 0x68656c6c/],
    [
      'floats',
      Buffer.from([0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0]),
      /byte 2: expected IDX of unsigned bytes.*0x0d/,
    ],
    ['9 dimensions', Buffer.from([0, 0, 8, 9, 0, 0, 0, 1]), /byte 3: expected from 1 to 4 dimensions, got 9/],
    ['cut in its sizes', Buffer.from([0, 0, 8, 3, 0, 0, 0, 1]), /expected 3 sizes, got a file of 8 bytes/],
    ['no image', Buffer.concat([header(0, 28, 28)]), /byte 4: expected a size of at least 1, got 0/],
    [
      'cut',
      Buffer.concat([header(10, 2, 2), Buffer.alloc(39)]),
      /a file of 56 bytes, as its sizes 10 × 2 × 2 say, got 55 bytes/,
    ],
    ['longer than it says', Buffer.concat([header(10, 2, 2), Buffer.alloc(41)]), /got 57 bytes/],
    [
      'a count that lies',
      Buffer.concat([header(4e9, 4e4, 4e4), Buffer.alloc(9)]),
      /a file of 64\d+ bytes|a file of 6400000000000000000 bytes/,
    ],
    ['a cut .gz', gzipSync(randomBytes(500)).subarray(0, 200), /a whole \.gz file, got damaged or cut data/],
  ])('refuses one that is %s', async (name, bytes, message) => {
    await expect(openIdx(await written(`bad ${name}`, bytes))).rejects.toThrow(message);
  });
});

describe('NumPy', () => {
  const npy = (descr: string, shape: string, data: Uint8Array, order = 'False') => {
    const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }\n`;
    const length = Buffer.alloc(2);
    length.writeUInt16LE(text.length);
    return Buffer.concat([
      Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]),
      length,
      Buffer.from(text),
      data,
    ]);
  };

  it('reads bytes, truth values and floats from 0 to 1', () => {
    expect(readNpy(npy('|u1', '2, 3', Uint8Array.of(1, 2, 3, 4, 5, 6)), 'a.npy')).toEqual({
      shape: [2, 3],
      values: Buffer.from([1, 2, 3, 4, 5, 6]),
    });
    expect([...readNpy(npy('|b1', '2,', Uint8Array.of(0, 1)), 'a.npy').values]).toEqual([0, 255]);
    const floats = new Uint8Array(Float32Array.of(0, 0.5, 1).buffer);
    expect([...readNpy(npy('<f4', '3,', floats), 'a.npy').values]).toEqual([0, 128, 255]);
    const doubles = new Uint8Array(Float64Array.of(0.2, 1).buffer);
    expect([...readNpy(npy('<f8', '2,', doubles), 'a.npy').values]).toEqual([51, 255]);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['other bytes', Buffer.from('PK nothing'), /a \.npy array, got other bytes/],
    ['objects', npy('|O', '1,', Uint8Array.of(1)), /an array of uint8, bool, float32 or float64, got "\|O"/],
    [
      'a shape that lies',
      npy('|u1', '4000000000, 9', Uint8Array.of(1)),
      /expected 36000000000 bytes of data/,
    ],
    ['columns first', npy('|u1', '1,', Uint8Array.of(1), 'True'), /got columns in order \(Fortran\)/],
    [
      'floats above 1',
      npy('<f4', '1,', new Uint8Array(Float32Array.of(7).buffer)),
      /floats from 0 to 1, got 7 at element 0/,
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readNpy(bytes, 'a.npy')).toThrow(message);
  });

  it('reads the one array of an archive, stored or deflated, and refuses one that is cut or lies', () => {
    const array = npy('|u1', '2, 2', Uint8Array.of(9, 8, 7, 6));
    const archive = (stored: boolean, size = array.length) => {
      const data = stored ? array : deflateSync(array).subarray(2, -4);
      const name = Buffer.from('images.npy');
      const head = Buffer.alloc(46);
      head.writeUInt32LE(0x02014b50);
      head.writeUInt16LE(stored ? 0 : 8, 10);
      head.writeUInt32LE(data.length, 20);
      head.writeUInt32LE(size, 24);
      head.writeUInt16LE(name.length, 28);
      const local = Buffer.alloc(30);
      local.writeUInt32LE(0x04034b50);
      local.writeUInt16LE(name.length, 26);
      const end = Buffer.alloc(22);
      end.writeUInt32LE(0x06054b50);
      end.writeUInt16LE(1, 10);
      end.writeUInt32LE(30 + name.length + data.length, 16);
      return Buffer.concat([local, name, data, head, name, end]);
    };
    for (const stored of [true, false]) {
      expect([...readNpz(archive(stored), 'a.npz').values]).toEqual([9, 8, 7, 6]);
    }
    expect(() => readNpz(archive(false, 10), 'a.npz')).toThrow(
      /expected 10 bytes of packed data, got damaged data or more/,
    );
    expect(() => readNpz(archive(true).subarray(0, 60), 'a.npz')).toThrow(
      /a ZIP archive \(\.npz\), got other bytes, or a cut file/,
    );
  });
});
