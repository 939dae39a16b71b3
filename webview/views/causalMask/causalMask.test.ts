// The causal mask view's arithmetic: states of cells, blocks, leaks by distance, zoom and pan, words. No page.
import { describe, expect, it } from 'vitest';
import type { CheckOutcome, MaskReport } from '../../../src/protocol/mask';
import {
  comparedCells,
  countCells,
  inBlocks,
  leaksByOffset,
  openCells,
  STATES,
  stateAt,
  type Cells,
} from './cells';
import { nextOf } from './leakList';
import { blockOf, fittingScale, panned, revealing, tickStep, viewportOf, WHOLE, zoomed } from './viewport';
import { blockSentence, cellSentence, checkValue, checkWord } from './words';

/** Rows of letters: s(een) u(nseen) d(ot: allowed only) . (future) L(eak). */
function reportOf(rows: readonly string[], causality: MaskReport['causality'] = 'shifted'): MaskReport {
  const letters = [...rows.join('')];
  return {
    length: rows.length,
    causality,
    declared: Uint8Array.from(letters, (letter) => ('su'.includes(letter) ? 1 : 0)),
    measured: Uint8Array.from(letters, (letter) => ('sL'.includes(letter) ? 1 : 0)),
  } as MaskReport;
}
const lettersOf = ({ size, values }: Cells): string[] =>
  Array.from({ length: size }, (_, row) =>
    Array.from(values.subarray(row * size, (row + 1) * size), (value) => 'sud.L'[value]).join(''),
  );

const blockLetters = (cells: Cells, block: number): string[] => {
  const { size, at } = inBlocks(cells, block);
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => 'sud.L'[at(row, column)]).join(''),
  );
};

const ROWS = ['s.L.', 'ss.L', 'dus.', 'Ldss'];

describe('cells', () => {
  it('are told apart by what is declared, measured and allowed', () => {
    expect(lettersOf(comparedCells(reportOf(ROWS)))).toEqual(ROWS);
    // Strict: its own position is not allowed either.
    expect(lettersOf(comparedCells(reportOf(['..', 's.'], 'strict')))).toEqual(['..', 's.']);
    expect(lettersOf(comparedCells(reportOf(['L.', 'sd'])))[0]).toBe('L.');
    expect(lettersOf(openCells(Uint8Array.of(1, 0, 0, 1), 2, 'shifted'))).toEqual(['s.', 'ds']);
  });

  it('are counted, all or those of a rectangle', () => {
    const cells = comparedCells(reportOf(ROWS));
    expect(countCells(cells)).toEqual({ seen: 6, unseen: 1, shallow: 2, future: 4, leak: 3 });
    const part = countCells(cells, { output: 2, input: 0 }, { output: 9, input: 2 });
    expect(part).toEqual({ seen: 0, unseen: 1, shallow: 2, future: 0, leak: 1 });
    expect(STATES.reduce((sum, state) => sum + countCells(cells)[state], 0)).toBe(16);
  });

  it('keep a single leak in sight when they are drawn in blocks, then what was never measured', () => {
    expect(blockLetters(comparedCells(reportOf(ROWS)), 2)).toEqual(['sL', 'Ls']);
    expect(blockLetters(comparedCells(reportOf(['s..', 'ss.', 'sus'])), 2)).toEqual(['s.', 'us']);
    const cells = comparedCells(reportOf(ROWS));
    expect(blockLetters(cells, 1)).toEqual(ROWS);
    const large = { size: 1024, values: new Uint8Array(1024 * 1024).fill(3) };
    large.values[700 * 1024 + 703] = 4;
    const blocks = inBlocks(large, 16);
    expect([blocks.size, blocks.at(43, 43), blocks.at(43, 42)]).toEqual([64, 4, 3]);
    expect(inBlocks(large, 16)).toBe(blocks);
  });

  it('that leak are grouped by distance, most first', () => {
    const groups = leaksByOffset(comparedCells(reportOf(ROWS)));
    expect(groups.map(({ offset, places }) => [offset, places.length])).toEqual([
      [2, 2],
      [-3, 1],
    ]);
    const [ahead] = groups;
    if (ahead === undefined) throw new Error('no group');
    const [first, second] = ahead.places;
    expect([first, second]).toEqual([
      { output: 0, input: 2 },
      { output: 1, input: 3 },
    ]);
    expect(nextOf(ahead, undefined)).toEqual(first);
    expect(nextOf(ahead, first)).toEqual(second);
    expect(nextOf(ahead, second)).toEqual(first);
    expect(nextOf(ahead, { output: 3, input: 0 })).toEqual(first);
  });

  it('are said in words', () => {
    const report = reportOf(ROWS);
    const cells = comparedCells(report);
    const say = (output: number, input: number) => cellSentence(report, cells, { output, input });
    expect(say(0, 0)).toBe('output 0, input 0: declared allowed, measured reached');
    expect(say(0, 2)).toBe('output 0, input 2: declared masked, measured reached: a leak, 2 ahead');
    expect(say(3, 0)).toBe('output 3, input 0: declared masked, measured reached: a leak, 3 behind');
    expect(say(2, 1)).toBe('output 2, input 1: declared allowed, measured not reached: never seen to matter');
    expect(say(0, 1)).toBe('output 0, input 1: declared masked, measured not reached: not allowed, 1 ahead');
    expect(blockSentence(cells, 2, { output: 3, input: 1 })).toBe(
      'outputs 2 to 3, inputs 0 to 1: 1 declared, never measured, 2 allowed by the rule only, 1 leak',
    );
    expect(stateAt(cells, 2, 0)).toBe('shallow');
  });
});

describe('the sight', () => {
  it('fits, in whole pixels where cells are large enough to be told apart', () => {
    expect(fittingScale(32, 400)).toBe(12);
    expect(fittingScale(1024, 400)).toBeCloseTo(0.390625);
    expect(fittingScale(1, 400)).toBe(40);
    expect(viewportOf({ x: 9, y: 9, zoom: 0.1 }, 32, 400)).toMatchObject({ x: 0, y: 0, zoom: 1, scale: 12 });
  });

  it('zooms around the pointer, and not beyond whole and largest', () => {
    const view = viewportOf(WHOLE, 1024, 400);
    const near = viewportOf(zoomed(view, 8, 300, 100), 1024, 400);
    expect(near.x + 300 / near.scale).toBeCloseTo(300 / view.scale);
    expect(near.y + 100 / near.scale).toBeCloseTo(100 / view.scale);
    expect(viewportOf(zoomed(near, 1e9), 1024, 400).scale).toBeCloseTo(40);
    expect(zoomed(near, 1e-9)).toEqual(WHOLE);
  });

  it('pans inside the matrix only', () => {
    const view = viewportOf({ x: 100, y: 100, zoom: 20 }, 1024, 400);
    expect(panned(view, view.scale * 10, -view.scale * 5)).toMatchObject({ x: 90, y: 105 });
    expect(panned(view, 1e9, 1e9)).toMatchObject({ x: 0, y: 0 });
    const end = viewportOf(panned(view, -1e9, -1e9), 1024, 400);
    expect(end.x + 400 / end.scale).toBeCloseTo(1024);
  });

  it('follows a cell: a step at the rim, the middle from afar', () => {
    const view = viewportOf({ x: 100, y: 100, zoom: 20 }, 1024, 400);
    const shown = 400 / view.scale;
    expect(revealing(view, 110, 110)).toMatchObject({ x: 100, y: 100 });
    expect(revealing(view, 99, 110)).toMatchObject({ x: 100, y: 99 });
    expect(revealing(view, 700, 110).y).toBeCloseTo(700.5 - shown / 2);
    const after = viewportOf(revealing(view, 0, 1023), 1024, 400);
    expect([after.y, after.x + shown]).toEqual([0, 1024]);
  });

  it('draws blocks that textures fit into, and labels that have room', () => {
    expect(blockOf(viewportOf(WHOLE, 32, 400))).toBe(1);
    const whole = viewportOf(WHOLE, 1024, 400);
    expect(blockOf(whole) * whole.scale).toBeGreaterThanOrEqual(5);
    expect(blockOf(whole)).toBe(16);
    expect(tickStep(whole)).toBe(100);
    expect(tickStep(viewportOf(WHOLE, 36, 400))).toBe(2);
    expect(tickStep(viewportOf({ ...WHOLE, zoom: 1000 }, 1024, 400))).toBe(1);
  });
});

it('an infinite value, which comes as null, is a failure and no lack of one', () => {
  const outcome = (pass: boolean, value: number | null) => ({ pass, value }) as CheckOutcome;
  const said = [outcome(true, null), outcome(false, null), outcome(true, 3e-7), outcome(false, 12)];
  expect(said.map(checkWord)).toEqual(['not measured', 'fail', 'pass', 'fail']);
  expect(said.map(checkValue)).toEqual(['–', '∞', '3.0e-7', '12']);
});
