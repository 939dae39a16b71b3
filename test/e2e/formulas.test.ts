// Score Selection and the model's diagram in a real VS Code: what a selection multiplies to is what `ar-lens score` says
// of the same range, the selection is followed, and the diagram counts what the model has.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { COMMANDS, EXTENSION_ID } from '../../src/host/ids';
import { goTo } from './driver/editor';
import { until } from './driver/until';
import { policyOf, webviewFrame } from './driver/webviews';
import type { Workbench } from './driver/workbench';
import { bitsOf, scoreOf, type Score, type ScoredToken } from './reference';
import { openSession, titleOf, type Session } from './session';

const NOTE = 'notes/water.md';
const SPEC = 'almanac.arlens.json';
const RUN = '.arlens/runs/almanac/example';
/** Of the note, from 1: a sentence of its own. */
const LINE = 3;

let session: Session;
let workbench: Workbench;
let page: Page;
let text: string;
let score: Score;

beforeAll(async () => {
  text = await readFile(path.join(inject('workspace'), NOTE), 'utf8');
  score = await scoreOf(text, path.join(inject('workspace'), RUN), 0);
  session = await openSession(inject('workbenchUrl'));
  ({ workbench } = session);
  ({ page } = workbench);
}, 180_000);
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.screenshot(`failed formulas ${task.name}`.replaceAll(/\W+/g, '-'));
});
afterAll(async () => {
  await workbench.runCommand('View: Close All Editors');
  await session.close();
});

const startOf = (line: number): number =>
  text
    .split('\n')
    .slice(0, line - 1)
    .reduce((sum, each) => sum + each.length + 1, 0);
const endOf = (line: number): number => startOf(line) + (text.split('\n')[line - 1]?.length ?? 0);
const within = (start: number, end: number): ScoredToken[] =>
  score.elements.filter((each) => each.end > start && each.start < end);
const natsOf = (tokens: readonly ScoredToken[]): number =>
  tokens.reduce((sum, { logProb }) => sum - (logProb ?? 0), 0);

const panel = (): Promise<Frame> =>
  webviewFrame(page, EXTENSION_ID, '.scoreSelection main[data-state="result"]', 60_000);
const figure = async (unit: string): Promise<number> =>
  Number(await (await panel()).locator(`.figures [data-unit="${unit}"]`).first().getAttribute('data-figure'));
/** Waits until the panel shows these nats, to a millionth. */
const shows = (what: string, nats: number) =>
  until(what, async () => Math.abs((await figure('nats')) - nats) < 1e-6, { timeout: 60_000 });

async function selectLine(line: number): Promise<void> {
  await goTo(page, line, 1);
  // The whole line, its end included, also where the editor wraps it.
  await page.keyboard.press('Control+l');
  await workbench
    .statusBar(/\(\d+ selected\)/)
    .first()
    .waitFor();
}

it('multiplies to what the command line says of the same range', { timeout: 180_000 }, async () => {
  await workbench.openFile(NOTE);
  await selectLine(LINE);
  await workbench.runCommand(titleOf(COMMANDS.scoreSelection));
  // Asked only where other tests of the suite have trained a second model.
  const asked = page.locator('.quick-input-widget:visible', { hasText: 'Annotate with which model?' });
  await Promise.race([
    panel(),
    asked.waitFor({ timeout: 60_000 }).then(
      () => workbench.pick('almanac'),
      () => undefined,
    ),
  ]);
  const tokens = within(startOf(LINE), startOf(LINE + 1));
  const nats = natsOf(tokens);
  await shows('the selection’s nats', nats);
  expect(await figure('bits')).toBeCloseTo(nats / Math.LN2, 5);
  expect(await figure('bits/token')).toBeCloseTo(nats / Math.LN2 / tokens.length, 6);
  expect(await figure('perplexity')).toBeCloseTo(Math.exp(nats / tokens.length), 5);
  const frame = await panel();
  const rows = await frame.locator('[role="option"]').evaluateAll((all) =>
    all.map((row) => ({
      bits: -Number(row.getAttribute('data-log-prob')) / Math.LN2,
      running: Number(row.getAttribute('data-running')),
    })),
  );
  expect(rows.length).toBeGreaterThan(10);
  rows.forEach(({ bits, running }, row) => {
    expect(bits).toBeCloseTo(bitsOf(tokens[row] as ScoredToken), 6);
    expect(running).toBeCloseTo(-natsOf(tokens.slice(0, row + 1)), 6);
  });
  const before = score.elements.filter((each) => each.end <= startOf(LINE)).length;
  expect(await frame.locator('.notes').innerText()).toContain(`The selection, from ${LINE}:1`);
  expect(await frame.locator('.notes').innerText()).toContain(`${before} tokens stand before the first`);
});

it('draws the chain rule with KaTeX under the strict policy', { timeout: 60_000 }, async () => {
  const frame = await panel();
  await frame.locator('[data-formula="chainRule"] .katex-html').first().waitFor();
  const value = Number(await frame.locator('[data-formula="chainRule"]').getAttribute('data-value'));
  expect(value).toBeCloseTo(-natsOf(within(startOf(LINE), startOf(LINE + 1))), 6);
  const policy = await policyOf(frame);
  expect(policy).not.toContain('unsafe');
  expect(policy).toMatch(/script-src 'nonce-/);
  await frame.locator('summary').click();
  await frame.locator('[data-formula="perplexity"] .katex-html').first().waitFor();
  await workbench.inEveryTheme('score-selection');
});

it('follows the selection, and says when it is the line for want of one', { timeout: 90_000 }, async () => {
  await goTo(page, LINE + 2, 1);
  await shows('the line’s nats', natsOf(within(startOf(LINE + 2), endOf(LINE + 2))));
  expect(await (await panel()).locator('.notes').innerText()).toMatch(
    /^Nothing is selected: the cursor’s line/,
  );
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+a');
  await shows('the whole file’s nats', score.nll);
});

it('stays when it is pinned, and shows the token of a row in the editor', { timeout: 90_000 }, async () => {
  const frame = await panel();
  await selectLine(LINE);
  const nats = natsOf(within(startOf(LINE), startOf(LINE + 1)));
  await shows('the selection’s nats', nats);
  await frame.getByRole('button', { name: /^Pin/ }).click();
  await frame.getByRole('button', { name: /^Pinned/ }).waitFor();
  await goTo(page, LINE, 4);
  await until('the row at the cursor', async () =>
    (await frame.locator('[role="option"].chosen').getAttribute('data-row')) === '3' ? true : undefined,
  );
  await goTo(page, 1, 1);
  await frame.getByRole('listbox').focus();
  await frame.getByRole('listbox').press('Home');
  const outlined = () =>
    page.evaluate(
      () =>
        [...document.querySelectorAll('.monaco-editor .view-overlays .cdr')].filter(
          (each) => getComputedStyle(each).outlineStyle === 'solid',
        ).length,
    );
  await until('the outline', async () => ((await outlined()) > 0 ? true : undefined));
  expect(await figure('nats')).toBeCloseTo(nats, 6);
});

it('draws a spec’s diagram whose counts add up', { timeout: 120_000 }, async () => {
  await workbench.runCommand('View: Close All Editors');
  await workbench.openFile(SPEC);
  await workbench.runCommand(titleOf(COMMANDS.showDiagram));
  const frame = await webviewFrame(page, EXTENSION_ID, '.diagram main[data-state="result"]', 60_000);
  await frame.locator('.frame[data-drawn="true"] g.node').first().waitFor();
  const numbers = async (selector: string) =>
    (await frame.locator(selector).allInnerTexts()).map((each) => Number(each.replaceAll(/\s/g, '')));
  const [total] = await numbers('tfoot .number');
  const counts = await numbers('tbody .number');
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total);
  expect(total).toBeGreaterThan(1000);
  expect(await frame.locator('.holder g.node').count()).toBeGreaterThan(3);
  expect(await policyOf(frame)).not.toContain('unsafe');
  await workbench.inEveryTheme('diagram', () =>
    until('the drawing in this theme', async () => (await frame.locator('.holder svg').count()) === 1),
  );
  // Neither view asked for anything that the policy refuses.
  expect(workbench.errors.filter((each) => /Content Security Policy/i.test(each))).toEqual([]);
});
