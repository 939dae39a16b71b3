// The handlers of the interactive engine and of a training job, over one context.
// Knows no channel: the process entry serves them, the CLI calls them directly.
import type { EngineCalls, JobCalls } from '../protocol/engine';
import type { Handlers } from '../protocol/calls';
import { ArLensError } from '../protocol/errors';
import type { EngineContext } from './context';

export function createEngineHandlers(_context: EngineContext): Handlers<EngineCalls> {
  throw new ArLensError('internal', 'createEngineHandlers: not assembled yet');
}

export function createJobHandlers(_context: EngineContext): Handlers<JobCalls> {
  throw new ArLensError('internal', 'createJobHandlers: not assembled yet');
}
