// Measured fields: real networks of every family read what they declare, for all outputs at once; it can be cancelled.
import { memory, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { IMAGE_FAMILIES } from '../../families/registry';
import type { InspectProgress } from '../../protocol/engine';
import type { EngineContext } from '../context';
import { MeasuredFields } from './measureField';

beforeAll(() => setBackend('cpu').then(() => undefined));

const device = { id: 'cpu', label: 'cpu', available: true, reason: '' } as const;
const context: EngineContext = {
  device: () => Promise.resolve(device),
  devices: () => Promise.resolve({ devices: [device], auto: 'cpu', autoReason: '' }),
};

function call(abort = new AbortController()) {
  const told: InspectProgress[] = [];
  const progress = (value: InspectProgress): Promise<void> => {
    told.push(value);
    return Promise.resolve();
  };
  return { told, signal: abort.signal, progress };
}

const small = { height: 5, width: 4, layers: 2, kernel: 3, firstKernel: 3 };

describe('measured fields', () => {
  it.each(IMAGE_FAMILIES.flatMap(({ id }) => [[id, 1] as const, [id, 3] as const]))(
    '%s with %i channels: the same as declared, for every output',
    async (id, channels) => {
      const before = memory().numTensors;
      const size = channels === 1 ? {} : { height: 3, width: 3 };
      const settings = { ...small, ...size, channels, families: [id] };
      const { stacks } = await new MeasuredFields().measure({ settings }, context, call());
      expect(stacks).toMatchObject([{ family: id, agrees: true, leaks: 0, differing: 0 }]);
      expect(memory().numTensors).toBe(before);
    },
  );

  it('answers the next output from what it has measured, and tells how far it is', async () => {
    const fields = new MeasuredFields();
    const settings = { ...small, families: ['pixelcnn', 'gatedPixelcnn'] };
    const first = call();
    await fields.measure({ settings, position: [4, 3] }, context, first);
    const shares = first.told.map(({ share }) => share);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
    const second = call();
    const { stacks } = await fields.measure({ settings, position: [1, 1] }, context, second);
    expect(second.told).toEqual([]);
    // Of the five before it, the plain stack is blind to the one above and two to the right.
    expect(stacks.map(({ seen, agrees }) => [seen, agrees])).toEqual([
      [4, true],
      [5, true],
    ]);
  });

  it('is cancelled between two batches', async () => {
    const abort = new AbortController();
    const cancelled = { ...call(abort), progress: () => Promise.resolve(abort.abort()) };
    const before = memory().numTensors;
    await expect(
      new MeasuredFields().measure({ settings: { ...small, families: ['pixelcnn'] } }, context, cancelled),
    ).rejects.toMatchObject({ reason: 'cancelled' });
    expect(memory().numTensors).toBe(before);
  });
});
