// Ports for the channel's tests: a pair in memory that counts what is on the way, and a real MessageChannel's.
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { Port } from '../../../src/protocol/channel';

export interface MemoryPort extends Port {
  /** Everything this end has sent, as it was. */
  readonly sent: unknown[];
  /** Puts a value on the other end's doorstep, however malformed. */
  inject(message: unknown): void;
}

/** Two ends; each message is cloned and arrives in a later turn, in order. */
export function memoryPair(): [MemoryPort, MemoryPort] {
  const listeners: [Set<(m: unknown) => void>, Set<(m: unknown) => void>] = [new Set(), new Set()];
  const end = (own: 0 | 1): MemoryPort => {
    const other = listeners[own === 0 ? 1 : 0];
    const sent: unknown[] = [];
    const deliver = (message: unknown) => {
      setImmediate(() => {
        for (const listener of other) listener(message);
      });
    };
    return {
      sent,
      inject: deliver,
      send(message) {
        const copy: unknown = structuredClone(message);
        sent.push(copy);
        deliver(copy);
      },
      onMessage(callback) {
        listeners[own].add(callback);
        return () => listeners[own].delete(callback);
      },
    };
  };
  return [end(0), end(1)];
}

export function messageChannelPair(): { ports: [Port, Port]; close: () => void } {
  const { port1, port2 } = new MessageChannel();
  const wrap = (port: MessagePort): Port => ({
    send: (message) => port.postMessage(message),
    onMessage(callback) {
      port.on('message', callback);
      return () => port.off('message', callback);
    },
  });
  return { ports: [wrap(port1), wrap(port2)], close: () => port1.close() };
}

export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
export const delay = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
/** Long enough for a message there and back. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}
