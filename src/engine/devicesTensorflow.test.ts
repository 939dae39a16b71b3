// What the tensorflow device says of itself: what was set up, and what is there of it now.
import { cpus } from 'node:os';
import { describe, expect, it } from 'vitest';
import { installedReport, tensorflowDriver } from './devicesTensorflow';

const version = '2.21.0';

describe('tensorflow', () => {
  it.each([
    [true, true, 'TensorFlow 2.21.0 runs here on a CUDA card.'],
    [
      true,
      false,
      'TensorFlow 2.21.0 was set up for a CUDA card; there is no driver now, so it runs on the processor.',
    ],
    [false, true, 'TensorFlow 2.21.0 runs here on the processor, as it found no CUDA card.'],
    [false, false, 'TensorFlow 2.21.0 runs here on the processor, as it found no CUDA card.'],
  ])('set up for a card: %s, a driver now: %s', (cuda, driver, reason) => {
    const card = cuda && driver;
    expect(installedReport({ version, cuda }, driver)).toMatchObject({
      available: true,
      reason,
      card,
      adapter: `TensorFlow 2.21.0, ${card ? 'CUDA' : 'CPU'}`,
    });
  });

  it('is measured anew on another processor', async () => {
    const report = installedReport({ version, cuda: false }, false);
    expect(await tensorflowDriver(report)).toBe(`TensorFlow 2.21.0, CPU, ${cpus()[0]?.model}`);
  });
});
