import { describe, expect, it } from 'vitest';
import { rowBits } from './glyphs';
import { scoresOf } from './scoresOf.testSupport';
import { ScoreLayers } from './scoreLayers';
import { findNext, findPrevious, surprisingFrom } from './surprising';
import { StatisticsKeeper } from './statistics';
import { TokenIndex } from './tokenIndex';

const filled = (count: number, bits: number): number[] => new Array<number>(count).fill(bits);

/** Bits of the token at an offset, as the layers answer now. */
function bitsAt(layers: ScoreLayers, offset: number): number | undefined {
  let bits: number | undefined;
  layers.for(offset, offset + 1)?.visit(offset, offset + 1, (chunk, row) => {
    bits = Math.round(rowBits(chunk, row, 'surprisal'));
    return false;
  });
  return bits;
}

describe('ScoreLayers', () => {
  it('shows old scores, moved by the edit, until new ones hold for the stretch', () => {
    const layers = new ScoreLayers();
    const first = layers.begin();
    layers.insert(first, scoresOf(filled(10, 1), 0, 0, filled(10, 1)));
    layers.finish(first);
    layers.edit({ offset: 4, removed: 0, inserted: 2 });
    expect(bitsAt(layers, 3)).toBe(1);
    expect(bitsAt(layers, 4)).toBeUndefined(); // what was typed has no score yet
    expect(bitsAt(layers, 6)).toBe(1);
    const second = layers.begin();
    expect(bitsAt(layers, 6)).toBe(1); // asking alone changes nothing
    layers.insert(second, scoresOf(filled(6, 1), 4, 4, filled(6, 7)));
    expect([3, 4, 9, 10].map((offset) => bitsAt(layers, offset))).toEqual([1, 7, 7, 1]);
    layers.insert(second, scoresOf(filled(4, 1), 0, 0, filled(4, 7)));
    layers.insert(second, scoresOf(filled(2, 1), 10, 10, filled(2, 7)));
    layers.finish(second);
    expect([0, 6, 11].map((offset) => bitsAt(layers, offset))).toEqual([7, 7, 7]);
    expect(layers.statistics).toBe(second);
  });

  it('keeps the last whole version while typing overtakes every answer', () => {
    const layers = new ScoreLayers();
    const first = layers.begin();
    layers.insert(first, scoresOf(filled(100, 1), 0, 0, filled(100, 1)));
    layers.finish(first);
    for (let i = 0; i < 20; i++) {
      layers.edit({ offset: 0, removed: 0, inserted: 1 });
      const partial = layers.begin();
      layers.insert(partial, scoresOf([1, 1], 0, 0, [5, 5]));
    }
    expect(bitsAt(layers, 0)).toBe(5);
    expect(bitsAt(layers, 60)).toBe(1);
    expect(layers.statistics).toBe(first);
  });
});

describe('surprising tokens', () => {
  const index = new TokenIndex();
  index.insert(scoresOf([3, 3, 3, 3, 3], 0, 0, [9, 1, 8, 2, 12]));
  const search = (cursor: number, from = 8) =>
    ({ index, metric: 'surprisal', from, length: 15, cursor }) as const;
  const last = <T>(work: Generator<undefined, T>): T => {
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
    }
  };

  it('come one after another, forwards and backwards, around the ends', () => {
    expect([0, 6, 12, 14].map((cursor) => last(findNext(search(cursor)))?.start)).toEqual([6, 12, 0, 0]);
    expect([15, 12, 6, 0].map((cursor) => last(findPrevious(search(cursor)))?.start)).toEqual([12, 6, 0, 12]);
  });
  it('are none where none are', () => {
    expect(last(findNext(search(3, 13)))).toBeUndefined();
    expect(last(findPrevious(search(3, 13)))).toBeUndefined();
  });
  it('are the underlined ones, or the drawn ones under a higher threshold', () => {
    expect([0, 3, 8, 10].map(surprisingFrom)).toEqual([8, 8, 8, 10]);
  });
});

describe('StatisticsKeeper', () => {
  const finish = (keeper: StatisticsKeeper, index: TokenIndex): void => {
    for (let i = 0; !keeper.step(index, 'surprisal'); i++) expect(i).toBeLessThan(100);
  };

  it('counts each token once, those without a value never', () => {
    const index = new TokenIndex();
    index.insert(scoresOf([1, 1, 1, 1], 0, 0, [NaN, 0.5, 3.2, 30]));
    const keeper = new StatisticsKeeper();
    finish(keeper, index);
    const { histogram, worst } = keeper.total(index, 'surprisal');
    expect(histogram).toEqual([1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(worst.map((each) => each.token)).toEqual([3, 2, 1]);
  });

  it('comes to an end after an edit has cut a chunk in two', () => {
    const index = new TokenIndex();
    index.insert(scoresOf(filled(1000, 1), 0, 0, filled(1000, 4)));
    const keeper = new StatisticsKeeper();
    finish(keeper, index);
    index.edit(500, 10, 0);
    finish(keeper, index);
    expect(keeper.total(index, 'surprisal').histogram[4]).toBe(990);
  });
});
