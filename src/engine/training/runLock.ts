// One process at a time in a run folder. A lock is an empty file whose name says who holds it, so that it is there
// whole or not at all; what a killed process leaves is told by its number and start. Knows no run.
import { open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFailure } from '../../formats/atomicFile';
import { HOST, isAlive, startOf } from '../../formats/processLife';
import { ArLensError } from '../../protocol/errors';

const LOCK = /^\.([0-9a-f]{8})-(\d+)-(\d+)-(\d+)\.arlens-lock$/;
const held = new Set<string>();
let taken = 0;

/** @returns what gives the folder back. @throws ArLensError when another run is under way in it. */
export async function lockRunFolder(folder: string): Promise<() => Promise<void>> {
  const name = `.${HOST}-${process.pid}-${startOf(process.pid)}-${++taken}.arlens-lock`;
  const path = join(folder, name);
  try {
    await (await open(path, 'wx')).close();
  } catch (error) {
    throw writeFailure(error, folder, false);
  }
  held.add(name);
  const release = async (): Promise<void> => {
    held.delete(name);
    await unlink(path).catch(() => undefined);
  };
  // Ours is in place before we look: of two that come at once, at most one goes on.
  try {
    for (const other of await readdir(folder)) if (other !== name) await requireGone(folder, other);
  } catch (error) {
    await release();
    throw error;
  }
  return release;
}

async function requireGone(folder: string, name: string): Promise<void> {
  const [, host, pid, start] = LOCK.exec(name) ?? [];
  if (host === undefined || pid === undefined) return;
  const foreign = host !== HOST;
  const alive = foreign || (Number(pid) === process.pid ? held.has(name) : isAlive(Number(pid), start));
  if (!alive) return unlink(join(folder, name)).catch(() => undefined);
  throw new ArLensError(
    'busy',
    `${folder}: expected a run folder that nobody trains in, got one that process ${pid}${foreign ? ' of another machine' : ''} trains in.`,
    foreign
      ? `Wait for it; if it no longer runs, delete ${name} in that folder.`
      : 'Wait for it or stop it, or choose another folder.',
  );
}
