// The host of the Score Selection and the Diagram view inside the test page: sends parts before the state, as the real ones do.
import type { Call } from '../../../src/protocol/calls';
import type { ScoreSelectionHostCalls } from '../../../src/protocol/scoreSelection';
import type { ViewState } from '../../../src/protocol/views';
import { diagramState } from './diagramFixtures';
import { STATES } from './fixtures';
import { selectionParts, selectionState } from './selectionFixtures';
import { channel, firstState, heard, note, violations } from './pageHost';

let shown = firstState;
const name = document.documentElement.dataset.view === 'diagram' ? 'diagram' : 'scoreSelection';

const view = channel.client<Record<string, Call<unknown, undefined>>>();

channel.serve<ScoreSelectionHostCalls>({
  ready: async () => {
    heard.push({ method: 'ready', params: undefined });
    await show(shown);
    return undefined;
  },
  command: note('command'),
  cancel: note('cancel'),
  copy: note('copy'),
  save: note('save'),
  pin: note('pin'),
  refresh: note('refresh'),
  choose: note('choose'),
  light: note('light'),
});

const stateOf = (state: string): ViewState<unknown> | undefined =>
  (name === 'diagram' ? diagramState(state) : selectionState(state)) ?? STATES[state]?.('logProbs');

async function show(state: string): Promise<void> {
  shown = state;
  const made = stateOf(state);
  if (made === undefined) throw new Error(`show: this view has no state ${state}`);
  if (name === 'scoreSelection') for (const part of selectionParts(state)) await view('part', part);
  await view('state', made);
}

/** Whether the view shows the kind of state it was sent. */
const settled = () => document.querySelector('main')?.dataset.state === stateOf(shown)?.kind;

const formulasHarness = { settled, heard, violations, show };
Object.assign(window, { harness: formulasHarness });
