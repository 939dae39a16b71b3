// A session as its view gets it: one of the four states, and the beam's own inside the result. Pure.
import type { SamplerBeam, SamplerContent } from '../../protocol/samplerView';
import type { ViewState } from '../../protocol/views';
import { COMMANDS } from '../ids';
import type { BeamSearchState } from './samplerBeamSearch';
import type { SamplerSession } from './samplerSession';

const RESTART = { label: 'Restart Engine', command: COMMANDS.restartEngine } as const;

export function samplerState(
  session: SamplerSession,
  model: string,
  device: string,
): ViewState<SamplerContent> {
  const { document, next, fresh, running, elementsPerSecond, note, error, turn } = session;
  const inside = error === undefined || error.reason === 'badInput' || error.reason === 'unsupported';
  if (!inside) {
    const button =
      error.reason === 'engineGone' ? RESTART : { label: 'Open Sampler', command: COMMANDS.openSampler };
    return { kind: 'failed', sentence: error.message, button };
  }
  if (next === undefined && error === undefined) {
    return { kind: 'working', doing: `Loading ${model}`, cancel: false };
  }
  return {
    kind: 'result',
    content: {
      document,
      model,
      device,
      next: next ?? null,
      fresh,
      running,
      elementsPerSecond: elementsPerSecond ?? null,
      note,
      problem: error?.message ?? '',
      beam: beamOf(session.beam.state),
      turn,
    },
  };
}

function beamOf(state: BeamSearchState): SamplerBeam {
  switch (state.kind) {
    case 'none':
      return { kind: 'none', sentence: state.cancelled ? 'The search was cancelled.' : '' };
    case 'working':
    case 'result':
      return state;
    case 'failed': {
      const { reason, message: sentence } = state.error;
      const gone = reason === 'engineGone' || reason === 'outOfMemory';
      return { kind: 'failed', sentence, ...(gone ? { button: RESTART } : {}) };
    }
    default:
      return state satisfies never;
  }
}
