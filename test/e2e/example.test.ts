// What a newcomer sees first: the example note, annotated by the run that ships with it. Takes the README's picture.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { COMMANDS } from '../../src/host/ids';
import { drawnRanges, goTo, hoverAtCursor, hoverSettled, themeColour } from './driver/editor';
import { until } from './driver/until';
import type { Workbench } from './driver/workbench';
import { BIN_COLOURS, bitsOf, scoreOf } from './reference';
import { openSession, titleOf, type Session } from './session';

const NOTE = 'notes/water.md';
const RUN = '.arlens/runs/almanac/example';
/** The note's two words that are wrong. */
const WRONG = ['Fahrenheit', 'purple'];

let session: Session;
let workbench: Workbench;
let note: string;

beforeAll(async () => {
  note = await readFile(path.join(inject('workspace'), NOTE), 'utf8');
  session = await openSession(inject('workbenchUrl'));
  ({ workbench } = session);
}, 120_000);
afterAll(() => session.close());

it('finds the wrong words the most surprising of the note', { timeout: 60_000 }, async () => {
  const { elements } = await scoreOf(note, path.join(inject('workspace'), RUN));
  const words = [...note.matchAll(/[A-Za-z]+/g)].map(({ 0: word, index }) => {
    const inside = elements.filter(({ start }) => start >= index && start < index + word.length);
    return { word, bits: inside.reduce((sum, token) => sum + bitsOf(token), 0) };
  });
  words.sort((a, b) => b.bits - a.bits);
  expect(
    words
      .slice(0, WRONG.length)
      .map(({ word }) => word)
      .sort(),
  ).toEqual(WRONG);
});

it('shows them at a glance', { timeout: 90_000 }, async () => {
  const { page } = workbench;
  await workbench.openFile(NOTE);
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  await workbench.runCommand(titleOf(COMMANDS.annotateWith));
  await workbench.pick('almanac');
  const colours = await Promise.all(BIN_COLOURS.map((id) => themeColour(page, id)));
  const line = note.split('\n').findIndex((each) => each.includes('Fahrenheit')) + 1;
  const column = (note.split('\n')[line - 1] ?? '').indexOf('Fahrenheit') + 1;
  // Something of the word is drawn in the upper half of the scale.
  await until('the wrong word in a strong colour', async () =>
    (await drawnRanges(page)).some(
      (range) => range.line === line && range.from >= column - 1 && colours.indexOf(range.colour) >= 6,
    ),
  );
  await goTo(page, line, column + 1);
  expect(await hoverAtCursor(page)).toMatch(/bits/);
  await hoverSettled(page);
  await workbench.screenshot('readme-annotations', 500);
});
