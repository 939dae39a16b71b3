// What a run is called when nobody trains it here.
import { describe, expect, it } from 'vitest';
import { lossCount, lossText, restStatus } from './runText';

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

describe('a loss of images', () => {
  const loss = { nats: Math.LN2 / 2, bits: 0.5, unit: 'subpixel', count: 7840, badge: 'exact' } as const;
  it('is told in bits/dim over sub-pixels', () => {
    expect(lossText(loss, 0)).toBe('0.500 bits/dim exact');
    expect(lossCount(loss)).toMatch(/^over 7.?840 held-out sub-pixels$/);
  });
});
