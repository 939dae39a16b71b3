// Writes sampled text to a file that a person named: whole or not at all.
import { realpath, stat, writeFile } from 'node:fs/promises';
import { writeFailure, writeFileAtomic } from '../../formats/atomicFile';

/** Names of what is open already, wherever that leads: `/dev/stdout`. */
const STREAMS = /^\/(dev|proc)\//;

/** A link is followed to what it names; a device or a pipe is written to, and must not become a file. */
export async function saveSample(path: string, texts: readonly string[]): Promise<void> {
  const text = texts.join('\n---\n');
  const target = await realpath(path).catch(() => path);
  const found = await stat(target).catch(() => undefined);
  const replaceable = !found || found.isFile() || found.isDirectory();
  if (replaceable && !STREAMS.test(path)) return writeFileAtomic(target, text);
  await writeFile(path, text, { flag: 'a' }).catch((error: unknown) => {
    throw writeFailure(error, path, false);
  });
}
