// The messages of a channel as they cross a boundary, and the check that an arriving value is one of them.
// Must not know methods, handlers or ports. Ids are the caller's own: each side counts its requests from 1.
import type { ErrorRecord } from './errors';
import { REASONS } from './errors';

/** Caller → responder. */
export type CallerMessage =
  | { readonly kind: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  /** One progress value was read: there is room for one more. */
  | { readonly kind: 'ack'; readonly id: number }
  | { readonly kind: 'cancel'; readonly id: number };

/** Responder → caller. `result` and `error` end a call, `progress` does not. */
export type ResponderMessage =
  | { readonly kind: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorRecord };

export type WireMessage =
  | CallerMessage
  | ResponderMessage
  /** Sent once by each new channel: a second one means that the other side began anew (a reloaded webview). */
  | { readonly kind: 'hello' }
  /** The answer to what cannot be answered by id. Never answered itself. */
  | { readonly kind: 'fault'; readonly error: ErrorRecord };

export type Parsed =
  | { readonly message: WireMessage }
  /** `id` when the value was a request as far as one can tell, so that its caller can be told. */
  | { readonly problem: string; readonly id?: number };

export function parseMessage(value: unknown): Parsed {
  if (!isRecord(value)) return { problem: `message: expected an object, got ${nameOf(value)}` };
  switch (value.kind) {
    case 'hello':
      return { message: { kind: 'hello' } };
    case 'fault':
      return isErrorRecord(value.error)
        ? { message: { kind: 'fault', error: value.error } }
        : { problem: 'fault: expected an error record' };
    case 'request':
    case 'ack':
    case 'cancel':
    case 'progress':
    case 'result':
    case 'error':
      return parseAddressed(value.kind, value);
    default:
      return { problem: `message: expected a known kind, got ${nameOf(value.kind)}` };
  }
}

function parseAddressed(
  kind: CallerMessage['kind'] | ResponderMessage['kind'],
  value: Record<string, unknown>,
): Parsed {
  const id = value.id;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) {
    return { problem: `${kind}: expected a positive whole number as id, got ${nameOf(id)}` };
  }
  switch (kind) {
    case 'ack':
    case 'cancel':
      return { message: { kind, id } };
    case 'progress':
    case 'result':
      return { message: { kind, id, value: value.value } };
    case 'request':
      return typeof value.method === 'string'
        ? { message: { kind, id, method: value.method, params: value.params } }
        : { problem: `request: expected a method name, got ${nameOf(value.method)}`, id };
    case 'error':
      // A call must end even when its error is unreadable.
      return {
        message: {
          kind,
          id,
          error: isErrorRecord(value.error)
            ? value.error
            : { reason: 'internal', message: 'The other side failed without saying why.' },
        },
      };
    default:
      return kind satisfies never;
  }
}

function isErrorRecord(value: unknown): value is ErrorRecord {
  return (
    isRecord(value) &&
    (REASONS as readonly unknown[]).includes(value.reason) &&
    typeof value.message === 'string' &&
    (value.action === undefined || typeof value.action === 'string')
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function nameOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value === 'number') return String(value);
  return value === null ? 'null' : typeof value;
}
