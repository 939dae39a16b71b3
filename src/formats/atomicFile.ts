// Writes a file so that a kill, a full disk or a power cut leaves either the old file or the new one, whole.
// Knows no format. Temporary names carry host and process, so that what a dead process left can be told apart.
import { randomBytes } from 'node:crypto';
import { lstat, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ArLensError, type Reason } from '../protocol/errors';
import { HOST, isAlive } from './processLife';

export type FileData = string | Uint8Array | Iterable<Uint8Array>;

const TEMPORARY = /^\..+\.([0-9a-f]{8})-(\d+)-[0-9a-f]{12}\.arlens-tmp$/;
const underway = new Set<string>();

/**
 * Writes beside the target, syncs, renames over it, syncs the folder. The folder must exist.
 * @throws ArLensError with one sentence that names the path and what was kept.
 */
export async function writeFileAtomic(path: string, data: FileData): Promise<void> {
  const folder = dirname(path);
  const temporary = `.${basename(path)}.${HOST}-${process.pid}-${randomBytes(6).toString('hex')}.arlens-tmp`;
  const temporaryPath = join(folder, temporary);
  underway.add(temporary);
  try {
    await requireReplaceable(path);
    await removeStaleTemporaries(folder);
    const file = await open(temporaryPath, 'wx', 0o666);
    try {
      for (const chunk of typeof data === 'string' || data instanceof Uint8Array ? [data] : data) {
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporaryPath, path);
    await syncFolder(folder);
  } catch (error) {
    await unlink(temporaryPath).catch(() => undefined);
    throw writeFailure(error, path, await exists(path));
  } finally {
    underway.delete(temporary);
  }
}

/** A rename would put a file in the place of /dev/null as readily as in that of a text. */
async function requireReplaceable(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found || found.isFile() || found.isSymbolicLink() || found.isDirectory()) return;
  throw new ArLensError('badInput', `${path} could not be written: expected a file, got a device or a pipe.`);
}

/** Removes what processes of this machine that have since died were writing into `folder`. */
export async function removeStaleTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const match = TEMPORARY.exec(name);
    if (match === null || match[1] !== HOST || underway.has(name)) continue;
    const path = join(folder, name);
    if (await isStale(path, Number(match[2]))) await unlink(path).catch(() => undefined);
  }
}

/** The sentence for a failed write. `kept`: whether an earlier version of the file is still in place. */
export function writeFailure(error: unknown, path: string, kept: boolean): ArLensError {
  if (error instanceof ArLensError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  const [reason, why] = FAILURES[code] ?? [
    'internal',
    error instanceof Error ? error.message : String(error),
  ];
  const rest = kept ? 'the previous version is kept whole' : 'nothing was left behind';
  return new ArLensError(reason, `${path} could not be written: ${why}; ${rest}.`, ACTIONS[reason]);
}

const FAILURES: Readonly<Record<string, readonly [Reason, string]>> = {
  ENOSPC: ['diskFull', 'the disk is full'],
  EDQUOT: ['diskFull', 'the disk quota is used up'],
  EFBIG: ['diskFull', 'the file is larger than this system allows'],
  EROFS: ['readOnly', 'the file system is read-only'],
  EACCES: ['readOnly', 'there is no permission to write there'],
  EPERM: ['readOnly', 'writing there is not permitted'],
  ENOENT: ['notFound', 'its folder does not exist'],
  ENOTDIR: ['notFound', 'its folder is not a folder'],
  EISDIR: ['badInput', 'a folder of that name is in the way'],
  ENOTEMPTY: ['badInput', 'a folder of that name is in the way'],
};

const ACTIONS: Readonly<Partial<Record<Reason, string>>> = {
  diskFull: 'Free some space and resume.',
  readOnly: 'Choose a folder that can be written to.',
};

async function isStale(path: string, pid: number): Promise<boolean> {
  if (pid !== process.pid) return !isAlive(pid);
  // Our own number: a leftover of a process that had it before us is older than we are.
  const modified = await stat(path).then(
    (info) => info.mtimeMs,
    () => Infinity,
  );
  return modified < Date.now() - process.uptime() * 1000;
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be synced there
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
}
