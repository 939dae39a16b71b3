// "auto": what it picks of what was measured, what it keeps, and what it does when nothing was measured, when a device
// fails at it, and when a person has no patience.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceId, DeviceReport } from '../protocol/engine';
import { IMAGE_FAMILIES } from '../families/registry';
import { knownChoice, measuredChoice, rivalsOf, type Candidate } from './devicesAuto';

let folder: string;
let file: string;
let used: DeviceId[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ar-lens-auto-'));
  file = path.join(folder, 'inner', 'devices.json');
  used = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const candidate = (id: DeviceId, key: string = id): Candidate => ({
  id,
  key,
  use: () => Promise.resolve(used.push(id)),
});
const both = [candidate('simd'), candidate('webgpu', 'webgpu | driver 1')];

/** Times by the device that was made current last. */
const timing = (times: Partial<Record<DeviceId, number>>) => () => {
  const time = times[used.at(-1) ?? 'cpu'];
  return time === undefined ? Promise.reject(new Error('it gave up')) : Promise.resolve(time);
};
const measuring = (signal = new AbortController().signal) => {
  const said: string[] = [];
  return { said, signal, say: (sentence: string) => Promise.resolve(void said.push(sentence)) };
};

const reports: readonly DeviceReport[] = (['simd', 'webgpu', 'tensorflow', 'cpu'] as const).map((id) => ({
  id,
  label: id,
  available: true,
  reason: '',
}));

describe('auto', () => {
  it('picks from what runs at its own speed', () => {
    const [simd, webgpu, tensorflow, cpu] = reports as [DeviceReport, ...DeviceReport[]];
    expect(rivalsOf(reports)).toEqual({ rivals: [simd, webgpu, tensorflow] });
    const slow = { ...(webgpu as DeviceReport), software: true };
    const absent = { ...(tensorflow as DeviceReport), available: false };
    expect(rivalsOf([simd, slow, absent, cpu as DeviceReport])).toEqual({ rivals: [simd] });
  });

  it('leaves a card out for a family that reads numbers in the middle of a call, however fast it was', async () => {
    await measuredChoice(both, file, measuring(), timing({ simd: 20, webgpu: 5 }));
    const picked = async (computed: { title: string; readsOnHost?: boolean }) => {
      const { rivals, leftOut } = rivalsOf(
        reports.filter(({ id }) => id !== 'tensorflow'),
        computed,
      );
      const choice = await knownChoice(
        both.filter(({ id }) => rivals.some((rival) => rival.id === id)),
        file,
      );
      return [choice?.id, leftOut];
    };
    for (const family of IMAGE_FAMILIES) {
      expect(await picked(family)).toEqual(
        family.id === 'pixelcnnPlusPlus'
          ? [
              'simd',
              'webgpu is left out, as PixelCNN++ reads numbers in the middle of its work, which a card answers only later.',
            ]
          : ['webgpu', undefined],
      );
    }
    expect(rivalsOf(reports.slice(0, 1), { title: 'X', readsOnHost: true }).leftOut).toBeUndefined();
  });

  it('has nothing to measure where one device runs', async () => {
    const choice = await knownChoice([candidate('simd')], file);
    expect(choice).toEqual({ id: 'simd', reason: expect.stringContaining('No other device') as string });
  });

  it('measures each once, says so, keeps the times and explains the choice', async () => {
    expect(await knownChoice(both, file)).toBeUndefined();
    const telling = measuring();
    const choice = await measuredChoice(both, file, telling, timing({ simd: 20.4, webgpu: 5.24 }));
    expect(choice.id).toBe('webgpu');
    expect(choice.reason).toBe(
      'Of the devices here its training steps were the quickest when measured: webgpu 5.2 ms a step, simd 20 ms a step.',
    );
    expect(telling.said).toEqual([
      'Measuring the devices once, 1 of 2: simd.',
      'Measuring the devices once, 2 of 2: webgpu.',
      choice.reason,
    ]);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ simd: 20.4, 'webgpu | driver 1': 5.24 });
    expect(await knownChoice(both, file)).toEqual(choice);
  });

  it('measures again only what has changed', async () => {
    await measuredChoice(both, file, measuring(), timing({ simd: 20, webgpu: 5 }));
    used = [];
    const updated = [candidate('simd'), candidate('webgpu', 'webgpu | driver 2')];
    expect(await knownChoice(updated, file)).toBeUndefined();
    const choice = await measuredChoice(updated, file, measuring(), timing({ webgpu: 50 }));
    expect([choice.id, used]).toEqual(['simd', ['webgpu']]);
  });

  it('never picks a device that failed at it, and tries it again the next time', async () => {
    const choice = await measuredChoice(both, file, measuring(), timing({ simd: 20 }));
    expect(choice).toEqual({ id: 'simd', reason: expect.stringContaining('webgpu failed') as string });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ simd: 20 });
    expect(await knownChoice(both, file)).toBeUndefined();
    used = [];
    expect((await measuredChoice(both, file, measuring(), timing({ webgpu: 5 }))).id).toBe('webgpu');
    expect(used).toEqual(['webgpu']);
  });

  it('ends at a cancel, and keeps nothing half measured', async () => {
    const abort = new AbortController();
    const time = (): Promise<number> => {
      abort.abort();
      return Promise.reject(new Error('cancelled'));
    };
    await expect(measuredChoice(both, file, measuring(abort.signal), time)).rejects.toThrow('cancelled');
    expect(await knownChoice(both, file)).toBeUndefined();
  });

  it('does without a file that it cannot read or write', async () => {
    await writeFile(path.join(folder, 'inner'), 'a file where the folder should be');
    const choice = await measuredChoice(both, file, measuring(), timing({ simd: 20, webgpu: 5 }));
    expect(choice.id).toBe('webgpu');
    expect(await knownChoice(both, file)).toBeUndefined();
  });
});
