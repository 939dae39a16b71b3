// What every mock host in a test page has: VS Code's API for the view, the other end of its channel, what was heard, and
// what the page's policy refused. Each page bundles one host, and so has one of these. Knows no view.
import { createChannel } from '../../../src/protocol/channel';

export const heard: Array<{ readonly method: string; readonly params: unknown }> = [];
export const violations: string[] = [];
let listen: ((message: unknown) => void) | undefined;

document.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});

/** The state that the test page was asked for. */
export const firstState = document.documentElement.dataset.state ?? 'result';

const stored = 'ar-lens-state';
/** What the view keeps with VS Code. */
export const kept = (): unknown => JSON.parse(sessionStorage.getItem(stored) ?? 'null') as unknown;
Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: unknown) => queueMicrotask(() => listen?.(structuredClone(message))),
    getState: kept,
    setState: (state: unknown) => sessionStorage.setItem(stored, JSON.stringify(state)),
  }),
});

export const channel = createChannel({
  send: (message) => window.postMessage(structuredClone(message), '*'),
  onMessage(callback) {
    listen = callback;
    return () => {
      listen = undefined;
    };
  },
});

/** Hears a call and does nothing else. */
export const note = (method: string) => (params: unknown) => {
  heard.push({ method, params });
  return Promise.resolve(undefined);
};
