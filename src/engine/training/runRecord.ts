// run.json: what a run is and how far it came. Written whole or not at all, checked when read.
import { join } from 'node:path';
import { writeFileAtomic } from '../../formats/atomicFile';
import { ArLensError } from '../../protocol/errors';
import { RUN_FILES, type RunRecord } from '../../protocol/run';
import { readJsonObject } from '../models/modelFiles';

export async function readRecord(folder: string): Promise<RunRecord> {
  const path = join(folder, RUN_FILES.record);
  const content = await readJsonObject(path);
  const { format, name, status, step, steps, data } = content as Partial<RunRecord>;
  const whole =
    format === 1 &&
    typeof name === 'string' &&
    typeof status === 'string' &&
    Number.isInteger(step) &&
    Number.isInteger(steps) &&
    typeof data === 'object';
  if (whole) return content as unknown as RunRecord;
  throw new ArLensError('badInput', `${path}: expected a run's record of format 1, got another JSON object.`);
}

/** `run` is where it lies, which a folder that is moved must not claim. */
export async function writeRecord(folder: string, record: RunRecord): Promise<void> {
  const stored = JSON.stringify(record, (key, value: unknown) => (key === 'run' ? undefined : value), 2);
  await writeFileAtomic(join(folder, RUN_FILES.record), `${stored}\n`);
}
