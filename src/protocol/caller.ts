// The asking half of a channel: pending calls, their progress, their one end. Must not know handlers or ports.
// A call ends at once when it is cancelled or the channel goes; what arrives for it afterwards is dropped.
import type { CallOptions } from './calls';
import { ArLensError, fromErrorRecord } from './errors';
import type { CallerMessage, ResponderMessage } from './wire';

interface Pending {
  readonly onProgress: CallOptions<unknown>['onProgress'];
  /** Readers run one after the other; the result waits for the last of them. */
  reading: Promise<void>;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class Caller {
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;

  constructor(private readonly send: (message: CallerMessage) => void) {}

  call(method: string, params: unknown, options: CallOptions<unknown> = {}): Promise<unknown> {
    const { onProgress, signal } = options;
    if (signal?.aborted) return Promise.reject(cancelled(method));
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        if (!this.pending.has(id)) return;
        this.sendQuietly({ kind: 'cancel', id });
        this.end(id)?.reject(cancelled(method));
      };
      const release = () => signal?.removeEventListener('abort', onAbort);
      signal?.addEventListener('abort', onAbort);
      this.pending.set(id, {
        onProgress,
        reading: Promise.resolve(),
        resolve: (value) => (release(), resolve(value)),
        reject: (error) => (release(), reject(error)),
      });
      try {
        this.send({ kind: 'request', id, method, params });
      } catch (error) {
        this.end(id)?.reject(notSent(`the parameters of "${method}"`, error));
      }
    });
  }

  /** Returns a sentence when the message belongs to no call that was ever made. */
  receive(message: ResponderMessage): string | undefined {
    const { id } = message;
    const call = this.pending.get(id);
    if (call === undefined) {
      return id <= this.lastId ? undefined : `${message.kind}: expected the id of a call, got ${id}`;
    }
    switch (message.kind) {
      case 'progress':
        call.reading = call.reading.then(() => this.read(id, message.value));
        return undefined;
      case 'result':
        call.reading = call.reading.then(() => this.end(id)?.resolve(message.value));
        return undefined;
      case 'error':
        call.reading = call.reading.then(() => this.end(id)?.reject(fromErrorRecord(message.error)));
        return undefined;
      default:
        return message satisfies never;
    }
  }

  rejectAll(error: ArLensError): void {
    for (const id of [...this.pending.keys()]) this.end(id)?.reject(error);
  }

  private async read(id: number, value: unknown): Promise<void> {
    const call = this.pending.get(id);
    if (call === undefined) return;
    try {
      await call.onProgress?.(value);
    } catch (error) {
      // The reader failed: nobody is left to listen, so the work stops too.
      this.sendQuietly({ kind: 'cancel', id });
      this.end(id)?.reject(error instanceof Error ? error : new ArLensError('internal', String(error)));
      return;
    }
    if (this.pending.has(id)) this.sendQuietly({ kind: 'ack', id });
  }

  /** Takes the call out, so that it can end only once. */
  private end(id: number): Pending | undefined {
    const call = this.pending.get(id);
    this.pending.delete(id);
    return call;
  }

  private sendQuietly(message: CallerMessage): void {
    try {
      this.send(message);
    } catch {
      // The port is closing; its owner disposes the channel, which ends every call.
    }
  }
}

export function notSent(what: string, error: unknown): ArLensError {
  const detail = error instanceof Error ? error.message : String(error);
  return new ArLensError('internal', `channel: ${what} could not be sent: ${detail}`);
}

function cancelled(method: string): ArLensError {
  return new ArLensError('cancelled', `"${method}" was cancelled.`);
}
