// The channel over ports in memory and over a real MessageChannel: one end for every call, errors, cancellation,
// order, back-pressure, nonsense on the wire.
import { afterEach, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/protocol/calls';
import type { Channel } from '../../../src/protocol/channel';
import { createChannel } from '../../../src/protocol/channel';
import type { ErrorRecord } from '../../../src/protocol/errors';
import { ArLensError } from '../../../src/protocol/errors';
import { PROGRESS_WINDOW } from '../../../src/protocol/responder';
import { delay, memoryPair, messageChannelPair, settle, turn } from './ports';

interface TestCalls {
  double: Call<number, number>;
  fail: Call<string, undefined>;
  count: Call<{ readonly to: number; readonly awaited: boolean }, string, number>;
  wait: Call<undefined, undefined, string>;
  floats: Call<Float32Array, { readonly data: Float32Array; readonly kind: string }>;
}

/** What the serving side saw. */
interface Seen {
  sent: number;
  aborted: boolean;
  ended: boolean;
  internal: unknown[];
  faults: ErrorRecord[];
}

const open: Channel[] = [];
afterEach(() => {
  for (const channel of open.splice(0)) channel.dispose();
});

function serveTestCalls(channel: Channel, seen: Seen): void {
  channel.serve<TestCalls>({
    double: (value) => Promise.resolve(2 * value),
    fail: (how) => {
      if (how === 'typed')
        throw new ArLensError('badInput', 'a.txt:1: expected text, got none.', 'Add text.');
      if (how === 'full') return Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
      if (how === 'memory') new Float64Array(2 ** 52);
      throw new TypeError('x is not a function');
    },
    count: async ({ to, awaited }, { progress }) => {
      for (let i = 0; i < to; i++) {
        const room = progress(i);
        seen.sent++;
        if (awaited) await room;
      }
      return 'counted';
    },
    wait: async (_, { signal, progress }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      seen.aborted = true;
      await progress('too late');
      seen.ended = true;
      throw new Error('thrown after cancel');
    },
    floats: (data) => Promise.resolve({ data: data.map((value) => value + 1), kind: data.constructor.name }),
  });
}

function setUp() {
  const [left, right] = memoryPair();
  const seen: Seen = { sent: 0, aborted: false, ended: false, internal: [], faults: [] };
  const faultsHere: ErrorRecord[] = [];
  const here = createChannel(left, { onFault: (error) => faultsHere.push(error) });
  const there = createChannel(right, {
    onFault: (error) => seen.faults.push(error),
    onInternalError: (_, error) => seen.internal.push(error),
  });
  open.push(here, there);
  serveTestCalls(there, seen);
  return { left, right, here, there, call: here.client<TestCalls>(), seen, faultsHere };
}

async function reasonOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  return error instanceof ArLensError ? error.reason : `no ArLensError: ${String(error)}`;
}

describe('results and errors', () => {
  it('answers concurrent calls each with its own result', async () => {
    const { call } = setUp();
    const results = await Promise.all(Array.from({ length: 50 }, (_, i) => call('double', i)));
    expect(results).toEqual(Array.from({ length: 50 }, (_, i) => 2 * i));
  });

  it('works in both directions at once', async () => {
    const { call, here, there, seen } = setUp();
    serveTestCalls(here, seen);
    const back = there.client<TestCalls>();
    expect(await Promise.all([call('double', 1), back('double', 2)])).toEqual([2, 4]);
  });

  it('rebuilds a typed error with its action', async () => {
    const error: unknown = await setUp()
      .call('fail', 'typed')
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ArLensError);
    expect(error).toMatchObject({
      reason: 'badInput',
      message: 'a.txt:1: expected text, got none.',
      action: 'Add text.',
    });
  });

  it('maps system errors and failed allocations, and logs what is nobody’s input', async () => {
    const { call, seen } = setUp();
    expect(await reasonOf(call('fail', 'full'))).toBe('diskFull');
    expect(await reasonOf(call('fail', 'memory'))).toBe('outOfMemory');
    expect(await reasonOf(call('fail', 'bug'))).toBe('internal');
    expect(seen.internal.at(-1)).toBeInstanceOf(TypeError);
  });

  it('refuses a method that is not served, names inherited by every object included', async () => {
    const { here } = setUp();
    const call = here.client<{ toString: Call<undefined, string>; nothing: Call<undefined, string> }>();
    expect(await reasonOf(call('nothing', undefined))).toBe('unsupported');
    expect(await reasonOf(call('toString', undefined))).toBe('unsupported');
  });

  it('refuses a second handler of one method', () => {
    const { there, seen } = setUp();
    expect(() => serveTestCalls(there, seen)).toThrow('got a second');
  });

  it('ends a call whose parameters or result cannot be cloned', async () => {
    const { here, there } = setUp();
    there.serve<{ give: Call<unknown, unknown> }>({ give: () => Promise.resolve(() => 1) });
    const call = here.client<{ give: Call<unknown, unknown> }>();
    expect(await reasonOf(call('give', () => 1))).toBe('internal');
    expect(await reasonOf(call('give', undefined))).toBe('internal');
  });

  it('passes a million float32 as binary', async () => {
    const { call } = setUp();
    const data = Float32Array.from({ length: 1_000_000 }, (_, i) => i);
    const answer = await call('floats', data);
    expect(answer.kind).toBe('Float32Array');
    expect(answer.data).toBeInstanceOf(Float32Array);
    expect(answer.data.at(-1)).toBe(1_000_000);
  });
});

describe('progress', () => {
  it('arrives in order and before the result, awaited or not', async () => {
    for (const awaited of [true, false]) {
      const { call } = setUp();
      const read: number[] = [];
      const onProgress = async (value: number) => {
        if (value % 7 === 0) await turn(); // slower for some: order must not depend on it
        read.push(value);
      };
      expect(await call('count', { to: 100, awaited }, { onProgress })).toBe('counted');
      expect(read).toEqual(Array.from({ length: 100 }, (_, i) => i));
    }
  });

  it('holds the sender while the reader is busy', async () => {
    const { call, seen } = setUp();
    let free: () => void = () => undefined;
    const busy = new Promise<void>((resolve) => (free = resolve));
    let read = 0;
    const done = call('count', { to: 1000, awaited: true }, { onProgress: () => (read++, busy) });
    await settle();
    expect(read).toBe(1); // readers do not overlap
    expect(seen.sent).toBe(PROGRESS_WINDOW);
    free();
    await done;
    expect([read, seen.sent]).toEqual([1000, 1000]);
  });

  it('cancels the call when the reader fails, with the reader’s error', async () => {
    const { call, seen } = setUp();
    const onProgress = (value: number) => {
      if (value === 3) throw new RangeError('reader');
    };
    await expect(call('count', { to: 1e6, awaited: true }, { onProgress })).rejects.toThrow('reader');
    const sentThen = seen.sent;
    await settle();
    await delay(20);
    expect(seen.sent).toBeLessThan(sentThen + 100); // dropped progress still gives way to other work
  });
});

describe('cancellation', () => {
  it('rejects at once, aborts the handler, and drops what comes after', async () => {
    const { call, seen, right } = setUp();
    const controller = new AbortController();
    const read: string[] = [];
    const pending = call('wait', undefined, {
      signal: controller.signal,
      onProgress: (p) => void read.push(p),
    });
    await settle();
    controller.abort();
    expect(await reasonOf(pending)).toBe('cancelled');
    await delay(20);
    expect(seen).toMatchObject({ aborted: true, ended: true, internal: [] });
    expect(read).toEqual([]);
    const ends = right.sent.filter((m) =>
      ['result', 'error', 'progress'].includes((m as { kind: string }).kind),
    );
    expect(ends).toMatchObject([{ kind: 'error', error: { reason: 'cancelled' } }]);
  });

  it('sends nothing for a signal that is aborted already, and forgets one after the call', async () => {
    const { call, left } = setUp();
    expect(await reasonOf(call('double', 1, { signal: AbortSignal.abort() }))).toBe('cancelled');
    const controller = new AbortController();
    expect(await call('double', 1, { signal: controller.signal })).toBe(2);
    controller.abort();
    await settle();
    expect(left.sent.map((m) => (m as { kind: string }).kind)).toEqual(['hello', 'request']);
  });

  it('ends a call once when cancel and result cross', async () => {
    const { call, faultsHere, seen } = setUp();
    const controller = new AbortController();
    const pending = call('double', 4, { signal: controller.signal });
    await turn(); // the handler has answered; the answer is on its way
    controller.abort();
    expect(['cancelled', 'no ArLensError: undefined']).toContain(await reasonOf(pending));
    await settle();
    expect([...faultsHere, ...seen.faults]).toEqual([]);
  });

  it('releases a sender that waits for room', async () => {
    const { call, seen } = setUp();
    const controller = new AbortController();
    const never = new Promise<void>(() => undefined);
    const options = { signal: controller.signal, onProgress: () => never };
    const pending = call('count', { to: PROGRESS_WINDOW + 1, awaited: true }, options);
    await settle();
    controller.abort();
    expect(await reasonOf(pending)).toBe('cancelled');
    await delay(20);
    expect(seen.sent).toBe(PROGRESS_WINDOW + 1);
  });
});

describe('the end of a channel', () => {
  it('rejects everything pending, and everything after, with engineGone', async () => {
    const { call, here } = setUp();
    const pending = [call('wait', undefined), call('wait', undefined)];
    await settle();
    here.dispose();
    expect(await Promise.all(pending.map(reasonOf))).toEqual(['engineGone', 'engineGone']);
    expect(await reasonOf(call('double', 1))).toBe('engineGone');
  });

  it('aborts the handlers that run, and answers nobody', async () => {
    const { call, there, seen, right } = setUp();
    void call('wait', undefined).catch(() => undefined);
    await settle();
    there.dispose();
    await delay(20);
    expect(seen.aborted).toBe(true);
    expect(right.sent).toEqual([{ kind: 'hello' }]);
  });

  it('lets go of an old caller when the other side begins anew', async () => {
    const { call, left, seen, here } = setUp();
    void call('wait', undefined).catch(() => undefined);
    await settle();
    here.dispose(); // as a reloaded page: no goodbye, and ids begin at 1 again
    const again = createChannel(left);
    open.push(again);
    expect(await again.client<TestCalls>()('double', 21)).toBe(42);
    expect(seen.aborted).toBe(true);
    expect(seen.faults).toEqual([]);
  });
});

describe('nonsense on the wire', () => {
  const nonsense: unknown[] = [
    null,
    7,
    'request',
    [],
    {},
    { kind: 'shout', id: 1 },
    { kind: 'request', id: 0, method: 'double', params: 1 },
    { kind: 'request', id: 1.5, method: 'double' },
    { kind: 'result', id: 99, value: 1 },
    { kind: 'fault', error: 'no record' },
    { kind: 'cancel' },
  ];

  it('is answered with a typed fault, and the channel works on', async () => {
    const { call, left, faultsHere, seen } = setUp();
    for (const message of nonsense) left.inject(message);
    await settle();
    expect(seen.faults).toHaveLength(nonsense.length);
    expect(seen.faults.every((error) => error.reason === 'badInput')).toBe(true);
    expect(faultsHere).toEqual(seen.faults);
    expect(await call('double', 2)).toBe(4);
  });

  it('is ignored where it is harmless: a late ack or cancel', async () => {
    const { call, left, seen } = setUp();
    expect(await call('double', 2)).toBe(4);
    left.inject({ kind: 'ack', id: 1 });
    left.inject({ kind: 'cancel', id: 1 });
    await settle();
    expect(seen.faults).toEqual([]);
  });

  it('ends a request without a method by its id', async () => {
    const { left, right } = setUp();
    left.inject({ kind: 'request', id: 1, method: 5 });
    await settle();
    expect(right.sent.at(-1)).toMatchObject({ kind: 'error', id: 1, error: { reason: 'badInput' } });
  });

  it('keeps the first of two requests with one id, which ends once', async () => {
    const { call, left, right, seen } = setUp();
    const controller = new AbortController();
    const pending = call('wait', undefined, { signal: controller.signal });
    await settle();
    left.inject({ kind: 'request', id: 1, method: 'double', params: 1 });
    await settle();
    expect(seen.faults[0]?.message).toContain('expected a new id, got 1');
    expect(seen.aborted).toBe(false);
    controller.abort();
    expect(await reasonOf(pending)).toBe('cancelled');
    await delay(20);
    expect(right.sent.filter((m) => (m as { id?: number }).id === 1)).toHaveLength(1);
  });

  it('cannot open the window wider with acks that were not earned', async () => {
    const { call, left, seen } = setUp();
    for (let i = 0; i < 50; i++) left.inject({ kind: 'ack', id: 1 });
    const never = new Promise<void>(() => undefined);
    void call('count', { to: 1000, awaited: true }, { onProgress: () => never }).catch(() => undefined);
    await settle();
    expect(seen.sent).toBe(PROGRESS_WINDOW);
  });
});

describe('over a real MessageChannel', () => {
  it('bounds the memory on the way to a slow reader', async () => {
    const { ports, close } = messageChannelPair();
    const [here, there] = [createChannel(ports[0]), createChannel(ports[1])];
    open.push(here, there);
    interface Stream {
      stream: Call<undefined, number, Float32Array>;
    }
    let made = 0;
    there.serve<Stream>({
      stream: async (_, { progress }) => {
        for (; made < 200; made++) await progress(new Float32Array(1 << 20)); // 4 MiB each, 800 MiB in all
        return made;
      },
    });
    const before = process.memoryUsage();
    let read = 0;
    let peak = 0;
    const total = await here.client<Stream>()('stream', undefined, {
      onProgress: async (value) => {
        expect(value.length).toBe(1 << 20);
        await delay(2);
        read++;
        expect(made - read).toBeLessThanOrEqual(PROGRESS_WINDOW);
        peak = Math.max(peak, process.memoryUsage().arrayBuffers - before.arrayBuffers);
      },
    });
    expect([total, read]).toEqual([200, 200]);
    console.log(
      `slow reader: ${(peak / 2 ** 20).toFixed(0)} MiB in buffers at the peak of an 800 MiB stream`,
    );
    expect(peak).toBeLessThan(400 * 2 ** 20);
    close();
  });
});
