// Builds the misbehaving engine into a temporary folder and waits for states, with the time they took.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Client } from '../../../src/protocol/calls';
import { EngineClient } from '../../../src/host/engineClient';
import type { EngineLaunch, EngineState, EngineStatus } from '../../../src/host/engineState';
import type { MisbehavingCalls } from './entry';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** esbuild as scripts/build.mjs has it: entry and workers side by side, ES modules for node. */
export async function bundleEngine(
  entry: string,
): Promise<{ folder: string; bundle: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ar-lens-process-'));
  const banner =
    "import{createRequire as arLensCreateRequire}from'node:module';const require=arLensCreateRequire(import.meta.url);";
  await build({
    absWorkingDir: root,
    entryPoints: { engine: entry, 'watchdog.worker': 'src/engine/watchdog.worker.ts' },
    outdir: folder,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    external: ['node-fetch'],
    banner: { js: banner },
    logLevel: 'error',
  });
  return {
    folder,
    bundle: path.join(folder, 'engine.mjs'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface TestEngine {
  readonly client: EngineClient;
  readonly call: Client<MisbehavingCalls>;
  readonly states: EngineStatus[];
  readonly lines: string[];
}

export function testEngine(launch: Omit<EngineLaunch, 'log'>): TestEngine {
  const lines: string[] = [];
  const client = new EngineClient(() => ({ ...launch, log: (line) => void lines.push(line) }));
  const states: EngineStatus[] = [];
  client.onState((status) => void states.push(status));
  return { client, call: client.call as unknown as Client<MisbehavingCalls>, states, lines };
}

/** Resolves with the status and the milliseconds since the call. */
export function stateWithin(
  client: EngineClient,
  state: EngineState,
  limit: number,
): Promise<{ status: EngineStatus; milliseconds: number }> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      stop();
      reject(new Error(`expected "${state}" within ${limit} ms, still "${client.status.state}"`));
    }, limit);
    let stop: () => void = () => undefined;
    stop = client.onState((status) => {
      if (status.state !== state) return;
      clearTimeout(late);
      setImmediate(() => stop());
      resolve({ status, milliseconds: performance.now() - begun });
    });
  });
}

export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

export const delay = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Fails rather than wait for ever, and with the failure of `unless` when that comes first. */
export async function until(
  condition: () => boolean,
  unless: Promise<unknown>,
  limit = 60_000,
): Promise<void> {
  const begun = performance.now();
  while (!condition()) {
    if (performance.now() - begun > limit)
      throw new Error(`not so after ${limit} ms: ${condition.toString()}`);
    await Promise.race([delay(5), unless]);
  }
}

export function isAlive(pid: number): boolean {
  try {
    // An orphan that has ended stays as a zombie until the system's first process collects it.
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
}

export async function goneWithin(pid: number, limit: number): Promise<number> {
  const begun = performance.now();
  while (isAlive(pid)) {
    if (performance.now() - begun > limit) throw new Error(`process ${pid} is still there after ${limit} ms`);
    await delay(10);
  }
  return performance.now() - begun;
}
