// Says to the engine, with every spec and run that it is to read data of, which folder that data may lie in: the one that
// is open, as in training, and not only the spec's own. Pure.
import type { EngineCalls } from '../../protocol/engine';

/** The open folder that a path lies in; undefined where none does. */
export type FolderOf = (path: string) => string | undefined;

/** Calls that read the images which a run held out. */
const OF_RUNS: ReadonlySet<keyof EngineCalls> = new Set(['gates', 'effectiveField']);

export function withWorkspace<P>(method: keyof EngineCalls, params: P, folderOf: FolderOf): P {
  if (!isObject(params)) return params;
  const subject: unknown = Reflect.get(params, 'subject');
  if (isObject(subject)) return { ...params, subject: withWorkspace(method, subject, folderOf) };
  const key = method === 'checkSpec' ? 'path' : OF_RUNS.has(method) ? 'model' : 'spec';
  const path: unknown = Reflect.get(params, key);
  const workspace = typeof path === 'string' ? folderOf(path) : undefined;
  return workspace === undefined ? params : { ...params, workspace };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
