// run.json as the host reads it: enough is checked that a tree can show it, and a broken file is one sentence, never a crash.
// The engine owns the format and its full checks.
import type { RunRecord, RunStatus } from '../../protocol/run';

const STATUSES: readonly RunStatus[] = ['preparing', 'running', 'paused', 'stopped', 'done', 'failed'];
/** Bytes: a record is some kilobytes; anything much larger is not one. */
export const LARGEST_RECORD = 1_000_000;

/** @returns the record, or the sentence that says what is wrong with it. */
export function parseRunRecord(text: string): RunRecord | string {
  if (text.length > LARGEST_RECORD) return 'run.json: expected a record under 1 MB';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `run.json: expected JSON, got ${text.length === 0 ? 'an empty file' : 'something else'}`;
  }
  if (!isObject(value)) return 'run.json: expected an object';
  if (value['format'] !== 1) return `run.json: expected format 1, got ${JSON.stringify(value['format'])}`;
  for (const key of ['name', 'family', 'title', 'created', 'device']) {
    if (typeof value[key] !== 'string') return `run.json: expected ${key} to be a text`;
  }
  for (const key of ['step', 'steps', 'seed', 'parameters']) {
    if (!isCount(value[key])) return `run.json: expected ${key} to be a number of 0 or more`;
  }
  if (!STATUSES.some((status) => status === value['status'])) {
    return `run.json: expected a status, got ${JSON.stringify(value['status'])}`;
  }
  const data = value['data'];
  if (!isObject(data) || !isCount(data['bytesPerElement']) || !isCount(data['bytes'])) {
    return 'run.json: expected data with bytes and bytesPerElement';
  }
  const { floors, failure, given } = value;
  if (!Array.isArray(floors) || !floors.every(isFloor))
    return 'run.json: expected floors to be a list of labels with nats';
  if (failure !== undefined && typeof failure !== 'string') return 'run.json: expected failure to be a text';
  if (given !== undefined && typeof given !== 'string') return 'run.json: expected given to be a text';
  for (const key of ['validation', 'best']) {
    if (value[key] === undefined) continue;
    const holder: unknown = value[key];
    const loss = key === 'best' && isObject(holder) ? holder['validation'] : holder;
    if (!isLoss(loss)) return `run.json: expected ${key} to be a loss with nats, bits, unit, count and badge`;
  }
  return value as unknown as RunRecord;
}

function isLoss(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value['nats'] === 'number' &&
    typeof value['bits'] === 'number' &&
    typeof value['unit'] === 'string' &&
    isCount(value['count']) &&
    ['exact', 'bound', 'none'].includes(String(value['badge']))
  );
}

const isFloor = (value: unknown): boolean =>
  isObject(value) && typeof value['label'] === 'string' && typeof value['nats'] === 'number';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
