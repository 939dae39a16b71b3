// Which device is chosen, what is said of the others, and what can be forced. Uses the kernels if they are built.
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getBackend, memory, square, tensor1d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngineContext, reportDevices, selectDevice } from '../../src/engine/devices';
import { refusals } from '../../src/engine/devicesWhy';
import { progressCounter } from '../../src/engine/watchdogProgress';
import { ArLensError, toErrorRecord } from '../../src/protocol/errors';

async function errorOf(promise: Promise<unknown>): Promise<ArLensError> {
  const error = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof ArLensError)) throw new Error(`expected an ArLensError, got ${String(error)}`);
  return error;
}

describe('the report', () => {
  it('names all four devices, each with one sentence', async () => {
    const { devices, auto } = await reportDevices();
    expect(devices.map((device) => device.id)).toEqual(['simd', 'webgpu', 'tensorflow', 'cpu']);
    for (const { reason } of devices) expect(reason).toMatch(/^[A-Z"][^\n]*\.$/);
    const simd = devices[0];
    expect(auto).toBe(simd?.available ? 'simd' : 'cpu');
    if (simd?.available) {
      expect(simd.threads).toBeGreaterThan(0);
      expect(simd.reason).toContain(simd.instructionSet);
    }
  });

  it('groups equal reasons and leaves out what is no news', () => {
    const why =
      'chooseEngine: nothing. avx512: there is no x.node; a compiler makes it. avx2: there is no x.node; a compiler ' +
      'makes it. neon: not tried, wasm was asked for. wasm-relaxed: Node 20 does not know it. wasm: chosen.';
    expect(refusals(why)).toBe(
      'avx512, avx2: there is no x.node; a compiler makes it; wasm-relaxed: Node 20 does not know it',
    );
  });
});

describe('the choice', () => {
  let simdWorks = false;
  beforeAll(async () => {
    process.env['AR_LENS_DATA'] = process.env['AR_LENS_CACHE'] = path.join(
      tmpdir(),
      `ar-lens-none-${process.pid}`,
    );
    simdWorks = (await reportDevices()).auto === 'simd';
  });

  it('"auto" takes the fastest that works and computes with it', async () => {
    const report = await selectDevice('auto');
    expect(report.id).toBe(simdWorks ? 'simd' : 'cpu');
    expect(getBackend()).toBe(report.id);
    const before = memory().numTensors;
    const sum = tensor1d([1, 2]);
    expect(await sum.data()).toEqual(Float32Array.of(1, 2));
    sum.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it.each(['auto', 'simd'] as const)(
    '%s: a forced instruction set that cannot run is refused',
    async (id) => {
      const foreign = process.arch === 'arm64' ? 'avx2' : 'neon';
      const error = await errorOf(selectDevice(id, { instructionSet: foreign }));
      expect(error.reason).toBe('unsupported');
      expect(error.message).toContain(`"${foreign}" was asked for`);
    },
  );

  it('forces the instruction set and the threads', async () => {
    const forced = await reportDevices({ instructionSet: 'wasm', threads: 1 });
    if (simdWorks) expect(forced.devices[0]).toMatchObject({ instructionSet: 'wasm', threads: 1 });
    const wrong = await errorOf(selectDevice('simd', { instructionSet: 'sse9' }));
    expect(wrong.message).toContain('expected one of auto, native, avx512');
    expect(wrong.message).toContain('got "sse9"');
  });

  it.each(['tensorflow'] as const)('%s is refused with the honest reason', async (id) => {
    const error = await errorOf(selectDevice(id));
    expect(error.reason).toBe('unsupported');
    expect(error.message).toContain('It is not set up');
  });

  it('shows progress while the reference computes', async () => {
    await selectDevice('cpu');
    const before = progressCounter[0];
    const x = tensor1d([1, 2]);
    const y = square(x);
    expect(await y.data()).toEqual(Float32Array.of(1, 4));
    expect(progressCounter[0]).not.toBe(before);
    x.dispose();
    y.dispose();
  });

  it('of a person beats a wish of a spec, unless it is "auto"', async () => {
    expect((await createEngineContext({ device: 'cpu' }).device('webgpu')).id).toBe('cpu');
    expect((await createEngineContext({ device: 'auto' }).device('cpu')).id).toBe('cpu');
    const context = createEngineContext({});
    expect(await errorOf(context.device('tensorflow'))).toMatchObject({ reason: 'unsupported' });
    expect((await context.device('cpu')).id).toBe('cpu');
    expect((await context.device('auto')).id).toBe('cpu'); // chosen at the first call that worked
  });
});

it('an error that names a reason keeps it across a channel', () => {
  const error = Object.assign(new Error('a tensor of 5 GB does not fit'), { reason: 'outOfMemory' });
  expect(toErrorRecord(error)).toEqual({ reason: 'outOfMemory', message: 'a tensor of 5 GB does not fit' });
  expect(toErrorRecord(Object.assign(new Error('x'), { reason: 'mine' })).reason).toBe('internal');
});
