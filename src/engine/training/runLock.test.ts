// Two that want one run folder, and what processes that are gone have left in it.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HOST, isAlive, startOf } from '../../formats/processLife';
import { lockRunFolder } from './runLock';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

const leave = (host: string, pid: number, start: string) =>
  writeFile(join(folder, `.${host}-${pid}-${start}-1.arlens-lock`), '');

it('lets one in, and the next one when the first has left', async () => {
  const release = await lockRunFolder(folder);
  await expect(lockRunFolder(folder)).rejects.toMatchObject({
    reason: 'busy',
    message: `${folder}: expected a run folder that nobody trains in, got one that process ${process.pid} trains in.`,
  });
  expect(await readdir(folder)).toHaveLength(1);
  await release();
  expect(await readdir(folder)).toEqual([]);
  await (
    await lockRunFolder(folder)
  )();
});

it('lets at most one of many in', async () => {
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockRunFolder(folder)));
  const winners = tries.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
  expect(winners.length).toBeLessThanOrEqual(1);
  for (const release of winners) await release();
  expect(await readdir(folder)).toEqual([]);
});

it('removes what a dead process left, one whose number is used again included', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  await leave(HOST, pid, '0');
  await leave(HOST, process.pid, startOf(process.pid));
  if (startOf(process.ppid) !== '0') await leave(HOST, process.ppid, '1');
  const release = await lockRunFolder(folder);
  expect(await readdir(folder)).toHaveLength(1);
  await release();
});

it('respects a living process, and one of another machine', async () => {
  await leave(HOST, process.ppid, startOf(process.ppid));
  await expect(lockRunFolder(folder)).rejects.toMatchObject({ reason: 'busy' });
  await rm(join(folder, (await readdir(folder))[0] ?? ''));
  await leave('0'.repeat(8), 1, '0');
  await expect(lockRunFolder(folder)).rejects.toMatchObject({
    message: expect.stringContaining('another machine') as string,
    action: expect.stringContaining('delete .00000000-1-0-1.arlens-lock') as string,
  });
});

it('knows the living from the dead', () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(process.pid, startOf(process.pid))).toBe(true);
  expect(isAlive(spawnSync(process.execPath, ['--version']).pid)).toBe(false);
});
