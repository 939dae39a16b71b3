// What is said and offered when a training fails: of a card another device takes over, of a process the same one does.
import { describe, expect, it } from 'vitest';
import { trainingFailure } from './trainingFailure';

const card = { message: 'The graphics card (A) failed.', action: 'Choose another device.' };
const goOn = 'Resume it to go on from its last checkpoint.';

describe('a training that fails', () => {
  it.each(['deviceLost', 'outOfMemory'] as const)('on a card with %s goes on elsewhere', (reason) => {
    expect(trainingFailure({ reason, ...card }, { device: 'webgpu' })).toEqual({
      sentence: 'The graphics card (A) failed. Choose another device.',
      lostDevice: true,
    });
  });

  it.each(['engineGone', 'outOfMemory'] as const)('on simd with %s goes on from its checkpoint', (reason) => {
    expect(trainingFailure({ reason, message: 'It ended.' }, { device: 'simd (avx2)' })).toEqual({
      sentence: `It ended. ${goOn}`,
      lostDevice: false,
    });
  });

  it('before its run has a folder has nothing to go on from', () => {
    expect(trainingFailure({ reason: 'outOfMemory', ...card })).toEqual({
      sentence: 'The graphics card (A) failed. Choose another device.',
      lostDevice: false,
    });
  });

  it('for another reason keeps its own action', () => {
    const record = { reason: 'badInput', message: 'No data.', action: 'Name some.' } as const;
    expect(trainingFailure(record, { device: 'webgpu' })).toEqual({
      sentence: 'No data. Name some.',
      lostDevice: false,
    });
  });
});
