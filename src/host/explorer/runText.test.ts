// What a run is called when nobody trains it here.
import { describe, expect, it } from 'vitest';
import { restStatus } from './runText';

describe('restStatus', () => {
  it.each(['running', 'paused', 'preparing'] as const)(
    'calls a run stopped that says %s without a process',
    (status) => {
      expect(restStatus(status)).toBe('stopped');
    },
  );
  it.each(['done', 'failed', 'stopped'] as const)('leaves %s as it is', (status) => {
    expect(restStatus(status)).toBe(status);
  });
});
