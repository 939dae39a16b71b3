// Means over blocks against sums by hand, and the numbers of pictures and label maps.
import { describe, expect, it } from 'vitest';
import { brightness, labelPlanes, means, shrunken, spread } from './condition';

describe('a shrunken image', () => {
  const grid = { height: 2, width: 4, channels: 1 };
  const levels = [0, 1, 2, 3, 1, 2, 3, 0];

  it('is the mean of each block, seen by all of its pixels', () => {
    expect([...means(levels, grid, 2, 3)]).toEqual([4 / 12, 8 / 12].map(Math.fround));
    const [low, high] = [4 / 12, 8 / 12].map(Math.fround);
    expect([...shrunken(levels, grid, 2, 3)]).toEqual([low, low, high, high, low, low, high, high]);
  });

  it('keeps channels and images apart', () => {
    const colour = { height: 2, width: 2, channels: 3 };
    const two = [...Array<number>(12).fill(0), ...Array.from({ length: 12 }, (_, at) => at % 3)];
    expect([...means(two, colour, 2, 2)]).toEqual([0, 0, 0, 0, 0.5, 1]);
    expect([...spread([0, 0, 0, 0, 0.5, 1], colour, 2).subarray(12)]).toEqual(
      Array.from({ length: 12 }, (_, at) => (at % 3) / 2),
    );
  });
});

it('is brightness from 0 to 1, or one number for each label', () => {
  expect([...brightness(Uint8Array.of(0, 255, 51))]).toEqual([0, 1, Math.fround(0.2)]);
  expect([...labelPlanes(Uint8Array.of(2, 0), 3)]).toEqual([0, 0, 1, 1, 0, 0]);
});
