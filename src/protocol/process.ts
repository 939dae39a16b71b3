// What an engine process tells the host about itself, and the two roles it can have.
// Types only; how an engine is asked for work is engine.ts.
import type { Call } from './calls';
import type { ErrorRecord } from './errors';

/** engine: answers a person · job: one training run, at lower priority. */
export type ProcessRole = 'engine' | 'job';

export interface Started {
  readonly pid: number;
  readonly role: ProcessRole;
  /** Version of node, without the v. */
  readonly node: string;
  /** Bytes: what JavaScript objects may take, and what the machine has. */
  readonly heapLimit: number;
  readonly machineMemory: number;
}

/** Engine → host. */
export interface ProcessCalls {
  /** The engine answers from now on. */
  started: Call<Started, undefined>;
  /** The engine ends because of this: its last words. */
  failed: Call<ErrorRecord, undefined>;
}

/** The extra pipe an engine beats on, and the two things it says there, one byte each. */
export const HEARTBEAT = {
  descriptor: 4,
  /** Something moved since the last beat: the event loop or a computation. */
  alive: 1,
  /** The process runs, but nothing moved. */
  idle: 0,
  /** Milliseconds between beats. */
  interval: 100,
} as const;

/** How the host tells a process its role and the device chosen by a person; read by the engine's entry only. */
export const ENGINE_ENVIRONMENT = {
  role: 'AR_LENS_ROLE',
  device: 'AR_LENS_DEVICE',
  instructionSet: 'AR_LENS_INSTRUCTION_SET',
  threads: 'AR_LENS_THREADS',
} as const;
