// The Information panel's host inside the test page: text and columns before the state, the token after it, as the real
// one sends them. A token that is selected is answered with its contexts.
import type {
  InformationAblation,
  InformationHostCalls,
  InformationViewCalls,
} from '../../../src/protocol/informationView';
import {
  ablationReport,
  INFORMATION_FIXTURES,
  informationMessages,
  largeAnalysed,
} from './informationFixtures';
import { frames, twoFrames } from './pageFrames';
import { channel, firstState, heard, note, violations } from './pageHost';

let shown = firstState;

const view = channel.client<InformationViewCalls>();

channel.serve<InformationHostCalls>({
  ready: async () => {
    heard.push({ method: 'ready', params: undefined });
    await show(shown);
    return undefined;
  },
  command: note('command'),
  cancel: note('cancel'),
  copy: note('copy'),
  save: note('save'),
  refresh: note('refresh'),
  select: async (params) => {
    heard.push({ method: 'select', params });
    await follow(params.token, { kind: 'result', report: ablationReport(params.token) });
    return undefined;
  },
});

async function show(name: string): Promise<void> {
  shown = name;
  const fixture = INFORMATION_FIXTURES[name]?.();
  if (fixture === undefined) throw new Error(`show: the Information view has no state ${name}`);
  for (const message of informationMessages(name)) {
    if (message[0] === 'text') await view('text', message[1]);
    else await view('part', message[1]);
  }
  await view('state', fixture.state);
  if (fixture.state.kind === 'result')
    await view('token', { token: fixture.token, ablation: fixture.ablation });
}

/** Another token is selected, in the editor say. */
const follow = (token: number, ablation: InformationAblation) => view('token', { token, ablation });

async function openLargeText(tokens: number): Promise<readonly number[]> {
  const { part, text, content } = largeAnalysed(tokens);
  frames();
  await view('text', { scoring: 9, from: 0, length: text.length, text });
  await view('part', part);
  await view('state', { kind: 'result', content });
  await twoFrames();
  return frames();
}

/** Whether the view shows the kind of state it was sent. */
const settled = () =>
  document.querySelector('main')?.dataset.state === INFORMATION_FIXTURES[shown]?.().state.kind;

export const informationHarness = { settled, heard, violations, show, follow, frames, openLargeText };
Object.assign(window, { harness: informationHarness, informationHarness });
declare global {
  interface Window {
    readonly informationHarness: typeof informationHarness;
  }
}
