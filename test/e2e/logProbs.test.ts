// The Log-probs panel in a real VS Code: its ledger says what `ar-lens score` says, its passages lead into the editor,
// the editor's cursor stands in the strip, and it comes back after a reload.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { COMMANDS, EXTENSION_ID } from '../../src/host/ids';
import { goTo } from './driver/editor';
import { until } from './driver/until';
import { webviewFrame } from './driver/webviews';
import type { Workbench } from './driver/workbench';
import { bitsOf, scoreOf } from './reference';
import { openSession, titleOf, type Session } from './session';

const NOTE = 'notes/water.md';
const RUN = '.arlens/runs/almanac/example';
const RESULT = '.logProbs main[data-state="result"]';

let session: Session;
let workbench: Workbench;
let page: Page;
let text: string;

beforeAll(async () => {
  text = await readFile(path.join(inject('workspace'), NOTE), 'utf8');
  session = await openSession(inject('workbenchUrl'));
  ({ workbench } = session);
  ({ page } = workbench);
}, 120_000);
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.screenshot(`failed log-probs ${task.name}`.replaceAll(/\W+/g, '-'));
});
afterAll(async () => {
  await workbench.runCommand('View: Close All Editors');
  await session.close();
});

const panel = (): Promise<Frame> => webviewFrame(page, EXTENSION_ID, RESULT, 60_000);
const figures = (frame: Frame): Promise<Record<string, number>> =>
  frame
    .locator('.ledger li')
    .evaluateAll((rows) =>
      Object.fromEntries(
        rows.map((row) => [
          row.getAttribute('data-row') ?? '',
          Number(row.querySelector('[data-figure]')?.getAttribute('data-figure')),
        ]),
      ),
    );
const strip = (frame: Frame) => frame.getByRole('slider', { name: /Tokens of the file/ });

it('says in its ledger what the command line says', { timeout: 120_000 }, async () => {
  await workbench.openFile(NOTE);
  await workbench.runCommand(titleOf(COMMANDS.showLogProbs));
  // Asked only where other tests of the suite have trained a second model.
  const asked = page.locator('.quick-input-widget:visible', { hasText: 'Annotate with which model?' });
  const frame = panel();
  await Promise.race([
    frame,
    asked.waitFor({ timeout: 60_000 }).then(
      () => workbench.pick('almanac'),
      () => undefined,
    ),
  ]);
  const shown = await figures(await frame);
  const score = await scoreOf(text, path.join(inject('workspace'), RUN));
  const bits = score.elements.reduce((sum, element) => sum + (bitsOf(element) || 0), 0);
  expect(shown['perByte']).toBeCloseTo(score.bitsPerByte, 6);
  expect(shown['perplexity']).toBeCloseTo(score.perplexity, 6);
  expect(shown['nats']).toBeCloseTo(score.nll, 5);
  expect(shown['bits']).toBeCloseTo(bits, 3);
  expect(shown['perToken']).toBeCloseTo(bits / score.scored, 6);
  expect(shown['perCharacter']).toBeCloseTo(bits / [...text].length, 6);
});

it('leads from a passage into the editor', { timeout: 60_000 }, async () => {
  const frame = await panel();
  const passage = frame.getByRole('region', { name: 'Least likely passages' }).getByRole('button').first();
  await passage.click();
  await workbench
    .statusBar(/\(\d+ selected\)/)
    .first()
    .waitFor();
  await workbench.screenshot('log-probs.dark-modern');
});

it('marks the editor’s cursor, and follows keys back into it', { timeout: 60_000 }, async () => {
  const frame = await panel();
  const picture = () => strip(frame).evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const before = await picture();
  await page.locator('.monaco-editor').first().click();
  await goTo(page, 3, 1);
  await until('the cursor in the strip', async () => (await picture()) !== before);
  await strip(frame).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await workbench
    .statusBar(/Ln 1, Col 2 \(1 selected\)/)
    .first()
    .waitFor();
});

it('comes back after a reload with what it showed', { timeout: 120_000 }, async () => {
  const before = await panel();
  await before.getByLabel('paragraph', { exact: true }).check();
  const shown = await figures(before);
  // In a browser VS Code writes what it keeps every five seconds, and shows nobody when.
  await new Promise((resolve) => setTimeout(resolve, 8000));
  await page.reload();
  const after = await panel();
  expect(await figures(after)).toEqual(shown);
  expect(await after.getByLabel('paragraph', { exact: true }).isChecked()).toBe(true);
});
