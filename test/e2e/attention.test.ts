// Attention in the real VS Code: opened on an annotated text, a head clicked, and the cursor's token followed both ways.
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Frame, Page } from 'playwright-core';
import { COMMANDS, EXTENSION_ID } from '../../src/host/ids';
import { drawnRanges, goTo } from './driver/editor';
import { until } from './driver/until';
import { policyOf, webviewFrame } from './driver/webviews';
import type { Workbench } from './driver/workbench';
import { coloursAt, expectedColours, expectSame } from '../views/mapColours';
import { openSession, titleOf, type Session } from './session';

const NOTE = 'notes/water.md';

let session: Session;
let workbench: Workbench;
let page: Page;

beforeAll(async () => {
  session = await openSession(inject('workbenchUrl'));
  ({ workbench } = session);
  ({ page } = workbench);
}, 120_000);
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.screenshot(`failed ${task.name}`.replaceAll(/\W+/g, '-'));
});
afterAll(async () => {
  await workbench.runCommand('View: Close All Editors');
  await session.close();
});

interface CopiedMap {
  readonly map: string;
  readonly rows: ReadonlyArray<{ readonly weights: ReadonlyArray<number | null> }>;
}

/** Sides of a cell in a map too long to be seen whole, and where the cells begin, in a wide and a narrow panel. */
const [CELL, LEFT, TOP, NARROW_TOP] = [17, 72, 66, 18];

const view = (): Promise<Frame> => webviewFrame(page, EXTENSION_ID, 'main.attention');
const rows = (frame: Frame) => frame.locator('.frame[role="slider"]');
const sentence = async (): Promise<string> => (await rows(await view()).getAttribute('aria-valuetext')) ?? '';

const outlined = (): Promise<number> =>
  page.evaluate(
    () =>
      [...document.querySelectorAll('.monaco-editor .view-overlays .cdr')].filter(
        (each) => getComputedStyle(each).outlineStyle === 'solid',
      ).length,
  );

/** Where the canvas draws these cells of [row, column], in CSS pixels, as it is scrolled now. */
async function placesOf(
  frame: Frame,
  cells: ReadonlyArray<readonly [number, number]>,
): Promise<Array<readonly [number, number]>> {
  const narrow = (await frame.locator('main.narrow').count()) > 0;
  const { x, y } = await frame
    .locator('.frame')
    .evaluate(({ scrollLeft, scrollTop }) => ({ x: scrollLeft, y: scrollTop }));
  return cells.map(([row, column]) => [
    LEFT + (column + 0.4) * CELL - x,
    (narrow ? NARROW_TOP : TOP) + (row + 0.5) * CELL - y,
  ]);
}

describe('attention', () => {
  it('opens beside an annotated text', { timeout: 120_000 }, async () => {
    await workbench.openFile(NOTE);
    await workbench.runCommand(titleOf(COMMANDS.annotateWith));
    // With one run in the workspace there is nothing to pick.
    await Promise.race([
      workbench.pick('almanac').catch(() => undefined),
      until('the annotations', async () => (await drawnRanges(page)).length > 0),
    ]);
    await until('the annotations', async () => (await drawnRanges(page)).length > 0);
    await goTo(page, 1, 3);
    await workbench.runCommand(titleOf(COMMANDS.showAttention));
    const frame = await view();
    await frame.locator('.small canvas').waitFor();
    expect(await frame.locator('h1').textContent()).toBe('Who looks at whom?');
    expect(await policyOf(frame)).not.toContain('unsafe');
    expect(await frame.locator('.ar-sub').textContent()).toMatch(
      /water\.md.*layers? × .*window of tokens 1 to/,
    );
  });

  it('follows the cursor from row to row', { timeout: 60_000 }, async () => {
    for (const column of [3, 7]) {
      await goTo(page, 1, column);
      // The almanac's tokens are bytes, and this line is ASCII: column and token agree.
      await until(`row of token ${column}`, async () =>
        (await sentence()).startsWith(`Token ${column} `) ? true : undefined,
      );
    }
  });

  it('shows another head when it is clicked', { timeout: 60_000 }, async () => {
    const frame = await view();
    const before = await sentence();
    const small = frame.locator('.small');
    await small.focus();
    await small.press('ArrowRight');
    await until('the second head', async () =>
      (await frame.locator('.full h2').textContent()) === 'Layer 1, head 2' ? true : undefined,
    );
    expect(await sentence()).not.toBe(before);
    await frame.locator('.small canvas').click({ position: { x: 40, y: 30 } });
    await until('the first head', async () =>
      (await frame.locator('.full h2').textContent()) === 'Layer 1, head 1' ? true : undefined,
    );
    expect(await sentence()).toBe(before);
  });

  it('outlines a row’s token in the editor', { timeout: 60_000 }, async () => {
    const frame = await view();
    await rows(frame).focus();
    await rows(frame).press('ArrowUp');
    await until('the row above', async () => ((await sentence()).startsWith('Token 6 ') ? true : undefined));
    await until('the outline', async () => ((await outlined()) > 0 ? true : undefined));
  });

  it('outlines the tokens of a cell that is pointed at', { timeout: 60_000 }, async () => {
    const frame = await view();
    const before = await outlined();
    const [x, y] = (await placesOf(frame, [[8, 2]]))[0] ?? [0, 0];
    await frame.locator('.frame canvas').hover({ position: { x, y } });
    await until('the outlines', async () => (await outlined()) > before);
    await frame.locator('h1').hover();
    await until('no outlines', async () => (await outlined()) === before);
  });

  it('draws what it copies', { timeout: 60_000 }, async () => {
    const frame = await view();
    await frame.getByRole('button', { name: 'Copy as data' }).click();
    await frame.getByRole('menuitem', { name: 'Copy the map as JSON' }).click();
    await workbench.page.locator('.monaco-editor').first().click(); // a clipboard is read by who has the focus
    const map = await until('the copied map', async () => {
      const text = await page.evaluate(() => navigator.clipboard.readText()).catch(() => '');
      return text.includes('"weights"') ? (JSON.parse(text) as CopiedMap) : undefined;
    });
    expect(map.map).toBe(await frame.locator('.full h2').textContent());
    const cells = [1, 4, 7, 10, 13].flatMap((row) => [0, 2, 5, 8].map((column) => [row, column] as const));
    const weights = cells.map(([row, column]) => map.rows[row]?.weights[column] ?? NaN);
    expect(weights.some(Number.isNaN) && new Set(weights).size > 10).toBe(true);
    expectSame(
      await coloursAt(frame, '.frame', await placesOf(frame, cells)),
      await expectedColours(frame, weights),
    );
  });

  it('shows rollout, named as such, in the four themes', { timeout: 120_000 }, async () => {
    const frame = await view();
    await frame.getByLabel('Rollout').check();
    await until('a rollout', async () =>
      /^Rollout/.test((await frame.locator('.full h2').textContent()) ?? '') ? true : undefined,
    );
    await frame.getByLabel('Heads', { exact: true }).check();
    await workbench.inEveryTheme('attention');
  });
});
