// The view's end of the wire: a typed channel to the extension host, and the state VS Code keeps for a view.
// The only file that calls acquireVsCodeApi. Must not know what any view shows.
import type { Calls, Client, Handlers } from '../../src/protocol/calls';
import type { Port } from '../../src/protocol/channel';
import { createChannel } from '../../src/protocol/channel';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

const port: Port = {
  send: (message) => api.postMessage(message),
  onMessage(callback) {
    const listen = (event: MessageEvent<unknown>) => callback(event.data);
    window.addEventListener('message', listen);
    return () => window.removeEventListener('message', listen);
  },
};

/** Serves the view's calls and returns the client of the host's. Made once per page. */
export function connect<HostSide extends Calls<HostSide>, ViewSide extends Calls<ViewSide>>(
  handlers: Handlers<ViewSide>,
): Client<HostSide> {
  const channel = createChannel(port);
  channel.serve<ViewSide>(handlers);
  return channel.client<HostSide>();
}

/** What the person chose in this view: kept by VS Code across hiding, and across reloading the window. */
export function loadSettings<Settings extends object>(defaults: Settings): Settings {
  const stored = api.getState();
  if (typeof stored !== 'object' || stored === null) return defaults;
  const entries = Object.entries(defaults).map(([key, fallback]: [string, unknown]) => {
    const value: unknown = (stored as Record<string, unknown>)[key];
    const usable = typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback);
    return [key, usable ? value : fallback];
  });
  return Object.fromEntries(entries) as Settings;
}

export function saveSettings(settings: object): void {
  api.setState(settings);
}
