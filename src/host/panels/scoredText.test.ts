// Columns come back as they were sent, in parts; a million tokens hold the host's thread for less than a frame a piece.
import { expect, it } from 'vitest';
import type { TokenScores } from '../../protocol/engine';
import { PART_TEXT, PART_TOKENS, ScoredText, textParts } from './scoredText';

const FRAME = 1000 / 60;

function scores(from: number, count: number): TokenScores {
  const places = Uint32Array.from({ length: count }, (_, i) => from + i);
  const ends = places.map((place) => place + 1);
  return {
    from,
    id: new Int32Array(count),
    start: places,
    end: ends,
    byteStart: places,
    byteEnd: ends,
    logProb: Float32Array.from(places, (place) => -place),
    entropy: new Float32Array(count),
    rank: new Int32Array(count),
    top: 0,
    topId: new Int32Array(),
    topLogProb: new Float32Array(),
  };
}

it('puts chunks in their places, in whatever order they come', () => {
  const text = new ScoredText(3);
  text.add({ scores: scores(4, 2), tokens: 6 });
  text.add({ scores: scores(0, 4), tokens: 6 });
  const [part, ...more] = [...text.parts('second')];
  expect(more).toEqual([]);
  expect(part).toMatchObject({ slot: 'second', scoring: 3, from: 0, tokens: 6 });
  expect([...(part?.logProb ?? [])]).toEqual([-0, -1, -2, -3, -4, -5]);
});

it('says by NaN what was not scored, and nothing before anything came', () => {
  const text = new ScoredText(1);
  expect([...text.parts('first')]).toEqual([]);
  text.add({ scores: scores(1, 1), tokens: 3 });
  const [part] = [...text.parts('first')];
  expect([...(part?.logProb ?? [])]).toEqual([NaN, -1, NaN]);
});

it('sends copies of its own size, not the whole buffer behind them', () => {
  const text = new ScoredText(1);
  const tokens = 2 * PART_TOKENS + 5;
  text.add({ scores: scores(0, tokens), tokens });
  const parts = [...text.parts('first')];
  expect(parts.map(({ from }) => from)).toEqual([0, PART_TOKENS, 2 * PART_TOKENS]);
  expect(parts.at(-1)?.start.buffer.byteLength).toBe(5 * 4);
});

it('cuts the text into slices that join again', () => {
  const text = 'abc😀'.repeat(70_000);
  const slices = [...textParts(7, text)];
  expect(slices.length).toBe(Math.ceil(text.length / PART_TEXT));
  expect(slices.map((slice) => slice.text).join('')).toBe(text);
});

it('holds the thread for less than a frame a piece at a million tokens', () => {
  const tokens = 1_000_000;
  const text = new ScoredText(1);
  const pieces: number[] = [];
  const timed = (work: () => unknown) => {
    const begun = performance.now();
    work();
    pieces.push(performance.now() - begun);
  };
  // The first chunk makes the columns.
  for (let from = 0; from < tokens; from += 20_000) {
    const chunk = scores(from, 20_000);
    timed(() => text.add({ scores: chunk, tokens }));
  }
  const parts = text.parts('first');
  for (let done = false; !done;) timed(() => (done = parts.next().done === true));
  pieces.sort((a, b) => a - b);
  expect(pieces[Math.floor(pieces.length * 0.95)]).toBeLessThan(FRAME);
  expect(pieces.reduce((sum, one) => sum + one, 0) / pieces.length).toBeLessThan(FRAME / 4);
});

it('finds the token of an offset and the range of a token, and sends entropies where they are asked for', () => {
  const text = new ScoredText(1);
  expect([text.tokenAt(0), text.rangeOf(0)]).toEqual([-1, { start: 0, end: 0 }]);
  // Three tokens: the first two are the bytes of one character.
  const places = { start: Uint32Array.of(0, 0, 1), end: Uint32Array.of(1, 1, 3) };
  const entropy = Float32Array.of(1, 2, 3);
  text.add({ scores: { ...scores(0, 3), ...places, entropy }, tokens: 3 });
  expect([0, 1, 2, 3, 9].map((offset) => text.tokenAt(offset))).toEqual([0, 2, 2, 2, 2]);
  expect(text.rangeOf(2)).toEqual({ start: 1, end: 3 });
  expect([...text.scoredParts()].map((part) => [...part.entropy])).toEqual([[1, 2, 3]]);
  expect([...text.parts('first')][0]).not.toHaveProperty('entropy');
});
