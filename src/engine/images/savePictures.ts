// Writes sampled pictures to files that a person named: each whole or not at all.
import { extname } from 'node:path';
import { writeFileAtomic } from '../../formats/atomicFile';

/** One picture goes to `path` itself; several are numbered before its suffix. @returns the files' names */
export async function savePictures(path: string, pictures: readonly Uint8Array[]): Promise<string[]> {
  const suffix = extname(path);
  const stem = suffix === '' ? path : path.slice(0, -suffix.length);
  const digits = String(pictures.length).length;
  const files = pictures.map((_, index) =>
    pictures.length === 1 ? path : `${stem}-${String(index + 1).padStart(digits, '0')}${suffix || '.png'}`,
  );
  for (const [index, file] of files.entries()) await writeFileAtomic(file, pictures[index] as Uint8Array);
  return files;
}
