// One invocation: where it writes, how it is interrupted, and the engine's handlers in this very process.
import { createEngineContext } from '../engine/devices';
import { createEngineHandlers, createJobHandlers } from '../engine/handlers';
import type { CallContext, Handlers } from '../protocol/calls';
import type { EngineCalls, JobCalls } from '../protocol/engine';
import { deviceOptions, type CommonOptions } from './options';
import { Output } from './output';

export interface Session {
  readonly out: Output;
  /** Aborted at Ctrl-C, and when nobody reads our output any more. */
  readonly signal: AbortSignal;
  /** A sentence for the person at the terminal: never on stdout. */
  say(sentence: string): void;
  engine(options: CommonOptions): Handlers<EngineCalls>;
  job(options: CommonOptions): Handlers<JobCalls>;
}

export function createSession(signal: AbortSignal, out = new Output()): Session {
  return {
    out,
    signal,
    say: (sentence) => void process.stderr.write(`${sentence}\n`),
    engine: (options) => createEngineHandlers(createEngineContext(deviceOptions(options))),
    job: (options) => createJobHandlers(createEngineContext(deviceOptions(options))),
  };
}

export function callContext<P>(
  session: Session,
  progress: (value: P) => Promise<void> | void = () => undefined,
): CallContext<P> {
  return { progress: (value) => Promise.resolve(progress(value)), signal: session.signal };
}
