// One picture file, PNG or JPEG, as 8-bit RGB. What a header promises is checked before anything of that size is made.
// The decoding itself is pngjs's and jpeg-js's.
import { inflateSync } from 'node:zlib';
import { decode as decodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { ArLensError } from '../protocol/errors';

export interface Picture {
  readonly height: number;
  readonly width: number;
  /** RGB, row by row: 3 · height · width. Transparent parts lie on white; 16-bit samples are rounded to 8. */
  readonly rgb: Uint8Array;
  /** Whether every pixel has R = G = B. */
  readonly isGrey: boolean;
}

export interface PictureSize {
  readonly height: number;
  readonly width: number;
}

const LARGEST_SIDE = 16_384;
const LARGEST_PIXELS = 32 * 2 ** 20;
const PNG_MARK = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** @throws ArLensError: path, expected, got. */
export function decodePicture(bytes: Uint8Array, path: string): Picture {
  const kind = pictureKind(bytes);
  if (kind === 'png') return overWhite(decodePng(bytes, path));
  if (kind === 'jpeg') return overWhite(decodeJpegFile(bytes, path));
  throw wrong(path, 'a PNG or JPEG picture', bytes.length === 0 ? 'an empty file' : 'other bytes');
}

export function pictureKind(bytes: Uint8Array): 'png' | 'jpeg' | undefined {
  if (PNG_MARK.every((byte, at) => bytes[at] === byte)) return 'png';
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff ? 'jpeg' : undefined;
}

/** A grey or RGB picture as an 8-bit PNG. @param pixels [height, width, channels], channels 1 or 3 */
export function encodePng({ height, width }: PictureSize, channels: number, pixels: Uint8Array): Uint8Array {
  const rgba = Buffer.alloc(4 * height * width, 255);
  for (let at = 0; at < height * width; at++) {
    for (let c = 0; c < 3; c++) rgba[4 * at + c] = pixels[at * channels + (channels === 1 ? 0 : c)] ?? 0;
  }
  const png = new PNG({ width, height });
  png.data = rgba;
  const written = PNG.sync.write(png, { colorType: channels === 1 ? 0 : 2, inputHasAlpha: true });
  return new Uint8Array(written.buffer, written.byteOffset, written.length);
}

interface Rgba extends PictureSize {
  readonly data: Uint8Array;
}

function decodePng(bytes: Uint8Array, path: string): Rgba {
  const { data, ...header } = pngHeader(bytes, path);
  requireSize(header, path);
  // A few bytes can inflate to gigabytes: never further than the header's own picture needs.
  const line = Math.ceil((header.width * header.bits) / 8);
  const most = header.height * (line + 1) + (header.interlaced ? 8 * (header.height + header.width) + 64 : 0);
  let inflated: number;
  try {
    inflated = inflateSync(data, { maxOutputLength: most }).length;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const got = code === 'ERR_BUFFER_TOO_LARGE' ? 'more than that' : 'damaged data';
    throw wrong(
      path,
      `image data of at most ${most} bytes for ${header.width} × ${header.height} pixels`,
      got,
    );
  }
  const least = header.interlaced ? 1 : header.height * (line + 1);
  if (inflated < least) throw wrong(path, `image data of ${least} bytes`, `${inflated}: the picture is cut`);
  try {
    const { width, height, data: rgba } = PNG.sync.read(Buffer.from(bytes));
    return { width, height, data: rgba };
  } catch (error) {
    throw wrong(path, 'a whole PNG picture', error instanceof Error ? error.message : 'an error');
  }
}

interface PngHeader extends PictureSize {
  /** Of one pixel. */
  readonly bits: number;
  readonly interlaced: boolean;
  /** All IDAT chunks, joined. */
  readonly data: Uint8Array;
}

const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

function pngHeader(bytes: Uint8Array, path: string): PngHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [];
  let header: Omit<PngHeader, 'data'> | undefined;
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (length > bytes.length - at - 12) {
      throw wrong(
        path,
        `a ${type} chunk of ${length} bytes at ${at}`,
        `a file that ends after ${bytes.length}`,
      );
    }
    const body = at + 8;
    if (type === 'IHDR' && length === 13) {
      const samples = SAMPLES[bytes[body + 9] ?? -1];
      if (samples === undefined) throw wrong(path, 'a PNG colour type', String(bytes[body + 9]));
      header = {
        width: view.getUint32(body),
        height: view.getUint32(body + 4),
        bits: (bytes[body + 8] ?? 0) * samples,
        interlaced: bytes[body + 12] === 1,
      };
    }
    if (type === 'IDAT') parts.push(bytes.subarray(body, body + length));
    if (type === 'IEND') break;
    at += length + 12;
  }
  if (!header) throw wrong(path, 'a PNG header', 'none');
  if (parts.length === 0) throw wrong(path, 'image data', 'none: the picture is cut');
  return { ...header, data: Buffer.concat(parts) };
}

function decodeJpegFile(bytes: Uint8Array, path: string): Rgba {
  requireSize(jpegSize(bytes, path), path);
  try {
    return decodeJpeg(bytes, { useTArray: true, maxResolutionInMP: 64, maxMemoryUsageInMB: 1024 });
  } catch (error) {
    throw wrong(path, 'a whole JPEG picture', error instanceof Error ? error.message : 'an error');
  }
}

/** From the first start-of-frame marker. */
function jpegSize(bytes: Uint8Array, path: string): PictureSize {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + view.getUint16(at + 2);
  }
  throw wrong(path, 'a JPEG header with a size', 'none: the picture is cut');
}

function requireSize({ height, width }: PictureSize, path: string): void {
  const fits = height >= 1 && width >= 1 && height <= LARGEST_SIDE && width <= LARGEST_SIDE;
  if (fits && height * width <= LARGEST_PIXELS) return;
  throw wrong(
    path,
    `a picture of at most ${LARGEST_SIDE} a side and ${LARGEST_PIXELS} pixels`,
    `${width} × ${height}`,
  );
}

function overWhite({ height, width, data }: Rgba): Picture {
  const rgb = new Uint8Array(3 * height * width);
  let isGrey = true;
  for (let at = 0; at < height * width; at++) {
    const alpha = data[4 * at + 3] ?? 255;
    for (let c = 0; c < 3; c++) {
      const value = data[4 * at + c] ?? 0;
      rgb[3 * at + c] = alpha === 255 ? value : Math.round((value * alpha + 255 * (255 - alpha)) / 255);
    }
    isGrey &&= rgb[3 * at] === rgb[3 * at + 1] && rgb[3 * at] === rgb[3 * at + 2];
  }
  return { height, width, rgb, isGrey };
}

function wrong(path: string, expected: string, got: string): ArLensError {
  return new ArLensError('badInput', `${path}: expected ${expected}, got ${got}.`);
}
