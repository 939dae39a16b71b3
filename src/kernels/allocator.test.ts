import { describe, expect, it } from 'vitest';
import { Rng } from '../math/rng';
import { Allocator } from './allocator';

describe('Allocator', () => {
  it('hands out aligned ranges that never overlap, and takes all of them back', () => {
    const rng = new Rng(7);
    const allocator = new Allocator(100, 1 << 22);
    const live = new Map<number, number>();
    for (let step = 0; step < 20000; step++) {
      const offsets = [...live.keys()];
      if (live.size > 0 && (rng.uniform() < 0.5 || live.size > 200)) {
        const offset = offsets[rng.integer(offsets.length)] as number;
        allocator.free(offset);
        live.delete(offset);
      } else {
        const size = Math.floor(2 ** (rng.uniform() * 15));
        const offset = allocator.allocate(size);
        if (offset === undefined) continue;
        expect(offset % 64).toBe(0);
        expect(offset).toBeGreaterThanOrEqual(100);
        expect(offset + size).toBeLessThanOrEqual(1 << 22);
        if (step % 50 === 0) {
          for (const [other, otherSize] of live) {
            expect(offset + size <= other || other + otherSize <= offset).toBe(true);
          }
        }
        live.set(offset, size);
      }
    }
    for (const offset of live.keys()) allocator.free(offset);
    expect(allocator.usedBytes).toBe(0);
    expect(allocator.allocate((1 << 22) - 128)).toBe(128); // all free neighbours have become one again
  });

  it('reuses what was freed', () => {
    const allocator = new Allocator(0, 1 << 20);
    const first = allocator.allocate(1000) as number;
    allocator.allocate(1000);
    allocator.free(first);
    expect(allocator.allocate(1000)).toBe(first);
  });

  it('refuses to free twice', () => {
    const allocator = new Allocator(0, 1 << 20);
    const offset = allocator.allocate(10) as number;
    allocator.free(offset);
    expect(() => allocator.free(offset)).toThrow(/expected the offset of an allocated block/);
  });

  it('says how much is missing, and has it once extended', () => {
    const allocator = new Allocator(0, 1 << 16);
    const wanted = 1 << 18;
    expect(allocator.allocate(wanted)).toBeUndefined();
    allocator.extend((1 << 16) + allocator.missing(wanted));
    expect(allocator.allocate(wanted)).toBe(64); // offset 0 stands for "none"
  });
});
