// Which build is chosen, what is said about the others, and that threads and memory end with the device.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { assetFolder, chooseEngine } from './chooseEngine';
import { LinearMemory, SimdMemoryError } from './linearMemory';
import { addonFile } from './nativeEngine';
import { disposeSimd, registerSimd, simdReport } from './simdDevice';
import { loadWasm, openWasm, wasmFirstFree } from './wasmEngine';

const hasAddon = existsSync(addonFile(assetFolder()));

afterEach(disposeSimd);

describe('registerSimd', () => {
  it('takes the fastest that works and says one sentence about each', async () => {
    const report = await registerSimd({ threads: 2 });
    expect(report).toEqual(simdReport());
    expect(report.why).toHaveLength(6);
    expect(report.why.filter((line) => line.includes(': chosen'))).toHaveLength(1);
    if (hasAddon) expect(report.instructionSet).not.toMatch(/^wasm/);
  });

  it('takes wasm where there is no addon, and says so', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'kernels-'));
    for (const name of ['simd.wasm', 'relaxed.wasm'])
      symlinkSync(path.join(assetFolder(), name), path.join(folder, name));
    try {
      const report = await registerSimd({ assets: folder, threads: 1 });
      expect(report.instructionSet).toMatch(/^wasm/);
      expect(report.why[0]).toMatch(/there is no native-.*a C compiler at build time makes it/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.runIf(hasAddon)(
    'does not take an addon of another build, whose kernels have other numbers',
    async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'kernels-'));
      symlinkSync(path.join(assetFolder(), 'simd.wasm'), path.join(folder, 'simd.wasm'));
      const addon = readFileSync(addonFile(assetFolder()));
      addon.write('Other', addon.indexOf('Unary Binary '));
      writeFileSync(addonFile(folder), addon);
      try {
        const report = await registerSimd({ assets: folder, threads: 1 });
        expect(report.instructionSet).toBe('wasm');
        expect(report.why[0]).toMatch(
          /native-.* was built for other kernels than these; building again mends it/,
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it('can be forced, and refuses what does not work here', async () => {
    expect((await registerSimd({ instructionSet: 'wasm', threads: 1 })).instructionSet).toBe('wasm');
    expect(await tf.setBackend('simd')).toBe(true);
    expect(tf.tidy(() => tf.add(1, 2).dataSync()[0])).toBe(3);
    const foreign = process.arch === 'arm64' ? 'avx2' : 'neon';
    await expect(registerSimd({ instructionSet: foreign })).rejects.toThrow(
      /this processor does not have it|there is no/,
    );
    expect(simdReport()).toBeUndefined();
    await expect(registerSimd({ assets: '/nowhere' })).rejects.toThrow(/there is no \/nowhere\/simd.wasm/);
  });

  it('throws for strings and complex numbers', async () => {
    await registerSimd({ threads: 1 });
    await tf.setBackend('simd');
    expect(() => tf.tensor(['a'])).toThrow(/expected float32, int32 or bool, got string/);
  });
});

describe('memory', () => {
  it('grows while it can and then says what did not fit', async () => {
    await registerSimd({ instructionSet: 'wasm', threads: 1, memoryLimit: 96 << 20 });
    await tf.setBackend('simd');
    const kept: tf.Tensor[] = [];
    const fillUp = () => {
      for (;;) kept.push(tf.zeros([1 << 20]));
    };
    expect(fillUp).toThrow(SimdMemoryError);
    expect(fillUp).toThrow(/a tensor of 4.0 MiB does not fit; \d+.\d MiB are in use of at most 96.0 MiB/);
    tf.dispose(kept);
    tf.dispose(tf.zeros([8 << 20])); // what was freed is one piece again
  });
});

describe('threads', () => {
  it('of wasm end when the engine is closed', async () => {
    const module = loadWasm(assetFolder(), 'wasm');
    if (typeof module === 'string') throw new Error(module);
    const memory = new LinearMemory(wasmFirstFree, 3);
    const engine = await openWasm(module, 'wasm', memory);
    expect(engine.threads).toBe(3);
    await engine.close(); // resolves when every worker has exited
  });

  it.skipIf(!hasAddon)(
    'of the addon end when the engine is closed, and one memory is open at a time',
    async () => {
      const first = await chooseEngine({ instructionSet: 'native', threads: 3 });
      await expect(chooseEngine({ instructionSet: 'native' })).rejects.toThrow(
        /another thread of this process has it/,
      );
      await first.engine.close();
      const second = await chooseEngine({ instructionSet: 'native', threads: 2 });
      await second.engine.close();
    },
  );

  it('of wasm do not keep a process alive, asleep or not', () => {
    const source = `
      const { Worker } = require('node:worker_threads');
      const { readFileSync } = require('node:fs');
      const memory = new WebAssembly.Memory({ initial: 1024, maximum: 65536, shared: true });
      const module = new WebAssembly.Module(readFileSync(process.argv[1]));
      const { exports } = new WebAssembly.Instance(module, { env: { memory } });
      exports.open(2 << 20, 3 << 20, 4 << 20, 1024, 5 << 20, 1024, 2);
      const body = 'const w = require("node:worker_threads").workerData;' +
        'const i = new WebAssembly.Instance(w.module, { env: { memory: w.memory } });' +
        'i.exports.__stack_pointer.value = 8 << 20; i.exports.work(1);';
      new Worker(body, { eval: true, workerData: { module, memory } }).unref();
      setTimeout(() => undefined, 300);
    `;
    const wasm = path.join(assetFolder(), 'simd.wasm');
    const options = { timeout: 15_000, encoding: 'utf8' } as const;
    expect(execFileSync(process.execPath, ['-e', source, wasm], options)).toBe('');
  });
});
