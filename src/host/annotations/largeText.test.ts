// A million tokens on the extension host's thread: no piece of work may hold up the editor, and looking things up stays quick.
import { describe, expect, it } from 'vitest';
import { runSliced } from '../slices';
import { DecorationPlan } from './plan';
import { scoresOf } from './scoresOf.testSupport';
import { ScoreLayers } from './scoreLayers';
import { StatisticsKeeper } from './statistics';
import { findNext } from './surprising';

const TOKENS = 1_000_000;
const LINE = 80;
/** Milliseconds: one frame. A loaded machine may stretch any single piece, so the median of many is what is held. */
const FRAME = 16;

const bits = Array.from({ length: TOKENS }, (_, i) => (i % 5_000 === 4_999 ? 13 : (i * 7919) % 9));
const whole = scoresOf(new Array<number>(TOKENS).fill(1), 0, 0, bits);

const timed = (work: () => void): number => {
  const began = performance.now();
  work();
  return performance.now() - began;
};
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

function largeLayers(): { layers: ScoreLayers; index: ReturnType<ScoreLayers['begin']> } {
  const layers = new ScoreLayers();
  const index = layers.begin();
  layers.insert(index, whole);
  layers.finish(index);
  return { layers, index };
}

describe('a text of a million tokens', () => {
  it('is taken in within a frame, however it comes', () => {
    const times = Array.from({ length: 9 }, () => timed(() => largeLayers()));
    expect(median(times)).toBeLessThan(FRAME);
  });

  it('has its screen drawn in pieces of less than a frame, at any place', () => {
    const { index } = largeLayers();
    const draw = (first: number): number[] => {
      const plan = new DecorationPlan({ metric: 'surprisal', threshold: 3, lineEnds: true });
      // The painter pauses between lines when its time is up: a line is the piece.
      return Array.from({ length: 180 }, (_, i) =>
        timed(() => {
          const line = first + i;
          plan.addLine(index, { line, offset: line * LINE, length: LINE - 1, next: (line + 1) * LINE });
        }),
      );
    };
    const lines = TOKENS / LINE;
    const pieces = [0, 0.3, 0.6, 0.98].flatMap((share) => draw(Math.floor(share * (lines - 200))));
    expect(median(pieces)).toBeLessThan(FRAME / 16);
    expect(pieces.filter((piece) => piece > FRAME).length).toBeLessThan(pieces.length / 100);
  });

  it('draws the longest line there can be within a frame', () => {
    const { index } = largeLayers();
    const times = Array.from({ length: 9 }, () =>
      timed(() => {
        const plan = new DecorationPlan({ metric: 'surprisal', threshold: 3, lineEnds: true });
        plan.addLine(index, { line: 0, offset: 0, length: TOKENS, next: TOKENS });
      }),
    );
    expect(median(times)).toBeLessThan(FRAME);
  });

  it('moves with an edit at its beginning within a frame', () => {
    const { layers } = largeLayers();
    const times = Array.from({ length: 200 }, (_, i) =>
      timed(() => layers.edit({ offset: i * 3, removed: 0, inserted: 1 })),
    );
    expect(median(times)).toBeLessThan(FRAME / 4);
  });

  it('is counted in pieces of less than a frame', async () => {
    const { index } = largeLayers();
    const keeper = new StatisticsKeeper();
    const pieces: number[] = [];
    await runSliced(
      (function* () {
        let done = false;
        while (!done) {
          pieces.push(timed(() => (done = keeper.step(index, 'surprisal'))));
          yield;
        }
      })(),
    );
    expect(pieces.length).toBeGreaterThan(30);
    expect(median(pieces)).toBeLessThan(FRAME / 2);
    const { histogram, worst } = keeper.total(index, 'surprisal');
    expect(histogram.reduce((sum, each) => sum + each, 0)).toBe(TOKENS);
    expect(histogram[11]).toBe(TOKENS / 5_000);
    expect(worst).toHaveLength(64);
    expect(worst[0]?.bits).toBeCloseTo(13, 5);
    expect(worst[0]?.token).toBe(4_999);
  });

  it('is searched without holding up anything, all the way round', async () => {
    const { index } = largeLayers();
    const cursor = TOKENS - 10;
    const search = { index, metric: 'surprisal', from: 12, length: TOKENS, cursor } as const;
    const glyph = await runSliced(findNext(search));
    expect(glyph?.start).toBe(TOKENS - 1);
    const round = await runSliced(findNext({ ...search, cursor: TOKENS - 1 }));
    expect(round?.start).toBe(4_999);
    expect(await runSliced(findNext({ ...search, from: 99 }))).toBeUndefined();
  });
});
