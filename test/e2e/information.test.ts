// The Information panel in a real VS Code: its numbers are those of `ar-lens score` and `ar-lens information`, a token is
// selected there and in the editor, its shortened contexts are scores of shortened texts, and it comes back.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { COMMANDS, EXTENSION_ID } from '../../src/host/ids';
import { drawnRanges, goTo } from './driver/editor';
import { until } from './driver/until';
import { policyOf, webviewFrame } from './driver/webviews';
import type { Workbench } from './driver/workbench';
import { bitsOf, scoreOf, type Score } from './reference';
import { openSession, titleOf, type Session } from './session';

const NOTE = 'notes/water.md';
const RUN = '.arlens/runs/almanac/example';
/** The almanac's tokens are bytes, and this line is ASCII: a column is a token. */
const LINE = 3;
const COLUMN = 30;
const RESULT = '.information main[data-state="result"]';

let session: Session;
let workbench: Workbench;
let page: Page;
let text: string;
let score: Score;
/** Tokens before the line, and the one at the column, counted from one. */
let before: number;
let token: number;

beforeAll(async () => {
  text = await readFile(path.join(inject('workspace'), NOTE), 'utf8');
  score = await scoreOf(text, path.join(inject('workspace'), RUN));
  before =
    text
      .split('\n')
      .slice(0, LINE - 1)
      .join('\n').length + 1;
  token = before + COLUMN;
  session = await openSession(inject('workbenchUrl'));
  ({ workbench } = session);
  ({ page } = workbench);
}, 120_000);
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.screenshot(`failed information ${task.name}`.replaceAll(/\W+/g, '-'));
});
afterAll(async () => {
  await workbench.runCommand('View: Close All Editors');
  await session.close();
});

const panel = (): Promise<Frame> => webviewFrame(page, EXTENSION_ID, RESULT, 60_000);
const positions = (frame: Frame) => frame.getByRole('slider', { name: /Entropy by position/ });
const sentence = async (): Promise<string> =>
  (await positions(await panel()).getAttribute('aria-valuetext')) ?? '';
const figures = (frame: Frame, selector: string): Promise<number[]> =>
  frame
    .locator(`${selector} [data-figure]`)
    .evaluateAll((all) => all.map((each) => Number(each.getAttribute('data-figure'))));
const bits = (nats: number): number => nats / Math.LN2;

interface Report {
  readonly baselines: ReadonlyArray<{ readonly bitsPerToken: number }>;
  readonly classes: ReadonlyArray<{ readonly bits: number; readonly scored: number }>;
  readonly conditionalEntropy: { readonly standardErrorBits: number };
}

/** The headless answer about the same text. */
async function informationOf(): Promise<Report> {
  const workspace = inject('workspace');
  const args = [
    path.resolve(import.meta.dirname, '../../dist/cli.mjs'),
    'information',
    '--model',
    path.join(workspace, RUN),
    '--file',
    path.join(workspace, NOTE),
    '--json',
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as Report;
}

it('says what the command line says', { timeout: 120_000 }, async () => {
  await workbench.openFile(NOTE);
  await workbench.runCommand(titleOf(COMMANDS.annotateWith));
  // With one run in the workspace there is nothing to pick.
  await Promise.race([
    workbench.pick('almanac').catch(() => undefined),
    until('the annotations', async () => (await drawnRanges(page)).length > 0),
  ]);
  await until('the annotations', async () => (await drawnRanges(page)).length > 0);
  await workbench.runCommand(titleOf(COMMANDS.showInformation));
  const frame = await panel();
  expect(await frame.locator('h1').textContent()).toBe('What is there to know?');
  expect(await policyOf(frame)).not.toContain('unsafe');
  const [entropy, surprisal, perByte] = await figures(frame, '.answer');
  const mean = score.elements.reduce((sum, each) => sum + each.entropy, 0) / score.scored;
  expect(entropy).toBeCloseTo(bits(mean), 6);
  expect(surprisal).toBeCloseTo(bits(score.nll) / score.scored, 6);
  expect(perByte).toBeCloseTo(score.bitsPerByte, 6);
  const report = await informationOf();
  expect(await figures(frame, '.baselines')).toEqual([
    surprisal,
    ...report.baselines.map(({ bitsPerToken }) => bitsPerToken),
  ]);
  const classes = await figures(frame, '.classes tbody td:nth-child(4)');
  expect(classes).toEqual(report.classes.filter(({ scored }) => scored > 0).map((each) => each.bits));
  expect(classes.reduce((sum, each) => sum + each, 0)).toBeCloseTo(bits(score.nll), 3);
  expect(await frame.locator('.answer').textContent()).toContain(
    `± ${report.conditionalEntropy.standardErrorBits.toFixed(3)}`,
  );
  expect(await frame.locator('.distances').textContent()).toContain('neither is the truth');
});

it('follows the cursor, with the numbers of that token', { timeout: 90_000 }, async () => {
  for (const column of [3, COLUMN]) {
    await goTo(page, LINE, column);
    const element = score.elements[before + column - 1];
    if (element === undefined) throw new Error('expected a token at the cursor');
    const expected = `entropy ${bits(element.entropy).toFixed(3)} bits, surprisal ${bitsOf(element).toFixed(3)} bits`;
    await until(`token ${before + column}`, async () => {
      const said = await sentence();
      return said.startsWith(`token ${before + column} of ${score.tokens}`) && said.endsWith(expected);
    });
  }
});

it('shortens the context of the selected token', { timeout: 90_000 }, async () => {
  const frame = await panel();
  await until('the contexts of the token', async () =>
    ((await frame.locator('.contexts p').first().textContent()) ?? '').startsWith(`token ${token} `),
  );
  const row = async (name: string): Promise<number> => {
    const found = frame.locator(`.contexts tr[data-context="${name}"] td [data-figure]`).first();
    return Number(await found.getAttribute('data-figure'));
  };
  expect(await row(`start ${token - 1}`)).toBe(bits(-(score.elements[token - 1]?.logProb ?? NaN)));
  for (const tokens of [0, 4, 16]) {
    const shortened = await scoreOf(
      text.slice(token - 1 - tokens, token),
      path.join(inject('workspace'), RUN),
    );
    expect(await row(`start ${tokens}`)).toBe(bits(-(shortened.elements.at(-1)?.logProb ?? NaN)));
  }
});

it('selects in the editor what is selected here', { timeout: 60_000 }, async () => {
  const frame = await panel();
  await positions(frame).focus();
  await positions(frame).press('ArrowRight');
  await until('the next token', async () => (await sentence()).startsWith(`token ${token + 1} `));
  const outlined = () =>
    page.evaluate(
      () =>
        [...document.querySelectorAll('.monaco-editor .view-overlays .cdr')].filter(
          (each) => getComputedStyle(each).outlineStyle === 'solid',
        ).length,
    );
  await until('the outline', async () => (await outlined()) > 0);
  await positions(frame).press('Enter');
  await workbench
    .statusBar(new RegExp(`Ln ${LINE}, Col ${COLUMN + 1} \\(1 selected\\)`))
    .first()
    .waitFor();
  // The view asks anew for what it shows.
  await until('the same token', async () => (await sentence()).startsWith(`token ${token + 1} `));
});

it('stands in four themes', { timeout: 120_000 }, async () => {
  await workbench.inEveryTheme('information');
});

it('comes back after a reload with what it showed', { timeout: 120_000 }, async () => {
  const shownBefore = await panel();
  await shownBefore.getByLabel('words', { exact: true }).check();
  const shown = await figures(shownBefore, '.answer');
  // In a browser VS Code writes what it keeps every five seconds, and shows nobody when.
  await new Promise((resolve) => setTimeout(resolve, 8000));
  await page.reload();
  const after = await panel();
  expect(await figures(after, '.answer')).toEqual(shown);
  expect(await after.getByLabel('words', { exact: true }).isChecked()).toBe(true);
  await until('the token that was selected', async () =>
    (await sentence()).startsWith(`token ${token + 1} `),
  );
});
