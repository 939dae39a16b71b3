// An engine under the editor’s own Electron with nothing set up: it runs on simd, and each other device says what is
// missing.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reportDevices } from '../../src/engine/devices';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ar-lens-electron-'));
  process.env['AR_LENS_DATA'] = process.env['AR_LENS_CACHE'] = folder;
  Object.defineProperty(process.versions, 'electron', { value: '30.0.0', configurable: true });
});
afterAll(async () => {
  Reflect.deleteProperty(process.versions, 'electron');
  await rm(folder, { recursive: true, force: true });
});

it('runs on simd or the reference, and says in a sentence what each other device needs', async () => {
  const { devices, auto } = await reportDevices();
  const [simd, webgpu, tensorflow, cpu] = devices;
  expect(auto).toBe(simd?.available ? 'simd' : 'cpu');
  expect(cpu?.available).toBe(true);
  for (const device of [webgpu, tensorflow]) {
    expect(device?.available).toBe(false);
    expect(device?.reason).toMatch(
      /Electron.*install Node 20 or later, or name one in arLens\.engine\.nodePath\.$/,
    );
  }
});
