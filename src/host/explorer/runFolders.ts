// Run folders on disk: where they are, what their files say, what they are called. Uses node's file system only.
import { open, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { RUN_FILES, RUNS_FOLDER, SPEC_SUFFIX, type RunRecord } from '../../protocol/run';
import { LARGEST_RECORD, parseRunRecord } from './runRecord';

export interface RunFolder {
  /** Absolute path. */
  readonly folder: string;
  /** The spec's name without suffix: the folder above. */
  readonly specName: string;
  /** The run folder's own name in words: the time it was made, or what a person called it. */
  readonly label: string;
  /** The record, or why there is none. */
  readonly record: RunRecord | string;
  /** Has published weights of a model of texts: can score, annotate and sample them. */
  readonly hasModel: boolean;
  /** Has published weights of a model of images. */
  readonly hasImageModel: boolean;
  /** Has the whole training state: can go on. */
  readonly resumable: boolean;
}

/** The folder that holds the runs of a spec beside it. */
export function runsOf(specPath: string): string {
  return path.join(path.dirname(specPath), RUNS_FOLDER, specName(specPath));
}

export function specName(specPath: string): string {
  const base = path.basename(specPath);
  return base.endsWith(SPEC_SUFFIX) ? base.slice(0, -SPEC_SUFFIX.length) : base;
}

/** @param recordPath absolute path of a run.json */
export async function readRunFolder(recordPath: string): Promise<RunFolder> {
  const folder = path.dirname(recordPath);
  const [record, hasWeights, resumable] = await Promise.all([
    readRecord(recordPath),
    exists(path.join(folder, RUN_FILES.weights)),
    exists(path.join(folder, RUN_FILES.optimizer)),
  ]);
  return {
    folder,
    specName: path.basename(path.dirname(folder)),
    label: runLabel(path.basename(folder)),
    record: typeof record === 'string' ? record : { ...record, run: folder },
    hasModel: hasWeights && !isImageRun(record),
    hasImageModel: hasWeights && isImageRun(record),
    resumable,
  };
}

/** Has weights that the views of a network can look into, whatever it models. */
export const isTrained = ({ hasModel, hasImageModel }: RunFolder): boolean => hasModel || hasImageModel;

export function isImageRun(record: RunRecord | string): boolean {
  return typeof record !== 'string' && record.domain === 'image';
}

/** Is this a model's folder, whatever its weights are? */
export function hasConfig(folder: string): Promise<boolean> {
  return exists(path.join(folder, RUN_FILES.config));
}

/** Is this a folder that a model can be read from? */
export async function isModelFolder(folder: string): Promise<boolean> {
  const [config, weights, shards] = await Promise.all([
    hasConfig(folder),
    exists(path.join(folder, RUN_FILES.weights)),
    exists(path.join(folder, RUN_FILES.weightsIndex)),
  ]);
  return config && (weights || shards);
}

/** What people call a model folder: `spec, run` for a run, the folder's name otherwise. */
export function modelName(folder: string): string {
  const parts = folder.split(/[\\/]/).filter((part) => part !== '');
  const last = parts[parts.length - 1] ?? folder;
  const inRuns = parts[parts.length - 4] === '.arlens' && parts[parts.length - 3] === 'runs';
  return inRuns ? `${parts[parts.length - 2] ?? ''} ${runLabel(last)}` : last;
}

/** A folder named after its time (UTC) reads as local time to the second; any other name as it is. */
export function runLabel(name: string): string {
  const stamp = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z$/.exec(name);
  if (stamp === null) return name;
  const [, day, hours, minutes, seconds, rest] = stamp;
  const time = new Date(`${day}T${hours}:${minutes}:${seconds}.${rest}Z`);
  if (Number.isNaN(time.getTime())) return name;
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** Newest first; runs without a record last. */
export function newestFirst(a: RunFolder, b: RunFolder): number {
  return created(b).localeCompare(created(a)) || a.label.localeCompare(b.label);
}

const created = (run: RunFolder): string => (typeof run.record === 'string' ? '' : run.record.created);

async function readRecord(file: string): Promise<RunRecord | string> {
  try {
    // Looked at before it is opened: opening a pipe would wait for its other end.
    if (!(await stat(file)).isFile()) return 'run.json: expected a plain file';
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size > LARGEST_RECORD) return 'run.json: expected a record under 1 MB';
      return parseRunRecord(await handle.readFile('utf8'));
    } finally {
      await handle.close();
    }
  } catch {
    return 'run.json: expected a file that can be read';
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
