// A real forked engine that is killed, stopped, filled, left alone: what the host knows, how soon, and what is left.
// Promised is a second; asserted with room for a machine that is busy with other tests. The measured times are printed.
import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startJob } from '../../../src/host/engineClient';
import { ArLensError } from '../../../src/protocol/errors';
import type { Client } from '../../../src/protocol/calls';
import type { MisbehavingCalls } from './entry';
import type { TestEngine } from './harness';
import { bundleEngine, delay, errorOf, goneWithin, isAlive, stateWithin, testEngine } from './harness';

let built: Awaited<ReturnType<typeof bundleEngine>>;
const engines: TestEngine[] = [];

beforeAll(async () => {
  built = await bundleEngine('test/integration/process/entry.ts');
});
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.client.dispose()));
});
afterAll(() => built.remove());

function start(more: Parameters<typeof testEngine>[0] | object = {}): TestEngine {
  const engine = testEngine({ bundle: built.bundle, folder: built.folder, ...more });
  engines.push(engine);
  return engine;
}

function figure(what: string, milliseconds: number): void {
  console.log(`${what}: ${milliseconds.toFixed(0)} ms`);
}

describe('starting', () => {
  it('starts with the first call, once, and says which node runs', async () => {
    const { client, call, states, lines } = start();
    expect(client.status.state).toBe('off');
    const begun = performance.now();
    expect(await Promise.all([call('echo', 1), call('echo', 'two')])).toEqual([1, 'two']);
    figure('start and first answer', performance.now() - begun);
    expect(states.map((status) => status.state)).toEqual(['off', 'starting', 'ready']);
    expect(client.status.node).toMatch(/^Node \d+\.\d+\.\d+ from PATH/);
    expect(lines[0]).toContain('runs on Node');
  });

  it('gives the engine a clean environment, its folder and its role', async () => {
    const environment = {
      ...process.env,
      NODE_OPTIONS: '--no-warnings',
      VSCODE_PID: '1',
      ELECTRON_X: '1',
      KEPT: 'k',
    };
    const { call } = start({ environment, device: 'cpu', threads: 1, instructionSet: 'wasm' });
    const facts = await call('facts', undefined);
    expect(facts.folder).toBe(built.folder);
    expect(facts.environment).toMatchObject({
      KEPT: 'k',
      AR_LENS_ROLE: 'engine',
      AR_LENS_DEVICE: 'cpu',
      AR_LENS_THREADS: '1',
      AR_LENS_INSTRUCTION_SET: 'wasm',
    });
    expect(Object.keys(facts.environment).filter((n) => /^(NODE_OPTIONS|VSCODE_|ELECTRON_)/.test(n))).toEqual(
      [],
    );
  });

  it('refuses calls after an engine that cannot start, says so, and tries again when asked', async () => {
    const { client, call } = start({ device: 'webgpu' });
    expect(await errorOf(call('echo', 1))).toMatchObject({ reason: 'engineGone' });
    expect(client.status).toMatchObject({ state: 'gone', reason: 'engineGone' });
    expect(client.status.sentence).toContain('before it was ready with exit code 9');
    const begun = performance.now();
    expect(await errorOf(call('echo', 1))).toMatchObject({
      reason: 'engineGone',
      action: client.status.action,
    });
    expect(performance.now() - begun).toBeLessThan(20); // no process was started for it
    await errorOf(client.restart());
    await errorOf(client.restart());
    expect(client.status.sentence).toContain('failed 3 times in a row');
  });

  it('says what is wrong with a path that is no node, and uses another', async () => {
    const { client, call } = start({ nodePath: '/nonexistent/node' });
    expect(await call('echo', 1)).toBe(1);
    expect(client.status.node).toContain("the setting's /nonexistent/node is not a working node");
  });

  it('says what is missing when there is no engine to start', async () => {
    const { client, call } = start({ bundle: '/nonexistent/engine.mjs' });
    expect(await errorOf(call('echo', 1))).toMatchObject({ reason: 'engineGone' });
    expect(client.status.sentence).toContain('/nonexistent/engine.mjs is missing');
  });

  it('starts although its folder is gone', async () => {
    const { call } = start({ folder: '/nonexistent/folder' });
    expect((await call('facts', undefined)).folder).toBe(built.folder);
  });

  it('can be cancelled while it starts', async () => {
    const { call } = start();
    const controller = new AbortController();
    const pending = call('echo', 1, { signal: controller.signal });
    controller.abort();
    expect(await errorOf(pending)).toMatchObject({ reason: 'cancelled' });
  });
});

describe('ending', () => {
  it('tells a kill within a second, to the state and to every pending call, and restarts', async () => {
    const { client, call } = start();
    await client.start();
    const pending = [errorOf(call('never', undefined)), errorOf(call('never', undefined))];
    await delay(50);
    const gone = stateWithin(client, 'gone', 1000);
    process.kill(client.status.pid ?? 0, 'SIGKILL');
    const { status, milliseconds } = await gone;
    figure('SIGKILL → told', milliseconds);
    expect(status.sentence).toContain('was killed (SIGKILL)');
    expect(status.action).toBe('Restart the engine.');
    for (const error of await Promise.all(pending)) {
      expect(error).toBeInstanceOf(ArLensError);
      expect(error).toMatchObject({ reason: 'engineGone' });
    }
    const begun = performance.now();
    await client.restart();
    figure('restart → ready', performance.now() - begun);
    expect(await call('echo', 'again')).toBe('again');
  });

  it('tells an empty heap from a kill', async () => {
    const { client, call } = start({ nodeOptions: ['--max-old-space-size=48'] });
    await client.start();
    const error = await errorOf(call('fillHeap', undefined));
    expect(error).toMatchObject({ reason: 'outOfMemory' });
    expect(client.status.sentence).toMatch(
      /ran out of memory: JavaScript's heap of \d+ MiB is full \(the machine has/,
    );
    console.log(client.status.sentence);
    await client.restart();
    expect(await call('echo', 1)).toBe(1);
  });

  it('survives an allocation that is refused, with a typed error', async () => {
    const { client, call } = start();
    expect(await errorOf(call('allocate', 2 ** 45))).toMatchObject({ reason: 'outOfMemory' });
    expect(client.status.state).toBe('ready');
    expect(await call('echo', 1)).toBe(1);
  });

  it.each(['throwLater', 'rejectLater'] as const)('hears the last words of %s', async (method) => {
    const { client, call, lines } = start();
    const error = await errorOf(call(method, undefined));
    expect(error).toMatchObject({ reason: 'internal' });
    expect(client.status.sentence).toMatch(/^The engine ended: (thrown|rejected) on purpose/);
    expect(client.status.sentence).not.toContain(' at ');
    expect(lines.some((line) => line.includes('TypeError'))).toBe(true); // the log has the detail
  });

  it('logs what the engine prints, line by line', async () => {
    const { call, lines, client } = start();
    await call('print', { out: 'one\ntwo', err: 'three' });
    await delay(50);
    const pid = client.status.pid;
    expect(lines).toEqual(
      expect.arrayContaining([`[engine ${pid}] one`, `[engine ${pid}] two`, `[engine ${pid}] three`]),
    );
  });

  it('disposes an engine that is stopped, and one in a loop, with nothing left', async () => {
    const stopped = start();
    const looping = start();
    await Promise.all([stopped.client.start(), looping.client.start()]);
    const pids = [stopped.client.status.pid ?? 0, looping.client.status.pid ?? 0];
    void errorOf(looping.call('hold', { milliseconds: 60_000 }));
    process.kill(pids[0] ?? 0, 'SIGSTOP');
    await delay(50);
    const begun = performance.now();
    await Promise.all([stopped.client.dispose(), looping.client.dispose()]);
    figure('dispose of a stopped and a looping engine', performance.now() - begun);
    expect(pids.map(isAlive)).toEqual([false, false]);
    expect(await errorOf(stopped.call('echo', 1))).toMatchObject({ reason: 'engineGone' });
  });

  it.each(['idle', 'loop'])(
    'leaves no orphan when the host is killed while the engine is in: %s',
    async (doing) => {
      const parent = await bundleEngine('test/integration/process/parent.ts');
      const host = spawn(process.execPath, [parent.bundle, built.bundle, doing], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const pid = Number(
        await new Promise<string>((resolve) =>
          host.stdout.once('data', (d: Buffer) => resolve(d.toString())),
        ),
      );
      expect(isAlive(pid)).toBe(true);
      await delay(200);
      host.kill('SIGKILL');
      figure(`host killed → engine gone (${doing})`, await goneWithin(pid, 3000));
      await parent.remove();
    },
  );
});

describe('the heartbeat', () => {
  it('tells a stopped process within a second, and that it came back', async () => {
    const { client, call } = start();
    await client.start();
    await delay(400);
    const pid = client.status.pid ?? 0;
    const stuck = stateWithin(client, 'stuck', 1500);
    process.kill(pid, 'SIGSTOP');
    const { status, milliseconds } = await stuck;
    figure('SIGSTOP → stuck', milliseconds);
    expect(status.sentence).toContain('is frozen');
    const ready = stateWithin(client, 'ready', 1000);
    process.kill(pid, 'SIGCONT');
    figure('SIGCONT → ready', (await ready).milliseconds);
    expect(await call('echo', 1)).toBe(1);
  });

  it.each(['hold', 'deadlock'] as const)(
    'tells a main thread in %s within a second, and restarts it',
    async (method) => {
      const { client, call } = start();
      await client.start();
      const stuck = stateWithin(client, 'stuck', 1500);
      const pending = errorOf(
        method === 'hold' ? call('hold', { milliseconds: 60_000 }) : call('deadlock', undefined),
      );
      const { status, milliseconds } = await stuck;
      figure(`${method} → stuck`, milliseconds);
      expect(status.sentence).toContain('does not move forward');
      const pid = client.status.pid ?? 0;
      const begun = performance.now();
      await client.restart();
      figure(`restart out of ${method}`, performance.now() - begun);
      expect(await pending).toMatchObject({ reason: 'engineGone', message: 'The engine was restarted.' });
      expect(isAlive(pid)).toBe(false);
      expect(await call('echo', 1)).toBe(1);
    },
  );

  it('does not call a long computation stuck while it shows progress', async () => {
    const { client, call, states } = start();
    await client.start();
    await call('hold', { milliseconds: 3000, progressEvery: 200 });
    expect(states.map((status) => status.state)).toEqual(['off', 'starting', 'ready']);
  });

  it('costs an idle engine next to nothing', async () => {
    const { call } = start();
    await call('processorTime', undefined);
    await delay(300);
    const begun = await call('processorTime', undefined);
    await delay(3000);
    const used = (await call('processorTime', undefined)) - begun;
    console.log(`idle engine: ${used.toFixed(1)} ms of processor time in 3 s`);
    expect(used).toBeLessThan(90); // 3 % of one core
  });
});

describe('calls', () => {
  it('cancels a stream within 200 ms, on both sides', async () => {
    const { call, client } = start();
    await client.start();
    const file = path.join(built.folder, 'stream.txt');
    const controller = new AbortController();
    let items = 0;
    const pending = call('stream', { file }, { signal: controller.signal, onProgress: () => void items++ });
    const ended = errorOf(pending);
    while (items < 20) await delay(5);
    const begun = performance.now();
    const wall = Date.now();
    controller.abort();
    expect(await ended).toMatchObject({ reason: 'cancelled' });
    figure('cancel → rejected here', performance.now() - begun);
    await delay(200);
    const endedThere = Number((await readFile(file, 'utf8')).replaceAll('.', ''));
    figure('cancel → stopped there', endedThere - wall);
    expect(endedThere - wall).toBeLessThan(200);
  });

  it('holds the engine while the reader is busy', async () => {
    const { call, client } = start();
    await client.start();
    const file = path.join(built.folder, 'held.txt');
    const controller = new AbortController();
    const options = { signal: controller.signal, onProgress: () => delay(60_000) };
    const ended = errorOf(call('stream', { file }, options));
    await delay(300);
    expect((await stat(file)).size).toBeLessThanOrEqual(5);
    controller.abort();
    await ended;
  });

  it('passes a million float32 there and back as binary', async () => {
    const { call, client } = start();
    await client.start();
    const data = Float32Array.from({ length: 1_000_000 }, (_, i) => i / 7);
    const begun = performance.now();
    const back = await call('echo', { data, also: Float64Array.of(NaN, -0) });
    figure('a million float32 there and back', performance.now() - begun);
    const { data: floats, also } = back as { data: Float32Array; also: Float64Array };
    expect(floats).toBeInstanceOf(Float32Array);
    expect(
      Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength).equals(Buffer.from(data.buffer)),
    ).toBe(true);
    expect(also).toEqual(Float64Array.of(NaN, -0));
  });
});

describe('jobs', () => {
  it('run in a process of their own, at lower priority, and end alone', async () => {
    const { call, client } = start();
    await client.start();
    const job = startJob({ bundle: built.bundle, folder: built.folder });
    const jobCall = job.call as unknown as Client<MisbehavingCalls>;
    const [mine, its] = await Promise.all([call('facts', undefined), jobCall('facts', undefined)]);
    expect(its.environment).toMatchObject({ AR_LENS_ROLE: 'job' });
    expect(its.priority).toBeGreaterThan(mine.priority);

    const busy = errorOf(jobCall('hold', { milliseconds: 60_000, progressEvery: 100 }));
    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      const begun = performance.now();
      await call('echo', i);
      times.push(performance.now() - begun);
      await delay(10);
    }
    figure('slowest of 20 answers while a job computes', Math.max(...times));
    expect(Math.max(...times)).toBeLessThan(500);

    process.kill(job.status.pid ?? 0, 'SIGKILL');
    expect(await busy).toMatchObject({ reason: 'engineGone' });
    expect(job.status).toMatchObject({ state: 'gone', reason: 'engineGone' });
    expect(job.status.sentence).toContain('The training process was killed');
    expect(await call('echo', 1)).toBe(1);
    await job.dispose();
  });
});
