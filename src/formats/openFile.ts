// Opens a file that may be anything for reading, or says in one sentence why it cannot be. Knows no format.
import { open, stat, type FileHandle } from 'node:fs/promises';
import { ArLensError } from '../protocol/errors';

/** @param what what is expected there, with its article. @throws ArLensError: path, expected, got. */
export async function openForReading(path: string, what: string): Promise<FileHandle> {
  try {
    // Before opening: opening a pipe would wait for its other end.
    const info = await stat(path);
    if (info.isFile()) return await open(path, 'r');
    const got = info.isDirectory() ? 'a folder' : 'something else';
    throw new ArLensError('badInput', `${path}: expected ${what}, got ${got}.`);
  } catch (error) {
    if (error instanceof ArLensError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ArLensError('notFound', `${path}: expected ${what}, got nothing there.`);
    }
    const got = code === 'EACCES' || code === 'EPERM' ? 'no permission' : (code ?? 'an error');
    throw new ArLensError('badInput', `${path}: expected ${what} that can be read, got ${got}.`);
  }
}
