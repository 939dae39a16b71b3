// The view's end of the wire: a typed channel to the extension host, and the state VS Code keeps for a view.
// The only file that calls acquireVsCodeApi. Must not know what any view shows.
import type { Calls, Handlers } from '../../src/protocol/calls';
import type { Port } from '../../src/protocol/channel';
import { createChannel } from '../../src/protocol/channel';
import { toErrorRecord } from '../../src/protocol/errors';

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

/** Asks the host and does not wait: whatever comes of it comes as state. What goes wrong goes to `connect`'s `onTrouble`. */
export type Ask<HostSide extends Calls<HostSide>> = <Method extends keyof HostSide & string>(
  method: Method,
  params: HostSide[Method]['params'],
) => void;

/** Serves the view's calls and returns what asks the host. Made once per page. `onTrouble` gets one sentence. */
export function connect<HostSide extends Calls<HostSide>, ViewSide extends Calls<ViewSide>>(
  handlers: Handlers<ViewSide>,
  onTrouble: (sentence: string) => void,
): Ask<HostSide> {
  const channel = createChannel(port);
  channel.serve<ViewSide>(handlers);
  const client = channel.client<HostSide>();
  return (method, params) => {
    client(method, params).catch((error: unknown) => onTrouble(toErrorRecord(error).message));
  };
}

/** The element that the host's page keeps for the view. */
export function rootElement(): HTMLElement {
  return document.getElementById('root') ?? document.body;
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
  chosen = settings;
  keep();
}

/** Which foldable sections of this view are open: kept beside what the view itself keeps. */
export const isOpen = (section: string): boolean => open.has(section);

export function rememberOpen(section: string, isOpenNow: boolean): void {
  if (isOpenNow === open.has(section)) return;
  if (isOpenNow) open.add(section);
  else open.delete(section);
  keep();
}

const OPEN = 'openSections';
const open = new Set(openSections(api.getState()));
let chosen: object = api.getState() ?? {};

function keep(): void {
  const kept: Record<string, unknown> = { ...chosen, [OPEN]: [...open] };
  if (open.size === 0) Reflect.deleteProperty(kept, OPEN);
  api.setState(kept);
}

function openSections(stored: unknown): readonly string[] {
  const kept: unknown = typeof stored === 'object' && stored !== null ? Reflect.get(stored, OPEN) : undefined;
  return Array.isArray(kept) ? kept.filter((each) => typeof each === 'string') : [];
}
