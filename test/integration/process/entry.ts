// An engine process with calls that misbehave on purpose, over the real process life of src/engine/mainProcess.ts.
import { appendFileSync } from 'node:fs';
import os from 'node:os';
import type { Call } from '../../../src/protocol/calls';
import type { Channel } from '../../../src/protocol/channel';
import { runEngineProcess } from '../../../src/engine/mainProcess';
import { noteProgress } from '../../../src/engine/watchdogProgress';

export interface MisbehavingCalls {
  echo: Call<unknown, unknown>;
  facts: Call<
    undefined,
    { readonly environment: Record<string, string>; readonly folder: string; priority: number }
  >;
  /** Milliseconds of processor time that all threads have used. */
  processorTime: Call<undefined, number>;
  /** Holds the main thread. `progress` bumps the counter as kernels do, as often as given in milliseconds. */
  hold: Call<{ readonly milliseconds: number; readonly progressEvery?: number }, number>;
  /** Waits for a lock that nobody will open. */
  deadlock: Call<undefined, undefined>;
  fillHeap: Call<undefined, undefined>;
  allocate: Call<number, undefined>;
  throwLater: Call<undefined, undefined>;
  rejectLater: Call<undefined, undefined>;
  exit: Call<number, undefined>;
  print: Call<{ readonly out: string; readonly err: string }, undefined>;
  /** Streams for ever; appends a byte to the file per item, so that one sees when it ends. */
  stream: Call<{ readonly file: string }, undefined, Float32Array>;
  never: Call<undefined, undefined>;
}

function serve(channel: Channel): void {
  channel.serve<MisbehavingCalls>({
    echo: (value) => Promise.resolve(value),
    facts: () =>
      Promise.resolve({
        environment: { ...process.env } as Record<string, string>,
        folder: process.cwd(),
        priority: os.getPriority(),
      }),
    processorTime: () => {
      const { user, system } = process.cpuUsage();
      return Promise.resolve((user + system) / 1000);
    },
    hold: ({ milliseconds, progressEvery }) => {
      const end = performance.now() + milliseconds;
      let next = performance.now();
      let turns = 0;
      for (; performance.now() < end; turns++) {
        if (progressEvery === undefined || performance.now() < next) continue;
        noteProgress();
        next += progressEvery;
      }
      return Promise.resolve(turns);
    },
    deadlock: () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      return Promise.resolve(undefined);
    },
    fillHeap: async () => {
      const kept: unknown[] = [];
      for (;;) {
        for (let i = 0; i < 10_000; i++) kept.push({ i, text: `${i}`.repeat(10) });
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    allocate: (length) => {
      new Float64Array(length).fill(1);
      return Promise.resolve(undefined);
    },
    throwLater: () => {
      setTimeout(() => {
        throw new TypeError('thrown on purpose');
      }, 10);
      return new Promise(() => undefined);
    },
    rejectLater: () => {
      void Promise.reject(new TypeError('rejected on purpose'));
      return new Promise(() => undefined);
    },
    exit: (code) => process.exit(code),
    print: ({ out, err }) => {
      console.log(out);
      console.error(err);
      return Promise.resolve(undefined);
    },
    stream: async ({ file }, { progress, signal }) => {
      while (!signal.aborted) {
        appendFileSync(file, '.');
        await progress(new Float32Array(1000));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      appendFileSync(file, `${Date.now()}`);
      return undefined;
    },
    never: () => new Promise(() => undefined),
  });
}

await runEngineProcess((_role, channel) => {
  if (process.env['AR_LENS_DEVICE'] === 'webgpu') process.exit(9); // stands for: cannot start
  serve(channel);
  return Promise.resolve();
});
