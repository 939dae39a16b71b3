// The host of the Receptive field view inside the test page: what it answers comes from the engine's own closure, which
// reads no file and builds no network.
import { toErrorRecord } from '../../../src/protocol/errors';
import type {
  FieldWish,
  ReceptiveFieldContent,
  ReceptiveFieldHostCalls,
  ReceptiveFieldViewCalls,
} from '../../../src/protocol/receptiveFieldView';
import { FieldStore } from '../../../src/engine/reach/fieldReport';
import { kernelMask } from '../../../src/engine/reach/kernelMask';
import { fieldSubjects, fieldWishes, receptiveFieldState, planted, tasksOf } from './receptiveFieldFixtures';
import { frames } from './pageFrames';
import { channel, firstState, heard, note, violations } from './pageHost';

let shown = firstState;

const view = channel.client<ReceptiveFieldViewCalls>();
const store = new FieldStore();

channel.serve<ReceptiveFieldHostCalls>({
  start: note('start'),
  stop: note('stop'),
  ready: async () => {
    heard.push({ method: 'ready', params: undefined });
    await show(shown);
    return undefined;
  },
  command: note('command'),
  cancel: note('cancel'),
  copy: note('copy'),
  save: note('save'),
  look: async (wish) => {
    heard.push({ method: 'look', params: wish });
    await answer(wish);
    return undefined;
  },
  mask: async (params) => {
    heard.push({ method: 'mask', params });
    await view('update', { mask: { ...params, ...kernelMask(params) } });
    return undefined;
  },
});

async function answer(wish: FieldWish): Promise<void> {
  const usual = fieldWishes[shown]?.settings ?? {};
  try {
    const { own } = fieldSubjects[shown] ?? {};
    const report = store.report({ ...wish, settings: { ...usual, ...wish.settings } }, own);
    await view('update', { report: planted(shown, report), problem: '' });
  } catch (error) {
    await view('update', { problem: toErrorRecord(error).message });
  }
}

async function show(state: string): Promise<void> {
  shown = state;
  const wish = fieldWishes[state];
  if (wish === undefined) return void (await view('state', receptiveFieldState(state)));
  const { subject, name, own } = fieldSubjects[state] ?? { subject: { kind: 'none' as const }, name: '' };
  const content: ReceptiveFieldContent = {
    subject,
    name,
    report: planted(state, store.report(wish, own)),
    problem: '',
    mask: null,
    ...tasksOf(state),
  };
  await view('state', { kind: 'result', content });
}

const kindOf = (state: string): string =>
  fieldWishes[state] === undefined ? receptiveFieldState(state).kind : 'result';

/** Whether the view shows the kind of state it was sent. */
const settled = () => document.querySelector('main')?.dataset.state === kindOf(shown);

const receptiveFieldHarness = { settled, heard, violations, show, frames };
Object.assign(window, { harness: receptiveFieldHarness });
