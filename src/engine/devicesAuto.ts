// What "auto" picks: the device whose training steps took the least time here, measured once and kept in a file of the
// user's. Times come from real steps of the benchmark's model; this file knows no device by its insides.
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../formats/atomicFile';
import type { DeviceId, DeviceReport } from '../protocol/engine';
import { ArLensError } from '../protocol/errors';
import type { Computed, Measuring } from './context';

/** A device that "auto" may pick. */
export interface Candidate {
  readonly id: DeviceId;
  /** Driver, version, threads: whatever makes an old time worthless. */
  readonly key: string;
  /** Makes it the device that computes. */
  readonly use: () => Promise<unknown>;
}

export interface Choice {
  readonly id: DeviceId;
  readonly reason: string;
}

/** Milliseconds that each device's steps are measured for. */
export const MEASURED_MILLISECONDS = 1000;

/** Milliseconds of one step, by candidate. */
type Times = Readonly<Record<string, number>>;

/** Devices that "auto" picks from, and why one that runs is not among them. */
export interface Rivals {
  readonly rivals: readonly DeviceReport[];
  /** A sentence. */
  readonly leftOut?: string;
}

/** What runs at its own speed and can compute it; the reference is none of them. */
export function rivalsOf(devices: readonly DeviceReport[], computed?: Computed): Rivals {
  const able = devices.filter(
    ({ id, available, software }) => id !== 'cpu' && available && software !== true,
  );
  const rivals = able.filter(({ id }) => !(id === 'webgpu' && computed?.readsOnHost === true));
  if (computed === undefined || rivals.length === able.length) return { rivals };
  return {
    rivals,
    leftOut: `webgpu is left out, as ${computed.title} reads numbers in the middle of its work, which a card answers only later.`,
  };
}

/** @returns the fastest of those whose times are known, or undefined when some are not */
export async function knownChoice(
  candidates: readonly Candidate[],
  file: string,
): Promise<Choice | undefined> {
  const [only] = candidates;
  if (candidates.length === 1 && only) {
    return { id: only.id, reason: `No other device than ${only.id} runs here at its own speed.` };
  }
  const times = await readTimes(file);
  return candidates.every(({ key }) => times[key] !== undefined) ? fastest(candidates, times) : undefined;
}

/**
 * Measures those whose times are not known, and keeps them.
 * @param time runs real steps for about so many milliseconds. @returns milliseconds of one
 */
export async function measuredChoice(
  candidates: readonly Candidate[],
  file: string,
  measuring: Measuring,
  time: (milliseconds: number, signal: AbortSignal) => Promise<number>,
): Promise<Choice> {
  const { signal } = measuring;
  const times: Record<string, number> = { ...(await readTimes(file)) };
  for (const [index, { id, key, use }] of candidates.entries()) {
    if (times[key] !== undefined) continue;
    await measuring.say(`Measuring the devices once, ${index + 1} of ${candidates.length}: ${id}.`);
    if (signal.aborted) throw new ArLensError('cancelled', 'The choice of a device was cancelled.');
    // A device that fails at it is not picked, and says why when it is asked for by name. That is not kept: a card may
    // only have been full.
    times[key] = await use()
      .then(() => time(MEASURED_MILLISECONDS, signal))
      .catch((error: unknown) => {
        if (signal.aborted) throw error;
        return Infinity;
      });
  }
  await keepTimes(file, times);
  const choice = fastest(candidates, times);
  await measuring.say(choice.reason);
  return choice;
}

function fastest(candidates: readonly Candidate[], times: Times): Choice {
  const ranked = [...candidates].sort((a, b) => timeOf(a, times) - timeOf(b, times));
  const [best] = ranked;
  if (best === undefined) throw new Error('devicesAuto: expected a candidate, got none');
  const list = ranked.map((each) => `${each.id} ${milliseconds(timeOf(each, times))}`).join(', ');
  return {
    id: best.id,
    reason: `Of the devices here its training steps were the quickest when measured: ${list}.`,
  };
}

function timeOf({ key }: Candidate, times: Times): number {
  return times[key] ?? Infinity;
}

function milliseconds(time: number): string {
  return Number.isFinite(time) ? `${time.toFixed(time < 10 ? 1 : 0)} ms a step` : 'failed';
}

async function readTimes(file: string): Promise<Times> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof content !== 'object' || content === null) return {};
    return Object.fromEntries(
      Object.entries(content).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    );
  } catch {
    return {}; // not measured yet, or not ours to read: measured again
  }
}

/** A home that cannot be written to costs a second the next time, and nothing else. */
async function keepTimes(file: string, times: Times): Promise<void> {
  const measured = Object.fromEntries(Object.entries(times).filter(([, time]) => Number.isFinite(time)));
  await mkdir(dirname(file), { recursive: true })
    .then(() => writeFileAtomic(file, `${JSON.stringify(measured, null, 2)}\n`))
    .catch(() => undefined);
}
