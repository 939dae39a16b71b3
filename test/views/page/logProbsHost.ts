// The Log-probs panel's host inside the test page: sends text and columns before the state, as the real one does.
import type { Call } from '../../../src/protocol/calls';
import { createChannel } from '../../../src/protocol/channel';
import type { LogProbsHostCalls } from '../../../src/protocol/logProbs';
import type { ViewState } from '../../../src/protocol/views';
import { STATES } from './fixtures';
import { LOG_PROBS_STATES, largeMessages, logProbsMessages } from './logProbsFixtures';

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
const view = channel.client<Record<string, Call<unknown, undefined>>>();

const note = (method: string) => (params: unknown) => {
  heard.push({ method, params });
  return Promise.resolve(undefined);
};
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

/** Sends a text of a million tokens, or so many, as the host does; what the view's frames took. */
async function openLargeText(tokens: number): Promise<readonly number[]> {
  const { messages, state } = largeMessages(tokens);
  drawing = [];
  for (const [method, params] of messages) await view(method, params);
  await view('state', state);
  await new Promise((resolve) => nextFrame(() => nextFrame(resolve)));
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
