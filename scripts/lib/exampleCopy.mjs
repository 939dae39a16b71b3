// Keeps a working copy of examples/workspace for `npm start`, so that typing and training there leave git clean.
// A file the user changed is never overwritten; one they did not touch follows the project. Plain Node.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * @param {string} from examples/workspace
 * @param {string} to the copy's folder; its manifest lies beside it
 * @param {boolean} fresh throws the copy away first
 */
export async function updateCopy(from, to, fresh) {
  const manifestFile = `${to}.json`;
  if (fresh)
    await Promise.all([to, manifestFile].map((place) => rm(place, { recursive: true, force: true })));
  const copied = existsSync(manifestFile) ? JSON.parse(await readFile(manifestFile, 'utf8')) : {};
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const source = path.join(entry.parentPath, entry.name);
    const name = path.relative(from, source);
    const target = path.join(to, name);
    if (copied[name] && copied[name] !== (await hashOf(target))) continue; // changed or deleted by the user
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(source, target);
    copied[name] = await hashOf(target);
  }
  await mkdir(to, { recursive: true });
  await writeFile(manifestFile, JSON.stringify(copied, null, 2));
}

async function hashOf(file) {
  if (!existsSync(file)) return 'none';
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
