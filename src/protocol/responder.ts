// The answering half of a channel: runs handlers, sends progress by credit, answers each request exactly once.
// Must not know ports or who asks.
import type { CallContext } from './calls';
import { notSent } from './caller';
import type { ErrorRecord } from './errors';
import { ArLensError, toErrorRecord } from './errors';
import type { CallerMessage, ResponderMessage } from './wire';

export type AnyHandler = (params: unknown, context: CallContext<unknown>) => Promise<unknown>;

/** Progress messages of one call that may be on the way or unread; the next ones wait at the sender. */
export const PROGRESS_WINDOW = 4;

interface Waiting {
  readonly value: unknown;
  readonly sent: () => void;
  readonly failed: (error: Error) => void;
}

interface Running {
  readonly controller: AbortController;
  ended: boolean;
  unread: number;
  readonly waiting: Waiting[];
  /** Resolvers of progress() calls whose value is sent but after which the window was full. */
  readonly full: Array<() => void>;
}

export class Responder {
  private readonly handlers = new Map<string, AnyHandler>();
  private readonly running = new Map<number, Running>();

  constructor(
    private readonly send: (message: ResponderMessage) => void,
    /** Told of every failure that is not an ArLensError, with the method that failed: for the log. */
    private readonly onInternalError: (method: string, error: unknown) => void,
  ) {}

  add(method: string, handler: AnyHandler): void {
    if (this.handlers.has(method))
      throw new Error(`serve: expected one handler of "${method}", got a second`);
    this.handlers.set(method, handler);
  }

  /** Returns a sentence when the message cannot be answered by its id. */
  receive(message: CallerMessage): string | undefined {
    const { id } = message;
    const running = this.running.get(id);
    switch (message.kind) {
      case 'request':
        if (running !== undefined) return `request: expected a new id, got ${id}, which is still running`;
        void this.run(id, message.method, message.params);
        return undefined;
      case 'ack':
        if (running !== undefined) this.acknowledge(id, running);
        return undefined;
      case 'cancel':
        if (running !== undefined) abort(running);
        return undefined;
      default:
        return message satisfies never;
    }
  }

  refuse(id: number, error: ErrorRecord): void {
    // Were the id one of a running call, an error would end that call in its caller's eyes.
    if (!this.running.has(id)) this.sendQuietly({ kind: 'error', id, error });
  }

  abortAll(): void {
    for (const running of this.running.values()) abort(running);
    this.running.clear();
  }

  private async run(id: number, method: string, params: unknown): Promise<void> {
    const handler = this.handlers.get(method);
    if (handler === undefined) {
      this.refuse(id, { reason: 'unsupported', message: `There is no call "${method}" on this side.` });
      return;
    }
    const running: Running = {
      controller: new AbortController(),
      ended: false,
      unread: 0,
      waiting: [],
      full: [],
    };
    this.running.set(id, running);
    const answer = await this.answer(id, method, handler, params, running);
    if (this.running.get(id) !== running) return; // the channel began anew or went
    this.running.delete(id);
    close(running);
    try {
      this.send(answer);
    } catch (error) {
      this.sendQuietly({
        kind: 'error',
        id,
        error: toErrorRecord(notSent(`the result of "${method}"`, error)),
      });
    }
  }

  private async answer(
    id: number,
    method: string,
    handler: AnyHandler,
    params: unknown,
    running: Running,
  ): Promise<ResponderMessage> {
    const { signal } = running.controller;
    const cancelled: ResponderMessage = {
      kind: 'error',
      id,
      error: { reason: 'cancelled', message: `"${method}" was cancelled.` },
    };
    try {
      const value = await handler(params, {
        signal,
        progress: (progress) => this.progress(id, running, progress),
      });
      // What the handler did not await still comes before the result.
      while (running.waiting.length > 0 && !signal.aborted) await this.room(running);
      return signal.aborted ? cancelled : { kind: 'result', id, value };
    } catch (error) {
      if (signal.aborted) return cancelled;
      if (!(error instanceof ArLensError)) this.onInternalError(method, error);
      return { kind: 'error', id, error: toErrorRecord(error) };
    }
  }

  private progress(id: number, running: Running, value: unknown): Promise<void> {
    // Dropped, but a loop that never looks at its signal must not starve the event loop either.
    if (running.ended || running.controller.signal.aborted)
      return new Promise((resolve) => setTimeout(resolve, 0));
    const sent = new Promise<void>((resolve, reject) => {
      running.waiting.push({ value, sent: resolve, failed: reject });
    });
    // A handler may leave its progress unawaited; a failure then belongs to nobody and must not end the process.
    sent.catch(() => undefined);
    this.flush(id, running);
    return sent;
  }

  private flush(id: number, running: Running): void {
    while (running.unread < PROGRESS_WINDOW) {
      const next = running.waiting.shift();
      if (next === undefined) return;
      try {
        this.send({ kind: 'progress', id, value: next.value });
      } catch (error) {
        next.failed(notSent('progress', error));
        continue;
      }
      running.unread++;
      if (running.unread < PROGRESS_WINDOW) next.sent();
      else running.full.push(next.sent);
    }
  }

  private acknowledge(id: number, running: Running): void {
    running.unread = Math.max(0, running.unread - 1);
    this.flush(id, running);
    if (running.unread < PROGRESS_WINDOW) releaseAll(running.full);
  }

  private room(running: Running): Promise<void> {
    return new Promise((resolve) => running.full.push(resolve));
  }

  private sendQuietly(message: ResponderMessage): void {
    try {
      this.send(message);
    } catch {
      // The port is closing; its owner disposes the channel.
    }
  }
}

function abort(running: Running): void {
  running.controller.abort();
  close(running);
}

/** Whatever still waits to be sent never will be: release who waits for it. */
function close(running: Running): void {
  running.ended = true;
  for (const waiting of running.waiting.splice(0)) waiting.sent();
  releaseAll(running.full);
}

function releaseAll(waiting: Array<() => void>): void {
  for (const resolve of waiting.splice(0)) resolve();
}
