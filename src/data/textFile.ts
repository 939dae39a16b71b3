// Reads a text file that may be anything: bounded in size, and UTF-8 or refused with the place where it is not.
import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { ArLensError } from '../protocol/errors';

/** The largest text that is read in one piece; its token columns take about twenty times as much memory. */
export const MAX_TEXT_BYTES = 100_000_000;

export interface TextFile {
  readonly text: string;
  /** The file's bytes: UTF-8, a byte order mark included. */
  readonly bytes: Uint8Array;
}

/** @throws ArLensError: file, place, expected, got. */
export async function readTextFile(path: string, maximumBytes = MAX_TEXT_BYTES): Promise<TextFile> {
  const bytes = await readBounded(path, maximumBytes);
  if (!isUtf8(bytes)) {
    const offset = firstInvalidUtf8(bytes);
    const got = bytes[offset] ?? 0;
    const shown = `0x${got.toString(16).toUpperCase().padStart(2, '0')}`;
    throw new ArLensError('badInput', `${path}: byte ${offset}: expected UTF-8 text, got ${shown}.`);
  }
  return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), bytes };
}

async function readBounded(path: string, maximumBytes: number): Promise<Uint8Array> {
  try {
    // Before opening: opening a pipe would wait for its other end.
    const info = await stat(path);
    if (!info.isFile()) {
      const got = info.isDirectory() ? 'a folder' : 'something else';
      throw new ArLensError('badInput', `${path}: expected a text file, got ${got}.`);
    }
    if (info.size > maximumBytes) {
      throw new ArLensError(
        'badInput',
        `${path}: expected at most ${maximumBytes} bytes of text, got ${info.size}.`,
      );
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof ArLensError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'an error';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ArLensError('notFound', `${path}: expected a text file, got nothing there.`);
    }
    const got = code === 'EACCES' || code === 'EPERM' ? 'no permission' : code;
    throw new ArLensError('badInput', `${path}: expected a text file that can be read, got ${got}.`);
  }
}

/** @returns the offset where the first malformed UTF-8 sequence starts, or −1: no overlong forms, no surrogates. */
export function firstInvalidUtf8(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const length =
      lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length === 0) return at;
    for (let follow = 1; follow < length; follow++) {
      const byte = bytes[at + follow] ?? 0;
      if (byte < leastFollower(lead, follow) || byte > greatestFollower(lead, follow)) return at;
    }
    at += length;
  }
  return -1;
}

function leastFollower(lead: number, follow: number): number {
  if (follow > 1) return 0x80;
  return lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
}

function greatestFollower(lead: number, follow: number): number {
  if (follow > 1) return 0xbf;
  return lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
}
