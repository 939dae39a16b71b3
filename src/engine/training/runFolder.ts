// Where a run lies and what stands in its folder before the first step.
// Knows paths and file names; no model, no loop.
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { removeStaleTemporaries, writeFailure } from '../../formats/atomicFile';
import type { TrainParams } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import { RUN_FILES, RUNS_FOLDER, SPEC_SUFFIX } from '../../protocol/run';
import { lockRunFolder } from './runLock';

export interface RunFolder {
  readonly path: string;
  /** Whether a checkpoint may lie there that this run has to continue. */
  readonly resuming: boolean;
  /** Lets other processes train here. */
  release(): Promise<void>;
}

/** `shakespeare` for `…/shakespeare.arlens.json`. */
export function specName(specPath: string): string {
  const name = basename(specPath);
  return name.endsWith(SPEC_SUFFIX) ? name.slice(0, -SPEC_SUFFIX.length) : name.replace(/\.jsonc?$/, '');
}

/** Chooses and makes the folder. @throws ArLensError when it cannot be made or holds a run that is not to be continued. */
export async function openRunFolder(params: TrainParams, now = new Date()): Promise<RunFolder> {
  const runs = join(dirname(params.spec), RUNS_FOLDER, specName(params.spec));
  const resume = params.resume === true;
  if (params.out !== undefined) {
    const path = resolve(params.out);
    const taken = await occupant(path);
    if (taken !== undefined && !resume) {
      throw new ArLensError(
        'badInput',
        `${path}: expected a folder without a run, got one with ${taken}.`,
        'Resume that run, or choose another folder.',
      );
    }
    return enter(path, resume);
  }
  const latest = resume ? await latestRun(runs) : undefined;
  const path = latest ?? join(runs, now.toISOString().replace(/[:.]/g, '-'));
  return enter(path, latest !== undefined);
}

async function enter(path: string, resuming: boolean): Promise<RunFolder> {
  await makeFolder(path);
  return { path, resuming, release: await lockRunFolder(path) };
}

/** Removes what a kill may have left half-written, and samples of steps after `lastStep`. */
export async function tidyRunFolder(folder: string, lastStep: number): Promise<void> {
  const samples = join(folder, RUN_FILES.samples);
  await makeFolder(samples);
  await removeStaleTemporaries(folder);
  await removeStaleTemporaries(samples);
  for (const name of await readdir(samples)) {
    const step = /^step-(\d+)\.(?:txt|png)$/.exec(name)?.[1];
    if (step !== undefined && Number(step) > lastStep) await rm(join(samples, name));
  }
}

export function samplePath(folder: string, step: number, suffix: 'txt' | 'png' = 'txt'): string {
  return join(folder, RUN_FILES.samples, `step-${String(step).padStart(8, '0')}.${suffix}`);
}

async function latestRun(runs: string): Promise<string | undefined> {
  const names = await readdir(runs).catch((): string[] => []);
  for (const name of names.sort().reverse()) {
    const path = join(runs, name);
    if ((await occupant(path)) !== undefined) return path;
  }
  return undefined;
}

/** The first file of a run that lies in `path`. */
async function occupant(path: string): Promise<string | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (stats && !stats.isDirectory()) {
    throw new ArLensError('badInput', `${path}: expected a folder for the run, got a file.`);
  }
  const names = new Set(stats ? await readdir(path) : []);
  return Object.values(RUN_FILES).find((name) => names.has(name));
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw writeFailure(await firstFailure(path, error), path, false);
  }
}

/** Node says "not found" of a whole path on a read-only disk; its first folder that is missing tells the reason. */
async function firstFailure(path: string, error: unknown): Promise<unknown> {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
  let missing = path;
  while (!(await exists(dirname(missing))) && dirname(missing) !== missing) missing = dirname(missing);
  return mkdir(missing).then(
    () => error,
    (reason: unknown) => reason,
  );
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
