// The Information panel's host inside the test page: text and columns before the state, the token after it, as the real
// one sends them. A token that is selected is answered with its contexts.
import { createChannel } from '../../../src/protocol/channel';
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

const heard: Array<{ readonly method: string; readonly params: unknown }> = [];
const violations: string[] = [];
let listen: ((message: unknown) => void) | undefined;
let shown = document.documentElement.dataset.state ?? 'result';

document.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});

const stored = 'ar-lens-state';
Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: unknown) => queueMicrotask(() => listen?.(structuredClone(message))),
    getState: () => JSON.parse(sessionStorage.getItem(stored) ?? 'null') as unknown,
    setState: (state: unknown) => sessionStorage.setItem(stored, JSON.stringify(state)),
  }),
});

const channel = createChannel({
  send: (message) => window.postMessage(structuredClone(message), '*'),
  onMessage(callback) {
    listen = callback;
    return () => {
      listen = undefined;
    };
  },
});
const view = channel.client<InformationViewCalls>();

const note = (method: string) => (params: unknown) => {
  heard.push({ method, params });
  return Promise.resolve(undefined);
};
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

const nextFrame = window.requestAnimationFrame.bind(window);
/** Milliseconds of script that each of the view's frames took, what it left for the end of the task included. */
let drawing: number[] = [];
window.requestAnimationFrame = (callback) =>
  nextFrame((time) => {
    const begun = performance.now();
    callback(time);
    // uPlot draws in a microtask it has queued by now; a second hop lands behind what that queues.
    queueMicrotask(() => queueMicrotask(() => drawing.push(performance.now() - begun)));
  });

/** What the view's frames took since this was last asked. */
function frames(): readonly number[] {
  const taken = drawing;
  drawing = [];
  return taken;
}

async function openLargeText(tokens: number): Promise<readonly number[]> {
  const { part, text, content } = largeAnalysed(tokens);
  drawing = [];
  await view('text', { scoring: 9, from: 0, length: text.length, text });
  await view('part', part);
  await view('state', { kind: 'result', content });
  await new Promise((resolve) => nextFrame(() => nextFrame(resolve)));
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
