// The Inspector in a real VS Code: its numbers are the command line's, it follows the cursor, stays when pinned, and
// says so when the engine has ended.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { COMMANDS, EXTENSION_ID } from '../../src/host/ids';
import { goTo } from './driver/editor';
import { engines, isAlive } from './driver/notes';
import { until } from './driver/until';
import { webviewFrame } from './driver/webviews';
import type { Workbench } from './driver/workbench';
import { bitsOf, scoreOf, type Score, type ScoredToken } from './reference';
import { openSession, titleOf, type Session } from './session';

const NOTE = 'notes/water.md';
const RUN = '.arlens/runs/almanac/example';
const TOP = 20;
const model = path.join(inject('workspace'), RUN);

let session: Session;
let workbench: Workbench;
let note: string;
let score: Score;
let view: Frame;

beforeAll(async () => {
  note = await readFile(path.join(inject('workspace'), NOTE), 'utf8');
  score = await scoreOf(note, model, TOP);
  session = await openSession(inject('workbenchUrl'));
  ({ workbench } = session);
  await workbench.openFile(NOTE);
  await workbench.runCommand(titleOf(COMMANDS.annotateWith));
  // One run is taken at once; with several of them the command asks which.
  await workbench.pick('almanac', 5000).catch(() => undefined);
  await workbench.page.locator('.codelens-decoration', { hasText: 'almanac example' }).first().waitFor();
  await workbench.runCommand('View: Show AR Lens');
  await workbench.togglePane('Runs');
  await workbench.togglePane('Likelihood');
  view = await webviewFrame(workbench.page, EXTENSION_ID, 'body[data-view="inspector"]', 60_000);
}, 180_000);
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.screenshot(`failed ${task.name}`.replaceAll(/\W+/g, '-'));
});
afterAll(async () => {
  await workbench.runCommand('View: Close All Editors');
  await session.close();
});

/** Line and column, from 1, of the `at`-th letter of a word. */
function placeOf(word: string, at = 0): readonly [line: number, column: number] {
  const before = note.slice(0, note.indexOf(word) + at).split('\n');
  return [before.length, (before.at(-1)?.length ?? 0) + 1];
}

function tokenOf(word: string, at = 0): ScoredToken {
  const offset = note.indexOf(word) + at;
  const token = score.elements.find(({ start, end }) => start <= offset && offset < end);
  if (token === undefined) throw new Error(`tokenOf: no token at ${offset}`);
  return token;
}

/** What the view says, from what it has drawn. */
const drawn = () =>
  view.evaluate(() => {
    const [surprisal = NaN, entropy = NaN] = [
      ...document.querySelectorAll<HTMLElement>('.nums [data-figure]'),
    ].map((each) => Number(each.dataset['figure']));
    const rows = [...document.querySelectorAll<HTMLElement>('.top tr[data-id]')].map((row) => ({
      id: Number(row.dataset['id']),
      logProb: Number(row.dataset['logProb']),
    }));
    const rest = document.querySelector<HTMLElement>('.top .rest');
    return {
      stale: document.querySelector<HTMLElement>('main')?.dataset['stale'],
      place: document.querySelector('.what > span')?.textContent ?? '',
      rank: Number(
        /^[\d\u202f]+/
          .exec(document.querySelector('[data-name="rank"] dd')?.textContent ?? '')?.[0]
          .replaceAll('\u202f', ''),
      ),
      surprisal,
      entropy,
      rows,
      rest: { mass: Number(rest?.dataset['mass']), count: Number(rest?.dataset['count']) },
      heads: [...document.querySelectorAll<HTMLElement>('.heads .head')].map((cell) =>
        Number(cell.dataset['weight']),
      ),
    };
  });

async function expectInspected(word: string, at = 0): Promise<void> {
  const [line, column] = placeOf(word, at);
  const shown = await until(`the Inspector at ${word}`, async () => {
    const now = await drawn();
    return now.stale === 'false' && now.place.endsWith(` ${line}:${column}`) ? now : undefined;
  });
  const token = tokenOf(word, at);
  expect(shown.surprisal).toBeCloseTo(Math.max(0, bitsOf(token)), 9);
  expect(shown.entropy).toBeCloseTo(token.entropy / Math.LN2, 9);
  expect(shown.rank).toBe(token.rank);
  // The twenty most likely, exactly as the command line has them; the one that occurred beside them.
  expect(shown.rows.slice(0, TOP)).toEqual(token.top.map(({ id, logProb }) => ({ id, logProb })));
  const mass = shown.rows.reduce((sum, { logProb }) => sum + Math.exp(logProb), shown.rest.mass);
  expect(Math.abs(mass - 1)).toBeLessThan(1e-6);
  expect(shown.heads.length).toBeGreaterThan(0);
  for (const weight of shown.heads) expect(weight > 0 && weight <= 1).toBe(true);
}

it('has the numbers of `ar-lens score` wherever the cursor goes', { timeout: 120_000 }, async () => {
  for (const [word, at] of [
    ['Fahrenheit', 1],
    ['purple', 0],
    ['water', 3],
  ] as const) {
    await goTo(workbench.page, ...placeOf(word, at));
    await expectInspected(word, at);
  }
});

it('is shown in the four themes', { timeout: 120_000 }, async () => {
  await workbench.inEveryTheme('inspector', () => view.locator('.top').waitFor());
});

it('lights in the editor what it points at', { timeout: 60_000 }, async () => {
  const outlined = () =>
    workbench.page.evaluate(
      () =>
        [
          ...document.querySelectorAll('.monaco-editor .view-overlays .cdr, .monaco-editor .view-line span'),
        ].filter(
          (each) =>
            getComputedStyle(each).outlineStyle === 'solid' && getComputedStyle(each).outlineWidth !== '0px',
        ).length,
    );
  const before = await outlined();
  const token = view.locator('.attended button:not([data-token="-1"])').first();
  await token.focus();
  await until('an outlined token', async () => (await outlined()) > before);
  await token.blur();
  await until('no outline', async () => (await outlined()) === before);
});

it('stays with a pinned token, and follows again afterwards', { timeout: 60_000 }, async () => {
  await goTo(workbench.page, ...placeOf('Fahrenheit', 1));
  await expectInspected('Fahrenheit', 1);
  await view.getByRole('button', { name: /^Pin:/ }).click();
  await view.getByRole('button', { name: /^Pinned/ }).waitFor();
  await goTo(workbench.page, ...placeOf('purple'));
  await new Promise((resolve) => setTimeout(resolve, 500));
  await expectInspected('Fahrenheit', 1);
  await view.getByRole('button', { name: /^Pinned/ }).click();
  await expectInspected('purple');
});

it('says that the engine has ended, and is back after a restart', { timeout: 90_000 }, async () => {
  const [pid] = engines(inject('notes'), 'engine').slice(-1);
  expect(pid).toBeDefined();
  process.kill(pid ?? 0, 'SIGKILL');
  await until('the engine to be gone', () => !isAlive(pid ?? 0));
  await view.locator('main[data-state="failed"]').waitFor({ timeout: 10_000 });
  await workbench.screenshot('inspector-engine-ended.dark-modern');
  await view.locator('vscode-button', { hasText: 'Restart Engine' }).click();
  await goTo(workbench.page, ...placeOf('water', 3));
  await expectInspected('water', 3);
  await workbench.dismissNotifications();
});
