// The Log-probs panel's host inside the test page: sends text and columns before the state, as the real one does.
import type { Call } from '../../../src/protocol/calls';
import type { LogProbsHostCalls } from '../../../src/protocol/logProbs';
import type { ViewState } from '../../../src/protocol/views';
import { STATES } from './fixtures';
import { LOG_PROBS_STATES, largeMessages, logProbsMessages } from './logProbsFixtures';
import { frames, twoFrames } from './pageFrames';
import { channel, firstState, heard, note, violations } from './pageHost';

let shown = firstState;

const view = channel.client<Record<string, Call<unknown, undefined>>>();

channel.serve<LogProbsHostCalls>({
  ready: async () => {
    heard.push({ method: 'ready', params: undefined });
    await show(shown);
    return undefined;
  },
  command: note('command'),
  cancel: note('cancel'),
  copy: note('copy'),
  save: note('save'),
  compare: note('compare'),
  cancelCompare: note('cancelCompare'),
  refresh: note('refresh'),
  select: note('select'),
});

const stateOf = (name: string): ViewState<unknown> | undefined =>
  LOG_PROBS_STATES[name]?.() ?? STATES[name]?.('logProbs');

async function show(name: string): Promise<void> {
  shown = name;
  const state = stateOf(name);
  if (state === undefined) throw new Error(`show: the Log-probs view has no state ${name}`);
  for (const [method, params] of logProbsMessages(name)) await view(method, params);
  await view('state', state);
}

const tell = (method: string, params: unknown) => view(method, params);

/** Sends a text of a million tokens, or so many, as the host does; what the view's frames took. */
async function openLargeText(tokens: number): Promise<readonly number[]> {
  const { messages, state } = largeMessages(tokens);
  frames();
  for (const [method, params] of messages) await view(method, params);
  await view('state', state);
  await twoFrames();
  return frames();
}

/** Whether the view shows the kind of state it was sent. */
const settled = () => document.querySelector('main')?.dataset.state === stateOf(shown)?.kind;

export const logProbsHarness = { settled, heard, violations, show, tell, frames, openLargeText };
Object.assign(window, { harness: logProbsHarness, logProbsHarness });
declare global {
  interface Window {
    readonly logProbsHarness: typeof logProbsHarness;
  }
}
