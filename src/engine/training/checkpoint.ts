// The whole state of a training run in one file, and the one point where a run commits to a step.
// optimizer.safetensors replaces itself atomically; everything else in the folder follows from it.
import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import type { Model } from '../../families/family';
import {
  readSafetensors,
  requireFinite,
  writeSafetensors,
  type NamedTensor,
} from '../../formats/safetensors';
import type { AdamW } from '../../nn/adamw';
import { ArLensError } from '../../protocol/errors';
import { RUN_FILES } from '../../protocol/run';
import { assignWeights, weightsOf } from '../models/modelFolder';

/** What a run must still be for its checkpoint to continue it. */
export interface Identity {
  /** The resolved spec (steps included), as flat `key: value`. */
  readonly spec: Readonly<Record<string, string>>;
  readonly dataSha256: string;
}

export interface CheckpointTarget {
  readonly folder: string;
  readonly model: Pick<Model, 'variables'>;
  /** Absent for closed-form families, which have no moments. */
  readonly optimizer?: AdamW;
}

export async function hasCheckpoint(folder: string): Promise<boolean> {
  return stat(join(folder, RUN_FILES.optimizer)).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/** @returns the weights that were written, so that publishing them needs no second read from the device. */
export async function writeCheckpoint(
  { folder, model, optimizer }: CheckpointTarget,
  step: number,
  identity: Identity,
): Promise<Map<string, NamedTensor>> {
  const weights = await weightsOf(model);
  const tensors = new Map(weights);
  const state = await optimizer?.state();
  for (const { name, shape, data } of state?.buffers ?? []) tensors.set(name, { dtype: 'F32', shape, data });
  await writeSafetensors(join(folder, RUN_FILES.optimizer), tensors, {
    ar_lens: 'training state 1',
    step: String(step),
    spec: JSON.stringify(identity.spec),
    data: identity.dataSha256,
  });
  return weights;
}

/** Puts the saved state back. @returns its step. @throws ArLensError naming what changed since, or what is broken. */
export async function restoreCheckpoint(
  { folder, model, optimizer }: CheckpointTarget,
  identity: Identity,
): Promise<number> {
  const path = join(folder, RUN_FILES.optimizer);
  const { tensors, metadata } = await readSafetensors(path);
  const step = Number(metadata['step']);
  if (metadata['ar_lens'] !== 'training state 1' || !Number.isInteger(step) || step < 0) {
    throw new ArLensError(
      'badInput',
      `${path}: metadata: expected a training state of format 1, got another file.`,
    );
  }
  requireSame(metadata, identity, folder);
  requireFinite(path, tensors);
  // A closed-form family has no moments, and its tables are counted again in no time.
  if (optimizer) {
    assignWeights(model, tensors, path);
    restoreMoments(optimizer, tensors, step, path);
  }
  return step;
}

function restoreMoments(
  optimizer: AdamW,
  tensors: ReadonlyMap<string, NamedTensor>,
  step: number,
  path: string,
): void {
  const buffers = [...tensors].flatMap(([name, { shape, data }]) =>
    data instanceof Float32Array ? [{ name, shape: [...shape], data }] : [],
  );
  try {
    optimizer.restore({ step, buffers });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ArLensError('badInput', `${path}: ${message}.`);
  }
}

function requireSame(metadata: Readonly<Record<string, string>>, identity: Identity, folder: string): void {
  const action = 'Start a new run.';
  if (metadata['data'] !== identity.dataSha256) {
    throw new ArLensError(
      'badInput',
      `${folder}: expected the data that this run was started with (SHA-256 ${short(metadata['data'])}), got ${short(identity.dataSha256)}; a resumed run would not be the same curve.`,
      action,
    );
  }
  const before = parsedSpec(metadata['spec']);
  const keys = [...new Set([...Object.keys(before), ...Object.keys(identity.spec)])].sort();
  const changed = keys.find((key) => before[key] !== identity.spec[key]);
  if (changed === undefined) return;
  throw new ArLensError(
    'badInput',
    `${folder}: expected the spec that this run was started with (${changed}: ${before[changed] ?? 'absent'}), got ${changed}: ${identity.spec[changed] ?? 'absent'}; a resumed run would not be the same curve.`,
    action,
  );
}

function parsedSpec(text: string | undefined): Record<string, string> {
  try {
    return JSON.parse(text ?? '{}') as Record<string, string>;
  } catch {
    return {};
  }
}

function short(hash: string | undefined): string {
  return hash === undefined ? 'unknown' : `${hash.slice(0, 12)}…`;
}
