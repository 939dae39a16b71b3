// One typed, symmetric channel for every boundary: host ↔ engine process and host ↔ webview.
// Request, progress with back-pressure, result, typed error, cancellation. Imports nothing outside this folder:
// what carries the messages is a Port, made by whoever owns the process, the worker or the webview.
import type { Calls, Client, Handlers } from './calls';
import { Caller } from './caller';
import type { ErrorRecord } from './errors';
import { ArLensError } from './errors';
import type { AnyHandler } from './responder';
import { Responder } from './responder';
import { parseMessage } from './wire';
import type { WireMessage } from './wire';

/** Carries structured-clone values in order. `send` throws when a value cannot be cloned or the port is closed. */
export interface Port {
  send(message: unknown): void;
  /** Returns the function that stops listening. */
  onMessage(callback: (message: unknown) => void): () => void;
}

export interface ChannelOptions {
  /** A message that made no sense, here or (as the other side reports) there. For the log. */
  readonly onFault?: (error: ErrorRecord) => void;
  /** A handler failed with something else than an ArLensError: the caller gets one sentence, the log the rest. */
  readonly onInternalError?: (method: string, error: unknown) => void;
}

export interface Channel {
  /** Calls the other side's handlers. */
  client<T extends Calls<T>>(): Client<T>;
  /** Answers the other side's calls. May be called again for other methods; a plain object of functions. */
  serve<T extends Calls<T>>(handlers: Handlers<T>): void;
  /** Rejects what is pending (reason engineGone unless told otherwise), aborts what runs, stops listening. */
  dispose(error?: ArLensError): void;
}

export function createChannel(port: Port, options: ChannelOptions = {}): Channel {
  let gone: ArLensError | undefined;
  let heard = false;
  const send = (message: WireMessage) => {
    if (gone !== undefined) throw gone;
    port.send(message);
  };
  const caller = new Caller(send);
  const responder = new Responder(send, (method, error) => options.onInternalError?.(method, error));

  const end = (error: ArLensError) => {
    caller.rejectAll(error);
    responder.abortAll();
  };
  const fault = (problem: string) => {
    const error: ErrorRecord = { reason: 'badInput', message: problem };
    options.onFault?.(error);
    try {
      send({ kind: 'fault', error });
    } catch {
      // The port is closing: nobody is left to be told.
    }
  };

  const receive = (value: unknown) => {
    const parsed = parseMessage(value);
    if ('problem' in parsed) {
      if (parsed.id === undefined) fault(parsed.problem);
      else responder.refuse(parsed.id, { reason: 'badInput', message: parsed.problem });
      return;
    }
    const { message } = parsed;
    switch (message.kind) {
      case 'hello':
        if (heard) end(new ArLensError('engineGone', 'The other side started again before it answered.'));
        heard = true;
        return;
      case 'fault':
        options.onFault?.(message.error);
        return;
      case 'request':
      case 'ack':
      case 'cancel': {
        const problem = responder.receive(message);
        if (problem !== undefined) fault(problem);
        return;
      }
      case 'progress':
      case 'result':
      case 'error': {
        const problem = caller.receive(message);
        if (problem !== undefined) fault(problem);
        return;
      }
      default:
        return message satisfies never;
    }
  };

  const stopListening = port.onMessage(receive);
  try {
    send({ kind: 'hello' });
  } catch {
    // A port that is closed from the start: the first call says so.
  }

  return {
    client<T extends Calls<T>>(): Client<T> {
      const call = (method: string, params: unknown, callOptions?: object) =>
        gone === undefined ? caller.call(method, params, callOptions) : Promise.reject(gone);
      return call;
    },
    serve<T extends Calls<T>>(handlers: Handlers<T>): void {
      for (const [method, handler] of Object.entries<unknown>(handlers)) {
        responder.add(method, handler as AnyHandler);
      }
    },
    dispose(error = new ArLensError('engineGone', 'The other side is gone.')): void {
      if (gone !== undefined) return;
      gone = error;
      stopListening();
      end(error);
    },
  };
}
