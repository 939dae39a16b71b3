// A write that fails, or a process that dies in one, leaves the old file and no litter.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeStaleTemporaries, writeFailure, writeFileAtomic } from './atomicFile';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arlens-atomic-'));
});
afterEach(() => rm(folder, { recursive: true }));

const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const temporaryOf = (pid: number, host = HOST) => `.run.json.${host}-${pid}-0123456789ab.arlens-tmp`;

describe('writeFileAtomic', () => {
  it('writes text, bytes and pieces, and leaves nothing beside them', async () => {
    await writeFileAtomic(join(folder, 'text'), 'é\n');
    await writeFileAtomic(join(folder, 'bytes'), Uint8Array.of(0, 255));
    await writeFileAtomic(join(folder, 'pieces'), [Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3)]);
    expect(await readFile(join(folder, 'text'), 'utf8')).toBe('é\n');
    expect([...(await readFile(join(folder, 'bytes')))]).toEqual([0, 255]);
    expect([...(await readFile(join(folder, 'pieces')))]).toEqual([1, 2, 3]);
    expect((await readdir(folder)).sort()).toEqual(['bytes', 'pieces', 'text']);
  });

  it('keeps the previous version when the data fails half-way, and removes its own temporary file', async () => {
    const path = join(folder, 'model');
    await writeFileAtomic(path, 'old');
    function* failing() {
      yield new Uint8Array(100_000);
      throw Object.assign(new Error('write failed'), { code: 'ENOSPC' });
    }
    await expect(writeFileAtomic(path, failing())).rejects.toMatchObject({
      reason: 'diskFull',
      message: `${path} could not be written: the disk is full; the previous version is kept whole.`,
    });
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['model']);
  });

  it('says what stands in the way', async () => {
    await mkdir(join(folder, 'taken'));
    await expect(writeFileAtomic(join(folder, 'taken'), 'x')).rejects.toMatchObject({ reason: 'badInput' });
    await expect(writeFileAtomic(join(folder, 'no', 'file'), 'x')).rejects.toMatchObject({
      reason: 'notFound',
      message: expect.stringContaining('its folder does not exist; nothing was left behind.') as string,
    });
    expect(await readdir(folder)).toEqual(['taken']);
  });

  it('removes what a dead process left, and nothing else', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const old = new Date(Date.now() - 1000 * (process.uptime() + 60));
    const keep = [
      temporaryOf(process.ppid),
      temporaryOf(dead, '00000000'),
      '.run.json.arlens-tmp',
      'notes.arlens-tmp',
    ];
    for (const name of [temporaryOf(dead), temporaryOf(process.pid), ...keep])
      await writeFile(join(folder, name), '');
    await utimes(join(folder, temporaryOf(process.pid)), old, old); // our number, but from before we started
    await writeFileAtomic(join(folder, 'run.json'), '{}');
    expect((await readdir(folder)).sort()).toEqual([...keep, 'run.json'].sort());
  });

  it('leaves alone what another write of this process has under way', async () => {
    const path = join(folder, 'big');
    const pieces = Array.from({ length: 200 }, () => new Uint8Array(10_000).fill(7));
    await Promise.all([
      writeFileAtomic(path, pieces),
      ...Array.from({ length: 20 }, () => removeStaleTemporaries(folder)),
      writeFileAtomic(join(folder, 'small'), 'x'),
    ]);
    expect((await readFile(path)).length).toBe(2_000_000);
  });
});

it.each([
  ['ENOSPC', 'diskFull'],
  ['EDQUOT', 'diskFull'],
  ['EROFS', 'readOnly'],
  ['EACCES', 'readOnly'],
  ['EPERM', 'readOnly'],
  ['EIO', 'internal'],
])('%s becomes %s with one sentence', (code, reason) => {
  const failure = writeFailure(Object.assign(new Error('input/output error'), { code }), '/run/a', false);
  expect(failure.reason).toBe(reason);
  expect(failure.message).toMatch(/^\/run\/a could not be written: .+; nothing was left behind\.$/);
});
